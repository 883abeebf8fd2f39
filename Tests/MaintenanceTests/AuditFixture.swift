import Crypto
import Domain
import JSON
import Merkle
import Observability
import Postgres
import Store
import TestSupport

@testable import Maintenance

/// A migrated database with the tenants `acme` and `other`, seen through the roles of the services.
struct AuditFixture: Sendable {
  let acme = Installation.tenant
  let other = Installation.otherTenant
  let key: Ed25519PrivateKey
  let superuser: PostgresPool
  let ingest: PostgresPool
  let maintenance: PostgresPool
  let operatorPool: PostgresPool
  let sealer: AuditSealer

  static let log = Log(service: "test", level: .critical)
  static let now = Instant(microseconds: 1_750_000_000_000_000)

  /// Closes its connections, so that the database can be dropped.
  static func open<R>(_ body: (AuditFixture) async throws -> R) async throws -> R {
    let fixture = AuditFixture(url: try TestDatabase.required().url)
    let result: Result<R, any Error>
    do { result = .success(try await body(fixture)) } catch { result = .failure(error) }
    for pool in [fixture.superuser, fixture.ingest, fixture.maintenance, fixture.operatorPool] { await pool.close() }
    return try result.get()
  }

  private init(url: String) {
    key = Ed25519PrivateKey.generate()
    superuser = Self.pool(url, role: nil)
    ingest = Self.pool(url, role: "pabean_ingest")
    maintenance = Self.pool(url, role: "pabean_maintenance")
    operatorPool = Self.pool(url, role: "pabean_operator")
    sealer = AuditSealer(pool: maintenance, environment: .live, key: key, log: Self.log)
  }

  static func pool(_ url: String, role: String?) -> PostgresPool {
    PostgresPool(
      PostgresConfiguration(
        url: url, applicationName: "pabean-test", poolSize: 3, sessionSettings: [("app.environment", "live")],
        role: role))
  }

  static func subject(_ number: UInt64) -> UniqueID { UniqueID(high: 0xCA5E, low: number) }

  static func entries(_ numbers: Range<UInt64>) -> [AuditLog.Entry] {
    numbers.map { number in
      AuditLog.Entry(
        subject: subject(number % 10), kind: "case-opened", actor: .person("ana"), at: now,
        data: ["number": .integer(Int64(number)), "note": "\"tenant\":\"other\"} ใบ"])
    }
  }

  /// Numbers without end, in one transaction.
  func append(_ numbers: Range<UInt64>, of tenant: TenantID = Installation.tenant) async throws {
    try await ingest.transaction(as: tenant) { tx in try AuditLog.append(Self.entries(numbers), of: tenant, tx) }
  }

  /// Until everything is sealed or a log is refused. Entries wait while an older transaction runs anywhere on the server,
  /// such as another test's.
  @discardableResult
  func seal(with other: AuditSealer? = nil) async throws -> AuditSealer.Outcome {
    var total = AuditSealer.Outcome()
    return try await eventually("everything sealed") {
      let outcome = try await (other ?? sealer).sealAll()
      total.sealed += outcome.sealed
      total.refused = outcome.refused
      let unsealed = try await maintenance.transaction(readOnly: true) { tx in try AuditSeals.unsealed(tx).count }
      return unsealed == 0 || !outcome.refused.isEmpty ? total : nil
    }
  }

  func verifier(trusting keys: [Ed25519PublicKey]? = nil) -> AuditVerifier {
    AuditVerifier(pool: operatorPool, environment: .live, trusted: keys ?? [key.publicKey])
  }

  var exporter: AuditExporter { AuditExporter(pool: operatorPool, environment: .live) }

  func verify(_ tenant: TenantID = Installation.tenant, against kept: Checkpoint? = nil) async throws -> AuditReport {
    try await verifier().verify(tenant, against: kept)
  }

  func faults(_ tenant: TenantID = Installation.tenant) async throws -> [AuditFault] {
    try await verify(tenant).faults
  }

  /// As someone who owns the server would: triggers do not fire and row level security does not bind.
  func tamper(_ statements: SQL...) async throws {
    try await superuser.transaction { tx in
      try tx.executeScript("SET LOCAL session_replication_role = replica")
      for statement in statements { try tx.execute(dynamic: statement) }
    }
  }

  func count(_ sql: SQL) async throws -> Int64 {
    try await superuser.transaction(readOnly: true) { tx in
      try tx.query(dynamic: sql).decode(row: 0, as: Int64.self)
    }
  }

  /// The row that a leaf stands for.
  func seq(of leaf: Int64, _ tenant: TenantID = Installation.tenant) async throws -> Int64 {
    try await count("SELECT seq FROM audit_leaf WHERE tenant = \(tenant.slug) AND leaf_index = \(leaf)")
  }
}
