import Domain
import Postgres
import Store
import WorkerRuntime

/// What happened, and where to go on from here.
struct UpSummary: Sendable {
  var cases: [Overview.CaseCount]
  var waiting: [ReviewTasks.Task]
  var refused: [RefusedSubmissions.Refusal]
  var shipments: [Overview.ShipmentLines]
  var documents: [(kind: String, count: Int64)]
  var deliveries: [(destination: String, state: DeliveryState, count: Int64)]

  private static let waitingMax = 12

  static func read(_ pool: PostgresPool, of tenant: TenantID) async throws -> UpSummary {
    try await pool.transaction(as: tenant, readOnly: true) { tx in
      UpSummary(
        cases: try Overview.cases(tx),
        waiting: try waiting(tx),
        refused: try RefusedSubmissions.open(limit: 50, tx), shipments: try Overview.shipments(limit: 50, tx),
        documents: try Overview.documents(tx), deliveries: try Overview.deliveries(tx))
    }
  }

  /// With the gravest of the reasons, rather than the first.
  private static func waiting(_ tx: borrowing Transaction) throws -> [ReviewTasks.Task] {
    let tasks = try ReviewQueue.list(limit: 500, tx)
    let results = try ScreeningStore.latest(tasks.map(\.caseID), tx)
    return tasks.map { task in
      var task = task
      if let gravest = results[task.caseID]?.routing.reasons.gravestFirst.first { task.reason = gravest.text }
      return task
    }
  }

  func print(_ console: Console, running: [RunningService], state: StateFolder) {
    printCases(console)
    printWaiting(console)
    printRefused(console)
    printShipments(console)
    printResults(console, state)
    printAddresses(console, running, state)
  }

  private func heading(_ text: String, _ console: Console) { console.line("\n\(console.bold(text))") }

  private func printCases(_ console: Console) {
    guard !cases.isEmpty else { return }
    heading("Cases", console)
    console.print(CaseTable.text(cases, console))
  }

  /// The gravest of each SKU; the same product waits in several markets for the same reason mostly.
  private func printWaiting(_ console: Console) {
    guard !waiting.isEmpty else { return }
    heading("Waiting for a person", console)
    var table = TextTable([
      TextTable.Column("SKU", max: 20), TextTable.Column("markets", max: 17), TextTable.Column("product", max: 34),
      TextTable.Column("why"),
    ])
    let bySKU = Dictionary(grouping: waiting, by: \.sku).values.compactMap { tasks in
      tasks.max { $0.riskScore < $1.riskScore }.map { (gravest: $0, markets: tasks.map(\.market).sorted()) }
    }.sorted { ($1.gravest.riskScore, $0.gravest.sku) < ($0.gravest.riskScore, $1.gravest.sku) }
    for (task, markets) in bySKU.prefix(UpSummary.waitingMax) {
      table.add(task.sku, markets.map(\.code).joined(separator: " "), task.title, task.reason)
    }
    console.print(table.text(console))
    let rest = bySKU.count - UpSummary.waitingMax
    if rest > 0 { console.line(console.dim("  … and \(rest) more products; 'pabean case list' shows all")) }
  }

  private func printRefused(_ console: Console) {
    guard !refused.isEmpty else { return }
    heading("Refused, and what to correct", console)
    var table = TextTable([
      TextTable.Column("reference", max: 20), TextTable.Column("field", max: 18),
      TextTable.Column("problem and remedy"),
    ])
    for refusal in refused.reversed() {
      for (index, issue) in refusal.issues.prefix(3).enumerated() {
        let reference = index == 0 ? refusal.reference ?? "—" : ""
        table.add(reference, String(issue.field.dropFirst()), "\(issue.problem) \(issue.remedy)")
      }
    }
    console.print(table.text(console))
  }

  private func printShipments(_ console: Console) {
    guard !shipments.isEmpty else { return }
    heading("Shipments", console)
    var table = TextTable([
      TextTable.Column("reference", max: 20), TextTable.Column("to"), TextTable.Column("lines", .right),
      TextTable.Column("state"), TextTable.Column("waits for"),
    ])
    for shipment in shipments {
      table.add(
        shipment.reference, shipment.market.code, "\(shipment.lineCount)", shipment.state.rawValue,
        shipment.open.joined(separator: ", "))
    }
    console.print(table.text(console))
  }

  private func printResults(_ console: Console, _ state: StateFolder) {
    guard !documents.isEmpty || !deliveries.isEmpty else { return }
    heading("Results", console)
    let issued = documents.map { "\($0.count) \($0.kind)s" }.joined(separator: ", ")
    if !issued.isEmpty {
      console.line("  documents   \(issued); 'pabean document save --shipment REFERENCE' fetches them")
    }
    for (name, rows) in Dictionary(grouping: deliveries, by: \.destination).sorted(by: { $0.key < $1.key }) {
      let counts = rows.map { "\($0.count) \($0.state.rawValue)" }.joined(separator: ", ")
      let place =
        name == "archive" ? " in \(state.shown(state.outcomes))" : name == "erp" ? " on exchange outcomes.demo" : ""
      console.line("  \(name.padded(to: 11)) \(counts)\(place)")
    }
  }

  private func printAddresses(_ console: Console, _ running: [RunningService], _ state: StateFolder) {
    heading("Go on", console)
    func address(_ name: String, _ text: String) { console.line("  \(name.padded(to: 11)) \(text)") }
    if let desk = running.first(where: { $0.name == "review-desk" }) {
      address("review desk", "http://\(desk.address)")
    }
    if running.contains(where: { $0.name == "review-desk" }) {
      address("sign in", "\(DemoTenant.signInHint) in \(state.shown(state.demoKeys))")
    }
    if let ingest = running.first(where: { $0.name == "ingest" }) { address("intake", "http://\(ingest.address)") }
    address("metrics", running.map { "\($0.name) :\($0.port)" }.joined(separator: ", ") + " (/metrics)")
    address("keys", "\(state.shown(state.demoKeys)) (ERP submits; the others are people's)")
    address("commands", "pabean status · pabean case show SKU · pabean submit FILE.csv --wait")
  }
}

extension String {
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - DisplayWidth.of(self)))
  }
}
