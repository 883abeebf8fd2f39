import Crypto
import Domain
import JSON
import Merkle
import Store

/// Entries of a tenant's log with what proves them, to be checked without the database.
///
/// Of one subject it has that subject's entries, each with its inclusion proof. Of no subject it has the whole log, whose
/// root can be recomputed, so that no entry needs a proof and none can be left out.
public struct AuditExport: Sendable {
  public static let format = "pabean-audit-export/1"

  public struct Entry: Sendable {
    public var index: UInt64
    /// The canonical text that was hashed.
    public var content: String
    public var proof: [SHA256Digest]?
  }

  public var tenant: TenantID
  public var environment: Domain.Environment
  public var subject: UniqueID?
  /// The signed note.
  public var checkpoint: String
  public var publicKey: Ed25519PublicKey
  /// Entries that were too new to be in it.
  public var unsealedCount: Int
  public var entries: [Entry]

  /// The document up to its entries, so that a long one can be written entry by entry.
  var heading: String {
    var object = JSONObject([
      ("format", .string(AuditExport.format)), ("tenant", tenant.json), ("environment", .string(environment.rawValue)),
    ])
    object.set("subject", subject.map { .string($0.description) })
    object["checkpoint"] = .string(checkpoint)
    object["publicKey"] = .string(publicKey.pem)
    object["unsealed"] = .integer(Int64(unsealedCount))
    return String(JSONValue.object(object).text.dropLast()) + ",\"entries\":[\n"
  }

  static let ending = "\n]}\n"
}

extension AuditExport.Entry: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    index = try json.required("index").decode("a leaf's place") { $0.integerValue.flatMap { UInt64(exactly: $0) } }
    content = try json.string("content")
    proof = try json.optional("proof")?.elements().map { element throws(JSONError) in
      try element.decode("a hash in base 64") {
        $0.stringValue.flatMap { Base64.decode($0) }.flatMap { SHA256Digest(bytes: $0) }
      }
    }
  }

  public var json: JSONValue {
    var object = JSONObject([("index", .integer(Int64(index))), ("content", .string(content))])
    object.set("proof", proof.map { .array($0.map { .string(Base64.encode($0.bytes)) }) })
    return .object(object)
  }
}

extension AuditExport {
  public init(json: JSONCursor) throws(JSONError) {
    guard try json.string("format") == AuditExport.format else {
      throw try json.required("format").failure("must be \(AuditExport.format)")
    }
    tenant = try json.decode(TenantID.self, "tenant")
    environment = try json.required("environment").decode("live or sandbox") {
      $0.stringValue.flatMap { Domain.Environment(rawValue: $0) }
    }
    subject = try json.optional("subject")?.decode("a UUID") { $0.stringValue.flatMap { UniqueID($0) } }
    checkpoint = try json.string("checkpoint")
    publicKey = try json.required("publicKey").decode("a public key in PEM") {
      $0.stringValue.flatMap { try? Ed25519PublicKey(pem: $0) }
    }
    unsealedCount = Int(clamping: try json.integer("unsealed"))
    entries = try json.list(Entry.self, "entries")
  }

  public static func read(_ path: String) throws -> AuditExport {
    try AuditExport(json: JSONCursor(try JSONParser.parse(try AuditFile.bytes(path))))
  }
}
