import ComplianceScreeningEngine
import Domain
import JSON
import PartyLists
import Postgres
import Store
import WorkerRuntime

/// Official tariffs: loaded from the files of their authorities, compared with what is in force, and put into force.
enum TariffCommands {
  private static let market = Option("market", "XX", "whose tariff", isRequired: true)

  static let importTariff = Command(
    "reference import", "Load a market's official tariff, and say what it changes", group: .installation,
    operands: [Operand("FILE", "as its authority publishes it, in CSV")],
    options: [
      market, Option("source", "TEXT", "who published it, and under which act", isRequired: true),
      Option("from", "DATE", "the day from which its rates hold", isRequired: true),
      Option("version", "TEXT", "what to call it; the day when absent"), .actor, .json,
    ],
    notes: """
      Read are Indonesia's BTKI, the US HTS, the EU's Combined Nomenclature (lines without rates), the UK's measures on
      declarable commodities (the third country duty with its days), and any CSV with the columns code and, where there
      are any, unit and rate (12.5 %, 450/kg, 10 % + 450/kg). The form of an authority is read for its own country
      alone, the plain one for any. It is loaded and not in force:
      'pabean reference activate' puts it there, and the cases that it changes something for wait for a person again.
      Example: pabean reference import btki.csv --market ID --source 'PMK 26/PMK.010/2022' --from 2022-04-01
      """
  ) { arguments, console in
    let market = try CaseCommands.market(arguments.required("market"))
    guard let from = CalendarDate(arguments.required("from")) else {
      throw UsageError("'\(arguments.required("from"))' is no date such as 2026-01-31", command: "reference import")
    }
    let version = arguments["version"] ?? from.description
    let path = arguments.operands[0]
    let file = try read(path)
    guard file.form.isTariff(of: market) else {
      throw Failure(
        "\(path) is in the form of the \(file.form.rawValue), which is not the tariff of \(market)",
        remedy:
          "give the market whose tariff it is, or the file of \(market)'s authority; a table with the columns code, unit, "
          + "rate is taken for any market")
    }
    let tariff = OfficialTariff(
      source: RuleSource(authority: arguments.required("source"), instrument: file.form.rawValue, asOf: from),
      from: from, lines: file.lines)
    let stored = TariffStore.Stored(
      market: market, version: version, lineCount: Int64(tariff.lines.count), content: tariff.json)
    let actor = OperatorSettings.actor(arguments)
    let settings = try OperatorSettings.load()
    let effect = try await settings.withDatabase { pool in
      try await pool.transaction { tx in
        let markets = try MarketPackStore.active(tx).map(\.market)
        guard markets.contains(market) else {
          throw Failure(
            "--market \(market) is not served", remedy: "use one of \(markets.map(\.code).joined(separator: ", "))")
        }
        let isNew = try TariffStore.load(stored, by: actor, at: SystemClock.now(), tx)
        guard try isNew || TariffStore.find(market, version: version, tx)?.content == stored.content else {
          throw Failure("another tariff of \(market) has the version \(version)", remedy: "name another with --version")
        }
        return try TariffEffect(of: stored, settings, tx)
      }
    }
    guard !arguments.has("json") else {
      console.line(effect.json(file).text)
      return .success
    }
    console.print(effect.report(file))
    console.line("In force with: pabean reference activate --market \(market) \(version) --reason TEXT")
    return .success
  }

  static let activate = Command(
    "reference activate", "Put a market's tariff into force, and look at the cases that it changes again",
    group: .installation,
    operands: [Operand("VERSION", "of a tariff that is loaded, or 'shipped' for the one beside the product")],
    options: [market, Option("reason", "TEXT", "why, for the history", isRequired: true), .actor],
    notes: "Within seconds the cleared cases whose code it drops or gives another duty wait for a person; no others."
  ) { arguments, console in
    let market = try CaseCommands.market(arguments.required("market"))
    let version = arguments.operands[0]
    let wanted = version == "shipped" ? nil : version
    let reason = arguments.required("reason")
    let actor = OperatorSettings.actor(arguments)
    let isNews = try await OperatorSettings.load().withDatabase { pool in
      try await pool.transaction { tx in
        if let wanted, try TariffStore.find(market, version: wanted, tx) == nil {
          throw Failure("\(market) has no tariff '\(wanted)'", remedy: "'pabean reference import' loads one")
        }
        return try TariffStore.activate(
          market, version: wanted, because: reason, by: actor, at: SystemClock.now(), tx)
      }
    }
    console.line("Tariff \(version) of \(market) \(isNews ? "is in force" : "was in force already").")
    return .success
  }

  static let history = Command(
    "reference history", "Which tariff was in force when, and why", group: .installation, options: [.json]
  ) { arguments, console in
    let history = try await OperatorSettings.load().withDatabase { pool in
      try await pool.transaction(readOnly: true) { tx in try TariffStore.history(tx) }
    }
    if arguments.has("json") {
      console.line(JSONValue.array(history.map(\.json)).text)
      return .success
    }
    var table = TextTable([
      TextTable.Column("market"), TextTable.Column("version"), TextTable.Column("lines", .right),
      TextTable.Column("since"), TextTable.Column("by"), TextTable.Column("reason"),
    ])
    for entry in history {
      table.add(
        entry.market.code, entry.version ?? "shipped", entry.lineCount.map { "\($0)" } ?? "",
        entry.activatedAt.toTheMinute, "\(entry.activatedBy)", entry.reason)
    }
    console.print(table.text(console))
    return .success
  }

  private static func read(_ path: String) throws -> OfficialTariffFile {
    let bytes = try LocalFile.read(path)
    do { return try OfficialTariffFile(bytes) } catch { throw Failure("\(path): \(error)") }
  }
}

/// What a tariff would change against the one in force, and for how many cleared cases.
private struct TariffEffect: Sendable {
  var market: Market
  var version: String
  var lineCount: Int64
  var difference: TariffDifference
  /// Of all tenants, by code: what it means, and how many cases.
  var cases: [(code: HSCode, effect: String, count: Int64)]

  private static let shownMax = 20

  init(of stored: TariffStore.Stored, _ settings: OperatorSettings, _ tx: borrowing Transaction) throws {
    let reference = ReferenceFolder(try DataFolder(configured: settings.dataFolder).reference)
    let inForce = try TariffsInForce(reference).library(tx).schedule(stored.market)
    market = stored.market
    version = stored.version
    lineCount = stored.lineCount
    let pack = try MarketPackStore.inForce(tx).first { $0.market == stored.market }
    let difference = TariffDifference(
      from: inForce, to: try stored.schedule, of: stored.market, beside: pack?.taxation.tariff ?? Tariff(),
      on: SystemClock.now().date)
    self.difference = difference
    cases = try TariffStore.clearedCodes(market, tx).sorted { $0.key < $1.key }.compactMap { code, count in
      difference.effect(on: code).map { (code, $0, count) }
    }
  }

  private var caseCount: Int64 { cases.reduce(0) { $0 + $1.count } }

  func report(_ file: OfficialTariffFile) -> String {
    var lines = [
      "\(market) \(version) (\(file.form.rawValue)): \(lineCount) lines; against the one in force "
        + "\(difference.added.count) added, \(difference.removed.count) removed, \(difference.changed.count) with another duty"
    ]
    if !file.unread.isEmpty {
      let count = file.unread.values.reduce(0, +)
      let examples = file.unread.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3).map { "'\($0.key)'" }
      lines.append(
        "\(count) rates cannot be computed with and count as unknown, such as \(examples.joined(separator: ", "))")
    }
    lines += difference.changed.prefix(TariffEffect.shownMax).map { change in
      "~ \(change.code.dotted)  \(change.before?.description ?? "unknown") → \(change.after?.description ?? "unknown")"
    }
    lines.append(
      caseCount == 1
        ? "1 cleared case would wait for a person again" : "\(caseCount) cleared cases would wait for a person again")
    lines += cases.prefix(TariffEffect.shownMax).map { "  \($0.count) × \($0.effect)" }
    return lines.joined(separator: "\n") + "\n"
  }

  func json(_ file: OfficialTariffFile) -> JSONValue {
    [
      "market": market.json, "version": .string(version), "form": .string(file.form.rawValue),
      "lines": .integer(lineCount), "added": .strings(difference.added.map(\.digits)),
      "removed": .strings(difference.removed.map(\.digits)),
      "changed": .array(
        difference.changed.map {
          [
            "code": .string($0.code.digits), "before": $0.before?.json ?? .null, "after": $0.after?.json ?? .null,
          ]
        }),
      "unread": .object(JSONObject(file.unread.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int64($0.value))) })),
      "cases": .integer(caseCount),
      "effects": .array(
        cases.map { ["code": .string($0.code.digits), "effect": .string($0.effect), "cases": .integer($0.count)] }),
    ]
  }
}

extension TariffStore.Activation {
  fileprivate var json: JSONValue {
    [
      "market": market.json, "version": version.map { .string($0) } ?? .null,
      "lines": lineCount.map { .integer($0) } ?? .null, "reason": .string(reason), "by": activatedBy.json,
      "at": activatedAt.json,
    ]
  }
}
