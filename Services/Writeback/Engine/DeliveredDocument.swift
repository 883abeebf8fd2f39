import Crypto
import JSON

/// A document that can be fetched, and the hash that tells whether it is the one that was issued.
public struct DeliveredDocument: Hashable, Sendable {
  public var name: String
  public var sha256: SHA256Digest
  public var link: String

  public init(name: String, sha256: SHA256Digest, link: String) {
    self.name = name
    self.sha256 = sha256
    self.link = link
  }
}

extension DeliveredDocument {
  var json: JSONValue { ["name": .string(name), "sha256": .string(sha256.hex), "link": .string(link)] }
}
