import Domain
import JSON
import Postgres
import Store

/// A case as a test sees it.
public struct SeenCase: Hashable, Sendable {
  public var id: CaseID
  public var market: String
  public var revision: Int64
  public var state: CaseState
}

extension Installation {
  /// Every case of the SKU, older revisions first.
  public func cases(of sku: String, tenant: TenantID = Installation.tenant) async throws -> [SeenCase] {
    try await pool.transaction(readOnly: true) { tx in
      let rows = try tx.query(
        """
        SELECT c.id, c.market::text, r.revision, c.state FROM customs_case c
        JOIN product_revision r ON r.id = c.product_revision_id
        WHERE c.tenant = $1 AND c.sku = $2 ORDER BY r.revision, c.market
        """, tenant, sku)
      return try rows.map(CaseID.self, String.self, Int64.self, CaseState.self) {
        SeenCase(id: $0, market: $1, revision: $2, state: $3)
      }
    }
  }

  /// Waits until the SKU has this many cases and all are in one of the states.
  public func cases(
    of sku: String, count: Int = 1, reach states: Set<CaseState>, tenant: TenantID = Installation.tenant,
    within deadline: Duration = .seconds(120)
  ) async throws -> [SeenCase] {
    do {
      return try await eventually("\(count) cases of \(sku) in \(states.map(\.rawValue))", within: deadline) {
        let cases = try await cases(of: sku, tenant: tenant)
        return cases.count == count && cases.allSatisfy { states.contains($0.state) } ? cases : nil
      }
    } catch {
      let seen = try await cases(of: sku, tenant: tenant).map { "\($0.market) \($0.revision) \($0.state.rawValue)" }
      let reasons = try await routingReasons(of: sku)
      throw NotReached(description: "\(error); seen: \(seen) \(reasons)\n\(workers.logs())")
    }
  }

  public func shipment(_ reference: String, tenant: TenantID = Installation.tenant) async throws -> StoredShipment? {
    try await pool.transaction(readOnly: true) { tx in
      try tx.enter(tenant)
      let id = try tx.query("SELECT id FROM shipment WHERE tenant = $1 AND reference = $2", tenant, reference)
        .first(ShipmentID.self)
      return try id.flatMap { try ShipmentStore.load([$0], tx)[$0] }
    }
  }

  public func shipment(
    _ reference: String, reaches state: ShipmentState, within deadline: Duration = .seconds(120)
  ) async throws -> StoredShipment {
    try await eventually("shipment \(reference) to be \(state)", within: deadline) {
      let found = try await shipment(reference)
      return found?.state == state ? found : nil
    }
  }

  /// The kinds of a subject's audit entries, oldest first.
  public func audit(of subject: UniqueID) async throws -> [String] {
    try await pool.transaction(readOnly: true) { tx in
      try AuditLog.history(of: subject, tx).map {
        try JSONParser.parse(Array($0.content.utf8))["kind"]?.stringValue ?? ""
      }
    }
  }

  public func deliveries(of subject: UniqueID) async throws -> [StoredDelivery] {
    try await pool.transaction(readOnly: true) { tx in try DeliveryStore.of(subject, tx) }
  }

  public func documents(of subject: UniqueID) async throws -> [StoredDocument] {
    try await pool.transaction(readOnly: true) { tx in
      try (DocumentStore.list(of: [subject], tx)[subject] ?? []).compactMap { try DocumentStore.find($0.id, tx) }
    }
  }

  public func decisions(of id: CaseID) async throws -> [Decision] {
    try await pool.transaction(readOnly: true) { tx in try DecisionStore.history(id, tx) }
  }

  public func refusals(tenant: TenantID = Installation.tenant) async throws -> [RefusedSubmissions.Refusal] {
    try await pool.transaction(readOnly: true) { tx in try RefusedSubmissions.open(limit: 1000, tx) }
  }

  /// Changes the tables as an operator does, in a tenant's name.
  public func change(
    tenant: TenantID = Installation.tenant, _ body: @Sendable (borrowing Transaction) throws -> Void
  ) async throws {
    try await pool.transaction(as: tenant, body)
  }
}
