import Domain
import JSON
import Postgres
import Store

enum CaseCommands {
  static let show = Command(
    "case show", "Everything about a case: evidence, findings, decision, deliveries, history", group: .work,
    operands: [Operand("CASE", "a case's id, or a SKU")],
    options: [Option("market", "XX", "of the SKU; all when absent"), .json]
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let wanted = arguments.operands[0]
    let market = try arguments["market"].map(market)
    let files = try await settings.withDatabase { pool in
      try await pool.transaction(readOnly: true) { tx in try find(wanted, market, tx) }
    }
    guard let first = files.first else {
      throw Failure("there is no case or SKU '\(wanted)'", remedy: "'pabean case list --all' shows what there is")
    }
    if arguments.has("json") {
      console.line(files.count == 1 ? first.json.text : JSONValue.array(files.map(\.json)).text)
    } else if files.count == 1 {
      CaseFileText(file: first, console: console).print()
    } else {
      printOverview(files, console)
    }
    return .success
  }

  /// Found across tenants; each is then read as its own tenant's.
  private static func find(_ wanted: String, _ market: Market?, _ tx: borrowing Transaction) throws -> [CaseFile] {
    var found: [(CaseID, TenantID)] = []
    if let id = CaseID(wanted) {
      if let tenant = try CaseStore.tenant(of: id, tx) { found = [(id, tenant)] }
    } else {
      let listed = try Overview.list(market: market, state: nil, sku: wanted, limit: 50, tx)
      let current = listed.contains { $0.state != .superseded } ? listed.filter { $0.state != .superseded } : listed
      found = current.map { ($0.id, $0.tenant) }
    }
    var files: [CaseFile] = []
    for (id, tenant) in found {
      try tx.enter(tenant)
      if let file = try CaseFile.read(id, of: tenant, tx) { files.append(file) }
    }
    return files
  }

  private static func printOverview(_ files: [CaseFile], _ console: Console) {
    guard let product = files.first?.stored.product else { return }
    console.line("\(console.bold(product.sku))  \(product.title)\n")
    var table = TextTable([
      TextTable.Column("market"), TextTable.Column("state"), TextTable.Column("lane"), TextTable.Column("best code"),
      TextTable.Column("confidence"), TextTable.Column("why"),
    ])
    for file in files.sorted(by: { $0.stored.market < $1.stored.market }) {
      let best = file.classification?.best
      table.add(
        file.stored.market.code, file.stored.state.rawValue, file.stored.lane?.rawValue ?? "",
        file.decision?.code?.description ?? best?.code.description ?? "", best?.confidence.description ?? "",
        file.reasons.first?.text ?? "")
    }
    console.print(table.text(console))
    console.line("\nOne of them: pabean case show \(product.sku) --market \(files[0].stored.market)")
  }

  static let list = Command(
    "case list", "The cases that wait for a person, gravest first", group: .work,
    options: [
      Option("all", nil, "every case, newest first"), Option("state", "STATE", "only those, such as undeliverable"),
      Option("market", "XX", "only those"), .tenant, .json,
    ]
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let market = try arguments["market"].map(market)
    let state = try arguments["state"].map(state)
    let isWaiting = !arguments.has("all") && state == nil
    let rows = try await settings.withDatabase { pool in
      let tenant = arguments.has("tenant") ? try await TenantChoice.resolve(arguments, pool) : nil
      return try await pool.transaction(readOnly: true) { tx in
        if let tenant { try tx.enter(tenant) }
        return isWaiting ? try waiting(market, tx) : try all(market, state, tx)
      }
    }
    if arguments.has("json") {
      console.line(JSONValue.array(rows.map(\.json)).text)
      return .success
    }
    if rows.isEmpty {
      console.line(isWaiting ? "No case waits for a person." : "There is no such case.")
      return .success
    }
    var table = TextTable([
      TextTable.Column("SKU", max: 24), TextTable.Column("market"), TextTable.Column("state"),
      TextTable.Column("risk", .right),
      TextTable.Column(isWaiting ? "why" : "case"),
    ])
    for row in rows { table.add(row.sku, row.market.code, row.state, row.risk.map { "\($0)" } ?? "", row.text) }
    console.print(table.text(console))
    return .success
  }

  private struct Row: Sendable {
    var id: CaseID
    var sku: String
    var market: Market
    var state: String
    var risk: Int?
    var text: String

    var json: JSONValue {
      [
        "id": id.json, "sku": .string(sku), "market": market.json, "state": .string(state),
        "risk": risk.map { .integer(Int64($0)) } ?? .null, "text": .string(text),
      ]
    }
  }

  private static func waiting(_ market: Market?, _ tx: borrowing Transaction) throws -> [Row] {
    var filter = ReviewQueue.Filter()
    if let market { filter.markets = [market] }
    return try ReviewQueue.list(filter, limit: 500, tx).map { task in
      Row(
        id: task.caseID, sku: task.sku, market: task.market, state: task.lane.rawValue, risk: task.riskScore,
        text: task.reason)
    }
  }

  private static func all(_ market: Market?, _ state: CaseState?, _ tx: borrowing Transaction) throws -> [Row] {
    try Overview.list(market: market, state: state, sku: nil, limit: 500, tx).map { listed in
      Row(
        id: listed.id, sku: listed.sku, market: listed.market, state: listed.state.rawValue, risk: nil,
        text: "\(listed.id)")
    }
  }

  static func market(_ text: String) throws -> Market {
    guard let market = Market(text.uppercased()) else { throw UsageError("'\(text)' is not a market such as SG") }
    return market
  }

  private static func state(_ text: String) throws -> CaseState {
    if let state = CaseState(rawValue: text) { return state }
    throw UsageError(
      "'\(text)' is not a state; use one of \(CaseState.allCases.map(\.rawValue).joined(separator: ", "))")
  }
}
