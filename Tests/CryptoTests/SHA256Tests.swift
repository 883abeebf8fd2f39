import Crypto
import Glibc
import Testing

@Suite("SHA-256")
struct SHA256Tests {
  /// FIPS 180-4 examples.
  @Test(
    "gives the published hashes",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func knownAnswers(text: String, hex: String) {
    #expect(SHA256.hash(Array(text.utf8)).hex == hex)
    #expect(SHA256.hash(text).hex == hex)
  }

  @Test("hashes a million letters a")
  func millionLetters() {
    let hash = SHA256.hash([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
    #expect(hash.hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("of chunks is that of the joined bytes")
  func chunks() {
    let chunks: [[UInt8]] = [[1, 2, 3], [], [4], Array(5...200)]
    #expect(SHA256.hash(chunks: chunks) == SHA256.hash(Array(chunks.joined())))
  }

  @Test("survives the trip through bytes and text, and refuses other lengths")
  func roundTrip() {
    let digest = SHA256.hash("pabean")
    #expect(SHA256Digest(bytes: digest.bytes) == digest)
    #expect(SHA256Digest(hex: digest.hex) == digest)
    #expect(SHA256Digest(bytes: [1, 2]) == nil)
    #expect(SHA256Digest(hex: String(digest.hex.dropLast())) == nil)
    #expect(SHA256Digest(hex: digest.hex.replacing("a", with: "g")) == nil)
  }

  @Test("digests sort as their bytes do")
  func order() {
    let digests = (0..<50).map { SHA256.hash([UInt8($0)]) }
    #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
  }

  @Test("costs little more than the hash itself for a small message")
  func speed() {
    let message = [UInt8](repeating: 7, count: 64)
    let count = 5000
    var sink = SHA256.hash(message)
    // The thread's own time: the machine may be busy with other things.
    let batches = (0..<5).map { _ in
      let start = threadNanoseconds()
      for _ in 0..<count { sink = max(sink, SHA256.hash(message)) }
      return (threadNanoseconds() - start) / count
    }
    // About 220 with optimization, measured in November 2026; the bound leaves room for debug builds.
    #expect(batches.min()! < 10_000)
  }
}

private func threadNanoseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}
