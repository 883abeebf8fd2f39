import Testing

@testable import HTTP

@Suite("The request parser under random input")
struct RequestParserFuzzTests {
  /// xorshift64*, so that a failing seed fails again.
  private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }
    mutating func next() -> UInt64 {
      state ^= state >> 12
      state ^= state << 25
      state ^= state >> 27
      return state &* 0x2545_f491_4f6c_dd1d
    }
  }

  private static let fragments = [
    "GET", "POST", " ", "  ", "/", "/a", "*", " HTTP/1.1", " HTTP/1.0", "\r\n", "\r\n\r\n", "\n", "\r", "\0", "\t", ":",
    "Host: a\r\n", "Host:", "Content-Length: 5\r\n", "Content-Length: 6\r\n", "Content-Length : 5\r\n",
    "Content-Length:", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: identity\r\n",
    "transfer-encoding:chunked\r\n",
    "5", "0", "a", "ffffffff", "hello", "5\r\nhello\r\n", "0\r\n\r\n", ";ext", "X: y\r\n", " folded\r\n", "%", "%00",
    "%2e",
    "\u{e9}", "Connection: close\r\n", "Expect: 100-continue\r\n",
  ]

  private func message(_ random: inout SeededGenerator) -> [UInt8] {
    let whole = [
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
      "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ]
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 1...3, using: &random) { bytes += Array(whole.randomElement(using: &random)!.utf8) }
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let position = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes.insert(contentsOf: Array(Self.fragments.randomElement(using: &random)!.utf8), at: position)
      case 1 where position < bytes.count: bytes[position] = UInt8.random(in: 0...255, using: &random)
      case 2 where position < bytes.count: bytes.remove(at: position)
      default:
        let end = min(bytes.count, position + Int.random(in: 0...20, using: &random))
        bytes.append(contentsOf: bytes[position..<end])
      }
    }
    return bytes
  }

  @Test("reads the same whatever the cuts, and never both lengths", arguments: 0..<40 as Range<UInt64>)
  func cuts(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for round in 0..<150 {
      let bytes = message(&random)
      let whole = RequestParser.outcome(of: bytes, piece: bytes.count + 1)
      let pieces = RequestParser.outcome(of: bytes, piece: Int.random(in: 1...9, using: &random))
      #expect(whole == pieces, "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))")
    }
  }

  /// Every accepted head is written again in one fixed way; if it has one framing, its parts are unambiguous.
  @Test("accepts only heads that say their framing once", arguments: 0..<20 as Range<UInt64>)
  func framing(seed: UInt64) {
    var random = SeededGenerator(seed: seed &+ 1000)
    for _ in 0..<300 {
      let bytes = message(&random)
      var parser = RequestParser(headBytesMax: 16_384)
      bytes.withUnsafeBytes { parser.append($0) }
      while let event = try? parser.next() {
        guard case .head(let head) = event else { continue }
        let lengths = head.headers.all("content-length").count
        let codings = head.headers.all("transfer-encoding").count
        #expect(lengths + codings <= 1)
        #expect(head.headers.all("host").count == 1)
        #expect((head.framing == .chunked) == (codings == 1))
        #expect(head.headers.areWellFormed)
        parser.beginBody(limit: 1 << 20)
      }
    }
  }

  @Test("never crashes on noise", arguments: 0..<10 as Range<UInt64>)
  func noise(seed: UInt64) {
    var random = SeededGenerator(seed: seed &+ 2000)
    for _ in 0..<300 {
      let bytes = (0..<Int.random(in: 1...200, using: &random)).flatMap { _ in
        Bool.random(using: &random)
          ? Array(Self.fragments.randomElement(using: &random)!.utf8) : [UInt8.random(in: 0...255, using: &random)]
      }
      _ = RequestParser.outcome(of: bytes, piece: Int.random(in: 1...64, using: &random))
    }
  }
}
