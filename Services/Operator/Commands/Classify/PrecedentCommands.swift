import ClassifierEngine
import Contracts
import Crypto
import Domain
import JSON
import Postgres
import Store
import WorkerRuntime

/// What the classifier learns from beside its knowledge: a tenant's precedents.
enum PrecedentCommands {
  static let importSubmissions = Command(
    "precedents import", "Learn from earlier submissions, accepted and rejected", group: .tenants,
    operands: [
      Operand(
        "FILE", "CSV with title, code, outcome, market, date; and category, attributes, reference, reason, edition")
    ], options: [.tenant, .actor],
    notes: """
      outcome is approved, corrected or rejected; attributes are written as 'material: cotton; gender: women', categories
      as 'Home > Kitchen > Mugs'. edition is 2017 where the code is of that Harmonised System and not of the one in force:
      it is converted where one code alone can be meant, else the row is left out with the question to answer. Rows that
      cannot be used (no such code, a market that is not served, a day to come) are named with their line and left out,
      and the command then ends with 1. What is known already is not learnt twice. The next product classified sees it.
      """
  ) { arguments, console in try await learn(arguments, console, .submissions) }

  static let importRulings = Command(
    "rulings import", "Learn from the rulings of authorities", group: .tenants,
    operands: [
      Operand(
        "FILE", "CSV with authority, reference, title, code, market, date; and category, attributes, reason, edition")
    ], options: [.tenant, .actor],
    notes: """
      title says what the goods are, reason why they have the code, in words to be shown to reviewers. Rows that cannot
      be used are named with their line and left out, and the command then ends with 1. Where rulings found for a
      product differ, its case is held for the compliance lead. edition is read as for 'pabean precedents import'.
      """
  ) { arguments, console in try await learn(arguments, console, .rulings) }

  static let list = Command(
    "precedents list", "The newest precedents that stand", group: .tenants,
    options: [
      .tenant, Option("source", "KIND", "decision, submission or ruling"),
      Option("code", "DIGITS", "only those whose code begins so"), Option("limit", "N", "50 when absent"), .json,
    ]
  ) { arguments, console in
    let source = try arguments["source"].map { text in
      guard let source = Precedent.Source(rawValue: text) else {
        throw UsageError("'\(text)' is none of decision, submission, ruling", command: "precedents list")
      }
      return source
    }
    guard let limit = Int64(arguments["limit"] ?? "50"), limit > 0 else {
      throw UsageError("--limit must be a number above 0", command: "precedents list")
    }
    let code = arguments["code"] ?? ""
    let found = try await inTenant(arguments, readOnly: true) { _, tx in
      try Precedents.list(source: source, code: code, limit: limit, tx)
    }
    if arguments.has("json") {
      console.line(JSONValue.array(found.map(\.json)).text)
      return .success
    }
    var table = TextTable([
      TextTable.Column("id"), TextTable.Column("date"), TextTable.Column("market"), TextTable.Column("code"),
      TextTable.Column("outcome"), TextTable.Column("source"), TextTable.Column("title"),
    ])
    for precedent in found {
      let source = [precedent.authority, precedent.reference].filter { !$0.isEmpty }.joined(separator: " ")
      table.add(
        precedent.id.description, "\(precedent.decidedAt.date)", precedent.market.code, precedent.code.dotted,
        precedent.outcome.rawValue, source.isEmpty ? precedent.source.rawValue : source,
        precedent.description.title)
    }
    console.print(table.text(console))
    return .success
  }

  static let retire = Command(
    "precedents retire", "Let a precedent speak for no product any more", group: .tenants,
    operands: [Operand("ID", "as 'pabean precedents list' shows it")],
    options: [.tenant, Option("reason", "TEXT", "why, for the audit log", isRequired: true), .actor]
  ) { arguments, console in
    guard let id = UniqueID(arguments.operands[0]) else {
      throw UsageError("'\(arguments.operands[0])' is not an id", command: "precedents retire")
    }
    let (reason, actor) = (arguments.required("reason"), OperatorSettings.actor(arguments))
    try await inTenant(arguments) { tenant, tx in
      guard try Precedents.withdraw(id, at: SystemClock.now(), tx) else {
        throw Failure("\(tenant) has no precedent \(id) that stands", remedy: "pabean precedents list")
      }
      try OperatorAudit.append(
        "precedent.retired", about: "precedents", by: actor,
        ["precedent": .string(id.description), "reason": .string(reason)], of: tenant, tx)
    }
    console.line("Precedent \(id) speaks for no product any more.")
    return .success
  }

  private static func learn(_ arguments: Arguments, _ console: Console, _ kind: PrecedentFile.Kind) async throws
    -> ExitCode
  {
    let bytes = try LocalFile.read(arguments.operands[0])
    let frame = PrecedentFile.Frame(
      editions: try ClassifierFiles.knowledge().knowledge.editions, markets: try await servedMarkets(),
      today: SystemClock.now().date)
    let file = try PrecedentFile(bytes, kind, within: frame)
    let (actor, environment) = (OperatorSettings.actor(arguments), try OperatorSettings.load().environment)
    let rows = file.rows
    let refused = file.problems.count
    let new = try await inTenant(arguments) { tenant, tx in
      let precedents = rows.map { row in
        var precedent = row.precedent
        precedent.id = DerivedID.precedent(tenant, environment, digest: row.digest)
        return precedent
      }
      let new = try Precedents.insert(precedents, tx).count { $0 }
      try OperatorAudit.append(
        kind == .rulings ? "rulings.imported" : "precedents.imported", about: "precedents", by: actor,
        [
          "file": .string(Hex.encode(SHA256.hash(bytes).bytes)), "rows": .integer(Int64(rows.count)),
          "new": .integer(Int64(new)), "refused": .integer(Int64(refused)),
        ], of: tenant, tx)
      return new
    }
    for problem in file.problems { console.line("line \(problem.line): \(problem.text)") }
    let contradictions = file.contradictions
    if let (one, other) = contradictions.first {
      let count = contradictions.count == 1 ? "1 product was" : "\(contradictions.count) products were"
      console.line(
        "\(count) approved with different codes, as on lines \(one) and \(other): a person will be asked. Where the one "
          + "corrects the other, its outcome is 'corrected'.")
    }
    console.line("\(new) learnt, \(rows.count - new) known already, \(refused) left out.")
    return refused == 0 ? .success : .failure
  }

  private static func servedMarkets() async throws -> [Market] {
    try await OperatorSettings.load().withDatabase { pool in
      try await pool.transaction(readOnly: true) { tx in try MarketPackStore.active(tx).map(\.market).sorted() }
    }
  }

  private static func inTenant<R: Sendable>(
    _ arguments: Arguments, readOnly: Bool = false,
    _ body: @escaping @Sendable (TenantID, borrowing Transaction) throws -> R
  ) async throws -> R {
    try await OperatorSettings.load().withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      return try await pool.transaction(as: tenant, readOnly: readOnly) { tx in try body(tenant, tx) }
    }
  }
}

extension Precedent {
  fileprivate var json: JSONValue {
    var object = JSONObject([
      ("id", .string(id.description)), ("source", .string(source.rawValue)), ("market", market.json),
      ("code", code.json), ("outcome", .string(outcome.rawValue)), ("decidedAt", decidedAt.json),
      ("title", .string(description.title)),
    ])
    for (name, text) in [
      ("category", description.category), ("attributes", description.attributes), ("authority", authority),
      ("reference", reference),
      ("reason", reason),
    ] where !text.isEmpty {
      object[name] = .string(text)
    }
    return .object(object)
  }
}
