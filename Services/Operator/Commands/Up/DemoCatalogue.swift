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
      let intake = BrokerIntake(endpoint: endpoint, tenant: tenant, pool: pool)
      try await steps.run("submitted") { progress in
        let all = products + shipments
        try await intake.send(all)
        let refused = try await intake.awaitVerdicts(all, within: .seconds(60)) { handled in
          progress("\(ProgressBar.text(handled, of: all.count)) submissions")
        }
        let text = "\(products.count) products and \(shipments.count) shipments, \(refused.count) refused"
        return ((), text)
      }
      try await steps.run("decided") { progress in
        try await intake.awaitRest(within: .seconds(90)) { progress("\($0) cases and shipments in hand") }
        let cases = try await pool.transaction(as: tenant, readOnly: true) { tx in try Overview.cases(tx) }
        let waiting = cases.filter(\.state.waitsForPerson).reduce(0) { $0 + $1.count }
        let all = cases.reduce(0) { $0 + $1.count }
        return ((), "\(all - waiting) of \(all) cases without a person")
      }
    }
    try LocalFile.write("\(SystemClock.now())\n", to: state.demoSubmitted)
  }
}
