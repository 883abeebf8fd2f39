import Crypto
import Merkle
import Testing

@Suite("Checkpoints as signed notes")
struct CheckpointTests {
  private static let key = Ed25519PrivateKey.generate()
  private static let checkpoint = Checkpoint(origin: "pabean/live/acme", size: 42, root: MerkleHash.leaf("x"))

  @Test("a checkpoint has the three lines of the specification")
  func text() {
    let lines = Self.checkpoint.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines == ["pabean/live/acme", "42", Substring(Base64.encode(MerkleHash.leaf("x").bytes)), ""])
  }

  @Test("what was signed can be opened with the key, and is what was signed")
  func roundTrip() throws {
    let note = Self.checkpoint.signed(with: Self.key).description
    let opened = try Checkpoint.open(
      SignedNote(parsing: note), origin: "pabean/live/acme", keys: [Self.key.publicKey])
    #expect(opened == Self.checkpoint)
  }

  @Test("a checkpoint of another log or by another key is not believed")
  func strangers() throws {
    let note = Self.checkpoint.signed(with: Self.key)
    let stranger = Ed25519PrivateKey.generate().publicKey
    #expect(throws: NoteError.self) { try Checkpoint.open(note, origin: "pabean/live/acme", keys: [stranger]) }
    #expect(throws: NoteError.self) {
      try Checkpoint.open(note, origin: "pabean/live/other", keys: [Self.key.publicKey])
    }
    #expect(try Checkpoint.open(note, origin: "pabean/live/acme", keys: [stranger, Self.key.publicKey]).size == 42)
  }

  @Test("a changed size is an invalid signature")
  func tampered() throws {
    var note = Self.checkpoint.signed(with: Self.key)
    note.text = Checkpoint(origin: "pabean/live/acme", size: 41, root: Self.checkpoint.root).text
    #expect(throws: NoteError.invalidSignature) {
      try Checkpoint.open(note, origin: "pabean/live/acme", keys: [Self.key.publicKey])
    }
  }

  /// From the documentation of golang.org/x/mod/sumdb/note.
  @Test("a note that another implementation signed is verified")
  func foreignNote() throws {
    let note = """
      If you think cryptography is the answer to your problem,
      then you don't know what your problem is.

      — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

      """
    let raw = try #require(Base64.decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"))
    let key = try Ed25519PublicKey(rawBytes: Array(raw.dropFirst()))
    try SignedNote(parsing: note).requireSignature(name: "PeterNeumann", keys: [key])
    #expect(try SignedNote(parsing: note).description == note)
  }

  @Test(
    "what is not a note is refused",
    arguments: [
      "", "\n", "text\n", "text\n\n", "text\n\n— name\n", "text\n\n- name AAAAAAAA\n", "text\n\n— name AAAA\n",
      "text\n\n— name AAAAAAAA", "te\rxt\n\n— name AAAAAAAA\n", "\n— name AAAAAAAA\n", "text\n\n— na me AAAAAAAA\n",
    ])
  func malformed(_ note: String) {
    #expect(throws: NoteError.self) { try SignedNote(parsing: note) }
  }

  @Test(
    "what is not a checkpoint is refused",
    arguments: [
      "", "a\n1\n", "a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "a\n1\nAAAA\n",
      "a\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
      "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
      "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nextension\n",
    ])
  func malformedCheckpoint(_ text: String) {
    #expect(throws: NoteError.self) { try Checkpoint(text: text) }
  }
}
