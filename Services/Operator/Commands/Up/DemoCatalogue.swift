import AMQP
import Contracts
import Domain
import JSON
import Postgres
import Store
import WorkerRuntime

/// The sample products and shipments, submitted once in the life of an installation.
struct DemoCatalogue: Sendable {
  let folder: String
  let state: StateFolder
  let broker: String
  let databaseURL: String
  let environment: Domain.Environment
  let tenant: TenantID

  func submitOnce(_ steps: Steps) async throws {
    guard !LocalFile.exists(state.demoSubmitted) else { return }
    let products = try SubmissionFile(
      reading: "\(folder)/catalogue.csv", kind: .product, eventIDs: "demo-product"
    ).submissions
    let shipments = try SubmissionFile(
      reading: "\(folder)/shipments.json", kind: .shipment, eventIDs: "demo-shipment"
    ).submissions
    let endpoint = try AMQPEndpoint(broker)
    try await OperatorSettings.withDatabase(databaseURL, environment) { pool in
      let intake = BrokerIntake(endpoint: endpoint, tenant: tenant, environment: environment, pool: pool)
      let all = products + shipments
      try await steps.run("submitted") { progress in
        let refused = try await intake.submit(all) { progress("\(ProgressBar.text($0, of: all.count)) submissions") }
        return ((), "\(products.count) products and \(shipments.count) shipments, \(refused.count) refused")
      }
      try await steps.run("decided") { progress in
        try await awaitRest(pool) { progress("\($0) cases and shipments in hand") }
        let cases = try await pool.transaction(as: tenant, readOnly: true) { tx in try Overview.cases(tx) }
        let waiting = cases.filter(\.state.waitsForPerson).reduce(0) { $0 + $1.count }
        let all = cases.reduce(0) { $0 + $1.count }
        return ((), "\(all - waiting) of \(all) cases without a person")
      }
    }
    try LocalFile.write("\(SystemClock.now())\n", to: state.demoSubmitted)
  }

  /// Until no worker owes a case or a shipment a step. A destination that is away must not hold up the start for ever.
  private func awaitRest(_ pool: PostgresPool, progress: (_ inFlight: Int64) -> Void) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
      let inFlight = try await pool.transaction(as: tenant, readOnly: true) { tx in try Overview.inFlight(tx) }
      progress(inFlight)
      if inFlight == 0 { return }
      try await Task.sleep(for: .milliseconds(100))
    }
  }
}
