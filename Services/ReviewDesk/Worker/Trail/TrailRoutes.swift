import Domain
import HTTP
import Postgres
import ReviewDeskEngine
import Store
import WorkerRuntime

/// The pages of products and shipments, and the replay of a case.
struct TrailRoutes: Sendable {
  let console: Console
  let pool: PostgresPool
  let reader: TrailReader
  let replayer: Replayer

  func add(to router: inout Router) {
    router.on(.get, "/products/{sku}", console.visiting(product))
    router.on(.get, "/shipments", console.visiting(shipments))
    router.on(.get, "/shipments/{id}", console.visiting(shipment))
    router.on(.get, "/cases/{id}/replay", console.visiting(replay))
  }

  private func product(_ request: HTTPRequest, _ visit: Console.Visit) async throws -> HTTPResponse {
    let sku = request.parameters["sku"] ?? ""
    let file = try await pool.transaction(as: visit.principal, isolation: .repeatableRead, readOnly: true) { tx in
      try reader.product(sku, tx)
    }
    guard let file else { throw NoSuchCase() }
    return .page(ProductPage(file, visit.visitor).html)
  }

  private func shipments(_ request: HTTPRequest, _ visit: Console.Visit) async throws -> HTTPResponse {
    let reference = String((request.queryValue("reference") ?? "").prefix(200))
    let entries = try await pool.transaction(as: visit.principal, readOnly: true) { tx in
      try Trail.shipments(reference: reference, limit: Int64(ShipmentsPage.limit), tx).map {
        ShipmentEntry(
          id: $0.id, reference: $0.reference, market: $0.market, state: $0.state, receivedAt: $0.receivedAt,
          lines: $0.lines, cleared: $0.cleared, rejected: $0.rejected)
      }
    }
    return .page(ShipmentsPage(entries, reference: reference, visit.visitor).html)
  }

  private func shipment(_ request: HTTPRequest, _ visit: Console.Visit) async throws -> HTTPResponse {
    let today = SystemClock.now().date
    guard let id = request.parameters["id"].flatMap({ ShipmentID($0) }),
      let file = try await pool.transaction(
        as: visit.principal, isolation: .repeatableRead, readOnly: true,
        { tx in try reader.shipment(id, on: today, tx) }
      )
    else { throw NoSuchCase() }
    return .page(ShipmentPage(file, visit.visitor).html)
  }

  private func replay(_ request: HTTPRequest, _ visit: Console.Visit) async throws -> HTTPResponse {
    let id = try request.caseID()
    guard let (file, replay) = try await replayer.replay(id, for: visit.principal, at: SystemClock.now()) else {
      throw NoSuchCase()
    }
    return .page(ReplayPage(file, replay, visit.visitor).html)
  }
}
