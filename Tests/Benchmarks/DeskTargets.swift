import Domain
import Postgres
import Store

/// What a tenant's reviewers look at.
struct DeskTargets: Sendable {
  struct Tenant: Sendable {
    var cases: [CaseID] = []
    var skus: [String] = []
    var shipments: [UniqueID] = []
    /// Where pages deep in the queue begin.
    var cursors: [String] = []
  }

  var tenants: [TenantID: Tenant] = [:]

  static func find(of tenants: [TenantID], _ pool: PostgresPool) async throws -> DeskTargets {
    var targets = DeskTargets()
    for tenant in tenants {
      targets.tenants[tenant] = try await pool.transaction(as: tenant, readOnly: true) { tx in
        try Tenant(tenant, tx)
      }
    }
    return targets
  }
}

extension DeskTargets.Tenant {
  fileprivate init(_ tenant: TenantID, _ tx: borrowing Transaction) throws {
    // Ids are as good as random: those after a random one are anywhere in time.
    let waiting = try tx.query(
      "SELECT case_id, urgent_at, sku FROM review_task WHERE tenant = $1 ORDER BY case_id LIMIT 400", tenant
    ).map(CaseID.self, Instant.self, String.self) { (id: $0, urgentAt: $1, sku: $2) }
    let others = try tx.query("SELECT id FROM customs_case WHERE tenant = $1 ORDER BY id LIMIT 400", tenant)
      .map(CaseID.self) { $0 }
    cases = waiting.map(\.id) + others
    skus = waiting.map(\.sku)
    cursors = waiting.map { "\($0.urgentAt.microseconds)_\($0.id)" }
    shipments = try tx.query("SELECT id FROM shipment WHERE tenant = $1 ORDER BY id LIMIT 200", tenant)
      .map(UniqueID.self) { $0 }
  }
}
