import Crypto
import Domain
import JSON
import Merkle
import Postgres

/// The append-only record of every state change, written in the transaction of the change.
public enum AuditLog {
  public struct Entry: Sendable {
    public var subject: UniqueID
    public var kind: String
    public var actor: Actor
    public var at: Instant
    public var data: JSONValue

    public init(subject: UniqueID, kind: String, actor: Actor, at: Instant, data: JSONValue = [:]) {
      self.subject = subject
      self.kind = kind
      self.actor = actor
      self.at = at
      self.data = data
    }

    /// What is hashed. The tenant is part of it, so that a row cannot be moved from one tenant's log to another's.
    func canonicalText(_ tenant: TenantID) -> String {
      let json: JSONValue = [
        "tenant": tenant.json, "subject": .string(subject.description), "kind": .string(kind), "actor": actor.json,
        "at": at.json, "data": data,
      ]
      return String(decoding: json.canonicalBytes, as: UTF8.self)
    }
  }

  /// The name of a tenant's log, in its checkpoints.
  public static func origin(of tenant: TenantID, in environment: Domain.Environment) -> String {
    "pabean/\(environment.rawValue)/\(tenant)"
  }

  /// How the canonical text of an entry ends: `subject` and `tenant` are the last of its members.
  public static func canonicalEnding(subject: UniqueID, tenant: TenantID) -> String {
    ",\"subject\":\"\(subject)\",\"tenant\":\"\(tenant)\"}"
  }

  public static func append(_ entries: [Entry], of tenant: TenantID, _ tx: borrowing Transaction) throws {
    guard !entries.isEmpty else { return }
    let contents = entries.map { $0.canonicalText(tenant) }
    try tx.executeLater(
      """
      INSERT INTO audit_entry (subject_id, content, leaf_hash)
      SELECT subject, content, hash FROM unnest($1::uuid[], $2::text[], $3::bytea[])
        WITH ORDINALITY AS e (subject, content, hash, position) ORDER BY position
      """, entries.map(\.subject), contents, contents.map { MerkleHash.leaf($0).bytes })
    try UntoldNews.append(entries, tx)
  }

  /// A subject's history, oldest first, as the canonical text of each entry.
  public static func history(of subject: UniqueID, _ tx: borrowing Transaction) throws -> [(
    seq: Int64, content: String
  )] {
    let rows = try tx.query("SELECT seq, content FROM audit_entry WHERE subject_id = $1 ORDER BY xid, seq", subject)
    return try rows.map(Int64.self, String.self) { ($0, $1) }
  }
}
