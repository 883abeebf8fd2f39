import ComplianceScreeningEngine
import Domain
import JSON
import Postgres
import Store
import WorkerRuntime

/// The rates of exchange that duty is estimated with.
enum ExchangeRateCommands {
  static let importRates = Command(
    "exchange-rates import", "Load an authority's rates of exchange for a market", group: .tenants,
    operands: [Operand("FILE", "CSV with the columns currency, rate, and where they are given units and from")],
    options: [
      Option("market", "XX", "whose customs uses them", isRequired: true),
      Option("source", "TEXT", "who published them, and where", isRequired: true),
      Option("from", "DATE", "from which day they hold, for rates that do not say it"),
      Option("valid-days", "N", "for how long each may be used; 14 when absent"), .actor,
    ],
    notes: """
      They count from the next message on, in place of all the samples of the market's pack. A currency without a rate,
      and a rate whose days are over, sends the case to a person.
      Example: pabean exchange-rates import kurs.csv --market ID --source 'Ministry of Finance, KMK 47/2026' --from 2026-11-18
      """
  ) { arguments, console in
    let market = try CaseCommands.market(arguments.required("market"))
    let from = try arguments["from"].map { text in
      guard let day = CalendarDate(text) else { throw UsageError("'\(text)' is no date such as 2026-01-31") }
      return day
    }
    let file = try read(arguments.operands[0], from: from)
    let table = ExchangeRateStore.Table(
      market: market,
      source: RuleSource(
        authority: arguments.required("source"), instrument: "Rates of exchange", asOf: file.rates.map(\.from).max()),
      validDays: try days(arguments["valid-days"]), rates: file.rates)
    let actor = OperatorSettings.actor(arguments)
    try await OperatorSettings.load().withDatabase { pool in
      _ = try await pool.transaction { tx in
        try ExchangeRateStore.load(table, by: actor, at: SystemClock.now(), tx)
      }
    }
    let count = table.rates.count == 1 ? "1 rate" : "\(table.rates.count) rates"
    console.line("\(count) of \(market), each for \(table.validDays) days.")
    return .success
  }

  static let show = Command(
    "exchange-rates show", "The rates of exchange in force", group: .tenants,
    options: [Option("market", "XX", "of one market only"), .json]
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let market = try arguments["market"].map(CaseCommands.market)
    let packs = try await settings.withDatabase { pool in
      try await pool.transaction(readOnly: true) { tx in try MarketPackStore.inForce(tx) }
    }.filter { market == nil || $0.market == market }
    let today = SystemClock.now().date
    let rows = packs.flatMap { pack in newest(pack.taxation.exchangeRates, on: today).map { (pack, $0) } }
    if arguments.has("json") {
      console.line(JSONValue.array(rows.map { json($0.0, $0.1, on: today) }).text)
      return .success
    }
    var table = TextTable([
      TextTable.Column("market"), TextTable.Column("for one", .left), TextTable.Column("rate", .right),
      TextTable.Column("from"), TextTable.Column("source"),
    ])
    for (pack, rate) in rows {
      let rates = pack.taxation.exchangeRates
      let source = rates.isSample ? "sample, no authority's" : rates.note
      table.add(
        pack.market.code, rate.currency.code, "\(rate.perUnit) \(pack.currency)", "\(rate.from)",
        rates.isOutOfDate(rate, on: today) ? "\(source); out of date" : source)
    }
    console.print(table.text(console))
    return .success
  }

  private static func newest(_ rates: ExchangeRates, on day: CalendarDate) -> [ExchangeRates.Rate] {
    Set(rates.rates.map(\.currency)).sorted { $0.code < $1.code }.compactMap { rates.rate($0, on: day) }
  }

  private static func json(_ pack: MarketPack, _ rate: ExchangeRates.Rate, on day: CalendarDate) -> JSONValue {
    let rates = pack.taxation.exchangeRates
    return [
      "market": pack.market.json, "currency": rate.currency.json, "perUnit": rate.perUnit.json,
      "into": pack.currency.json, "from": rate.from.json, "isSample": .bool(rates.isSample),
      "source": .string(rates.note), "version": rates.version.map { .string($0) } ?? .null,
      "isOutOfDate": .bool(rates.isOutOfDate(rate, on: day)),
    ]
  }

  private static func read(_ path: String, from day: CalendarDate?) throws -> ExchangeRateFile {
    let bytes = try LocalFile.read(path)
    do { return try ExchangeRateFile(bytes, from: day) } catch { throw Failure("\(path): \(error)") }
  }

  private static func days(_ text: String?) throws -> Int64 {
    guard let text else { return 14 }
    guard let days = Int64(text), (1...3650).contains(days) else {
      throw UsageError("--valid-days is a number from 1 to 3650, not '\(text)'", command: "exchange-rates import")
    }
    return days
  }
}
