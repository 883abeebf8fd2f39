import Crypto

/// Text with signatures below it (C2SP signed-note).
public struct SignedNote: Hashable, Sendable {
  /// Ends with a line feed.
  public var text: String
  public var signatures: [NoteSignature]

  private static let bytesMax = 1 << 20

  public init(text: String, signatures: [NoteSignature]) {
    self.text = text
    self.signatures = signatures
  }

  public init(parsing note: String) throws(NoteError) {
    let bytes = Array(note.utf8)
    guard bytes.count <= SignedNote.bytesMax else { throw .malformed("is no longer than 1 MiB") }
    guard !bytes.contains(where: { $0 < 0x20 && $0 != 0x0A }) else { throw .malformed("has no control characters") }
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard let last = lines.last, last.isEmpty else { throw .malformed("ends with a line feed") }
    guard let blank = lines.dropLast().lastIndex(where: \.isEmpty), blank > 0 else {
      throw .malformed("has an empty line before its signatures")
    }
    text = lines[..<blank].map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
    var signatures: [NoteSignature] = []
    for line in lines[(blank + 1)...].dropLast() {
      signatures.append(try NoteSignature(line: String(decoding: line, as: UTF8.self)))
    }
    guard !signatures.isEmpty else { throw .malformed("is signed") }
    self.signatures = signatures
  }

  /// At least one of the keys has signed, and no signature that says it is by one of them is wrong.
  public func requireSignature(name: String, keys: [Ed25519PublicKey]) throws(NoteError) {
    var isSigned = false
    for key in keys {
      let id = NoteSignature.keyID(name: name, key: key)
      for signature in signatures where signature.name == name && signature.keyID == id {
        guard key.verify(signature.bytes, for: Array(text.utf8)) else { throw .invalidSignature }
        isSigned = true
      }
    }
    guard isSigned else { throw .unknownKey(signatures.map { "\($0.name)+\(Hex.encode($0.keyID))" }) }
  }
}

extension SignedNote: CustomStringConvertible {
  public var description: String { text + "\n" + signatures.map(\.line).joined() }
}

public struct NoteSignature: Hashable, Sendable {
  public var name: String
  public var keyID: [UInt8]
  public var bytes: [UInt8]

  private static let ed25519: UInt8 = 1

  init(of text: String, name: String, key: Ed25519PrivateKey) {
    self.name = name
    keyID = NoteSignature.keyID(name: name, key: key.publicKey)
    bytes = key.sign(Array(text.utf8))
  }

  init(line: String) throws(NoteError) {
    let parts = line.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "—", !parts[1].isEmpty, let value = Base64.decode(String(parts[2])),
      value.count > 4
    else { throw .malformed("has signatures of the form ‘— name base64’") }
    name = String(parts[1])
    keyID = Array(value.prefix(4))
    bytes = Array(value.dropFirst(4))
  }

  var line: String { "— \(name) \(Base64.encode(keyID + bytes))\n" }

  static func keyID(name: String, key: Ed25519PublicKey) -> [UInt8] {
    Array(SHA256.hash(chunks: [Array(name.utf8), [0x0A, ed25519], key.rawBytes]).bytes.prefix(4))
  }
}

/// Why a note is not to be believed.
public enum NoteError: Error, Hashable, Sendable, CustomStringConvertible {
  case malformed(String)
  case invalidSignature
  case unknownKey([String])
  case otherLog(String)

  public var description: String {
    switch self {
    case .malformed(let rule): "it is not a signed note, which \(rule)"
    case .invalidSignature: "its signature is not right"
    case .unknownKey(let keys): "it is signed by \(keys.joined(separator: ", ")) and by no key that is trusted"
    case .otherLog(let origin): "it is of the log \(origin)"
    }
  }
}
