import Domain
import Postgres
import Store
import TestSupport
import Testing

@testable import Maintenance

@Suite("Who may do what to the audit log", .timeLimit(.minutes(3)))
struct GrantTests {
  private static let roles = [
    "pabean_ingest", "pabean_classifier", "pabean_compliance_screening", "pabean_document_generation",
    "pabean_writeback", "pabean_review_desk", "pabean_maintenance", "pabean_operator",
  ]

  private static let changes: [SQL] = [
    "UPDATE audit_entry SET content = ''", "DELETE FROM audit_entry", "TRUNCATE audit_entry",
    "UPDATE audit_leaf SET leaf_hash = ''", "DELETE FROM audit_leaf", "TRUNCATE audit_leaf",
    "UPDATE audit_checkpoint SET note = ''", "DELETE FROM audit_checkpoint", "TRUNCATE audit_checkpoint",
  ]

  @Test("no service can change or delete audit rows", .database(from: Installation.template), arguments: roles)
  func services(_ role: String) async throws {
    try await AuditFixture.open { audit in
      try await audit.append(0..<1)
      try await audit.seal()
      let pool = AuditFixture.pool(try TestDatabase.required().url, role: role)
      for change in Self.changes {
        let kind = try await refusal(of: change, by: pool)
        #expect(kind == .insufficientPrivilege, "\(role)")
      }
      await pool.close()
    }
  }

  @Test(
    "the triggers refuse even the owner, and a superuser who does not switch them off",
    .database(from: Installation.template))
  func owner() async throws {
    try await AuditFixture.open { audit in
      try await audit.append(0..<1)
      try await audit.seal()
      for change in Self.changes {
        let kind = try await refusal(of: change, by: audit.superuser)
        #expect(kind == .insufficientPrivilege)
      }
      #expect(try await audit.faults() == [])
      #expect(try await audit.verify().entryCount == 1)
    }
  }

  @Test(
    "services append entries and nothing more; only maintenance seals", .database(from: Installation.template),
    arguments: roles.filter { $0 != "pabean_maintenance" })
  func sealing(_ role: String) async throws {
    let pool = AuditFixture.pool(try TestDatabase.required().url, role: role)
    let leaf: SQL = "INSERT INTO audit_leaf (leaf_index, seq, xid, leaf_hash) VALUES (0, 1, '1', sha256('x'))"
    let seal: SQL = """
      INSERT INTO audit_checkpoint (tree_size, root_hash, subtrees, note, public_key, sealed_at)
      VALUES (1, sha256('x'), '', '', sha256('x'), now())
      """
    #expect(try await refusal(of: leaf, by: pool) == .insufficientPrivilege)
    #expect(try await refusal(of: seal, by: pool) == .insufficientPrivilege)
    await pool.close()
  }

  @Test("maintenance does its work and can read no content", .database(from: Installation.template))
  func maintenanceRights() async throws {
    try await AuditFixture.open { audit in
      let forbidden: [SQL] = [
        "SELECT content FROM audit_entry",
        "INSERT INTO audit_entry (subject_id, content, leaf_hash) VALUES (NULL, '', '')",
        "SELECT sku FROM customs_case", "UPDATE customs_case SET state = 'decided'", "SELECT payload FROM delivery",
        "SELECT content FROM product_revision", "SELECT secrets FROM destination", "SELECT hash FROM api_key",
        "UPDATE outbox SET payload = ''", "INSERT INTO outbox DEFAULT VALUES", "UPDATE parked_message SET reason = ''",
        "DELETE FROM parked_message", "INSERT INTO decision DEFAULT VALUES",
      ]
      for statement in forbidden {
        let kind = try await refusal(of: statement, by: audit.maintenance)
        #expect(kind == .insufficientPrivilege)
      }
    }
  }

  @Test("a tenant's service sees and seals no entry of another tenant", .database(from: Installation.template))
  func tenants() async throws {
    try await AuditFixture.open { audit in
      try await audit.append(0..<2)
      try await audit.append(2..<3, of: audit.other)
      let seen = try await audit.maintenance.transaction(as: audit.other, readOnly: true) { tx in
        try tx.query("SELECT count(leaf_hash) FROM audit_entry").decode(row: 0, as: Int64.self)
      }
      #expect(seen == 1)
    }
  }

  private func refusal(of statement: SQL, by pool: PostgresPool) async throws -> PostgresError.Kind? {
    do {
      try await pool.transaction(as: Installation.tenant) { tx in _ = try tx.execute(dynamic: statement) }
      return nil
    } catch let error as PostgresError {
      return error.kind
    }
  }
}
