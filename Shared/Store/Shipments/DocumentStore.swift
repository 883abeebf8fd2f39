import Domain
import Postgres

public struct StoredDocument: Sendable {
  public var id: DocumentID
  public var subject: UniqueID
  public var kind: String
  public var name: String
  public var mediaType: String
  public var sha256: [UInt8]
  public var bytes: [UInt8]

  public init(
    id: DocumentID, subject: UniqueID, kind: String, name: String, mediaType: String, sha256: [UInt8], bytes: [UInt8]
  ) {
    self.id = id
    self.subject = subject
    self.kind = kind
    self.name = name
    self.mediaType = mediaType
    self.sha256 = sha256
    self.bytes = bytes
  }
}

/// Issued documents. A document is never changed; a later one stands beside it.
public enum DocumentStore {
  public static func insert(_ documents: [StoredDocument], at now: Instant, _ tx: borrowing Transaction) throws {
    guard !documents.isEmpty else { return }
    try tx.executeLater(
      """
      INSERT INTO document (id, subject_id, kind, name, media_type, sha256, bytes, created_at)
      SELECT id, subject, kind, name, type, hash, bytes, $1
      FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::bytea[])
        AS d (id, subject, kind, name, type, hash, bytes)
      ON CONFLICT (id) DO NOTHING
      """, now, documents.map(\.id), documents.map(\.subject), documents.map(\.kind), documents.map(\.name),
      documents.map(\.mediaType), documents.map(\.sha256), documents.map(\.bytes))
  }

  /// Without their bytes.
  public static func list(of subjects: [UniqueID], _ tx: borrowing Transaction) throws -> [UniqueID: [StoredDocument]] {
    let rows = try tx.query(
      """
      SELECT id, subject_id, kind, name, media_type, sha256, ''::bytea FROM document WHERE subject_id = ANY ($1)
      ORDER BY created_at, name
      """, subjects)
    return Dictionary(grouping: try decode(rows), by: \.subject)
  }

  public static func find(_ id: DocumentID, _ tx: borrowing Transaction) throws -> StoredDocument? {
    let rows = try tx.query(
      "SELECT id, subject_id, kind, name, media_type, sha256, bytes FROM document WHERE id = $1", id)
    return try decode(rows).first
  }

  private static func decode(_ rows: borrowing Rows) throws -> [StoredDocument] {
    try rows.map(
      DocumentID.self, UniqueID.self, String.self, String.self, String.self, [UInt8].self, [UInt8].self
    ) { StoredDocument(id: $0, subject: $1, kind: $2, name: $3, mediaType: $4, sha256: $5, bytes: $6) }
  }
}
