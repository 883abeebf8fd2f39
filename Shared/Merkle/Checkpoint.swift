import Crypto

/// What a log commits to: its first so many leaves have this root (C2SP tlog-checkpoint).
public struct Checkpoint: Hashable, Sendable {
  public var origin: String
  public var size: UInt64
  public var root: SHA256Digest

  public init(origin: String, size: UInt64, root: SHA256Digest) {
    self.origin = origin
    self.size = size
    self.root = root
  }

  public var text: String { "\(origin)\n\(size)\n\(Base64.encode(root.bytes))\n" }

  public init(text: String) throws(NoteError) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    // Extension lines would be signed words that nothing here gives a meaning.
    guard lines.count == 4, lines[3].isEmpty, !lines[0].isEmpty else { throw .malformed("has three lines") }
    guard let size = UInt64(lines[1]), String(size) == lines[1] else { throw .malformed("names its size in decimal") }
    guard let root = Base64.decode(String(lines[2])).flatMap({ SHA256Digest(bytes: $0) }) else {
      throw .malformed("names its root in base 64")
    }
    self.init(origin: String(lines[0]), size: size, root: root)
  }

  /// The signed note, whose key bears the name of the log.
  public func signed(with key: Ed25519PrivateKey) -> SignedNote {
    SignedNote(text: text, signatures: [NoteSignature(of: text, name: origin, key: key)])
  }

  /// - Returns: what the note says, if the log of that name signed it with one of the keys.
  public static func open(_ note: SignedNote, origin: String, keys: [Ed25519PublicKey]) throws(NoteError) -> Checkpoint
  {
    try note.requireSignature(name: origin, keys: keys)
    let checkpoint = try Checkpoint(text: note.text)
    guard checkpoint.origin == origin else { throw .otherLog(checkpoint.origin) }
    return checkpoint
  }
}
