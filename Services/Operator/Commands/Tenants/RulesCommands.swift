import Domain
import JSON
import Postgres
import Store
import WorkerRuntime

/// A tenant's own rules, beside those of the markets' packs.
enum RulesCommands {
  private static let reason = Option("reason", "TEXT", "why, for the history", isRequired: true)
  private static let file = Operand("FILE", "rules as JSON: a name, and rules as market packs have them")

  static let show = Command(
    "rules show", "The tenant's own rules in force, as JSON that can be edited and activated", group: .tenants,
    options: [.tenant, Option("version", "N", "another version than the one in force")]
  ) { arguments, console in
    let wanted = try arguments["version"].map(number)
    let (tenant, version, rules) = try await inTenant(arguments, readOnly: true) { tenant, tx in
      guard let version = try wanted ?? OwnRulesStore.activeVersion(tx) else {
        throw Failure("\(tenant) has no own rules in force", remedy: "pabean rules activate FILE --reason TEXT")
      }
      guard let rules = try OwnRulesStore.load(version: version, tx) else { throw missing(version, of: tenant) }
      return (tenant, version, rules)
    }
    console.note("Own rules \(version) of \(tenant).")
    console.line(JSONLayout.text(rules.json))
    return .success
  }

  static let validate = Command(
    "rules validate", "Check own rules without using them", group: .tenants, operands: [file],
    notes: "Ends with 1 and names the field when something must be corrected. Needs no servers."
  ) { arguments, console in
    let rules = try OwnRulesFile.read(arguments.operands[0])
    console.line("\(arguments.operands[0]) is valid: \"\(rules.name)\" with \(count(rules)).")
    return .success
  }

  static let activate = Command(
    "rules activate", "Put own rules into force, without a restart", group: .tenants, operands: [file],
    options: [.tenant, reason, .actor],
    notes: "'pabean policy simulate --rules FILE' shows before what they change; 'pabean rules rollback' goes back."
  ) { arguments, console in
    let rules = try OwnRulesFile.read(arguments.operands[0])
    let (reason, actor) = (arguments.required("reason"), OperatorSettings.actor(arguments))
    let (tenant, version) = try await inTenant(arguments) { tenant, tx in
      let version = try OwnRulesStore.add(rules, by: actor, at: SystemClock.now(), tx)
      try putIntoForce(version, reason, actor, tenant, tx)
      return (tenant, version)
    }
    console.line("Own rules \(version) of \(tenant), \(count(rules)), are in force.")
    return .success
  }

  static let history = Command(
    "rules history", "Which own rules were in force when, and why", group: .tenants, options: [.tenant, .json]
  ) { arguments, console in
    let history = try await inTenant(arguments, readOnly: true) { _, tx in try OwnRulesStore.history(tx) }
    if arguments.has("json") {
      let entries = history.map { entry -> JSONValue in
        [
          "version": entry.version.map { .integer($0) } ?? .null, "reason": .string(entry.reason),
          "by": entry.activatedBy.json, "at": entry.activatedAt.json,
        ]
      }
      console.line(JSONValue.array(entries).text)
      return .success
    }
    var table = TextTable([
      TextTable.Column("version", .right), TextTable.Column("since"), TextTable.Column("by"),
      TextTable.Column("reason"),
    ])
    for entry in history {
      table.add(
        entry.version.map { "\($0)" } ?? "none", entry.activatedAt.toTheMinute, "\(entry.activatedBy)", entry.reason)
    }
    console.print(table.text(console))
    return .success
  }

  static let rollback = Command(
    "rules rollback", "Put earlier own rules into force again", group: .tenants,
    options: [.tenant, Option("to", "N", "which version; the one in force before when absent"), reason, .actor]
  ) { arguments, console in
    let wanted = try arguments["to"].map(number)
    let (reason, actor) = (arguments.required("reason"), OperatorSettings.actor(arguments))
    let (tenant, version) = try await inTenant(arguments) { tenant, tx in
      let history = try OwnRulesStore.history(tx)
      let earlier = history.dropFirst().first { $0.version != nil && $0.version != history.first?.version }?.version
      guard let version = wanted ?? earlier else {
        throw Failure("no other own rules were ever in force for \(tenant)")
      }
      guard try OwnRulesStore.load(version: version, tx) != nil else { throw missing(version, of: tenant) }
      try putIntoForce(version, reason, actor, tenant, tx)
      return (tenant, version)
    }
    console.line("Own rules \(version) of \(tenant) are in force again.")
    return .success
  }

  static let retire = Command(
    "rules retire", "Take the own rules out of use", group: .tenants, options: [.tenant, reason, .actor]
  ) { arguments, console in
    let (reason, actor) = (arguments.required("reason"), OperatorSettings.actor(arguments))
    let tenant = try await inTenant(arguments) { tenant, tx in
      guard try OwnRulesStore.activeVersion(tx) != nil else {
        throw Failure("\(tenant) has no own rules in force")
      }
      try putIntoForce(nil, reason, actor, tenant, tx)
      return tenant
    }
    console.line("\(tenant) has no own rules in force any more.")
    return .success
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

  private static func putIntoForce(
    _ version: Int64?, _ reason: String, _ actor: Actor, _ tenant: TenantID, _ tx: borrowing Transaction
  ) throws {
    try OwnRulesStore.activate(version: version, reason: reason, by: actor, at: SystemClock.now(), tx)
    try OperatorAudit.append(
      version == nil ? "rules.retired" : "rules.activated", about: "own rules", by: actor,
      ["version": version.map { .integer($0) } ?? .null, "reason": .string(reason)], of: tenant, tx)
  }

  private static func count(_ rules: OwnRules) -> String {
    rules.rules.count == 1 ? "1 rule" : "\(rules.rules.count) rules"
  }

  private static func number(_ text: String) throws -> Int64 {
    guard let number = Int64(text), number > 0 else { throw UsageError("'\(text)' is not a version number") }
    return number
  }

  private static func missing(_ version: Int64, of tenant: TenantID) -> Failure {
    Failure(
      "\(tenant) has no own rules of version \(version)",
      remedy: "'pabean rules history' shows those that were in force")
  }
}
