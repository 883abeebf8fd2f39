import Domain
import JSON
import Postgres
import Store
import WorkerRuntime

enum PolicyCommands {
  private static let reason = Option("reason", "TEXT", "why, for the history", isRequired: true)
  private static let file = Operand("FILE", "a policy as JSON")

  static let show = Command(
    "policy show", "The policy in force, as JSON that can be edited and activated", group: .tenants,
    options: [.tenant, Option("version", "N", "another version than the one in force")]
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let wanted = try arguments["version"].map(number)
    let (tenant, version, policy) = try await settings.withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      return try await pool.transaction(as: tenant, readOnly: true) { tx in
        guard let version = try wanted ?? PolicyStore.activeVersion(tx) else {
          throw Failure("\(tenant) has no policy in force", remedy: "pabean policy activate FILE --reason TEXT")
        }
        guard let policy = try PolicyStore.load(version: version, tx) else { throw missing(version, of: tenant) }
        return (tenant, version, policy)
      }
    }
    console.note("Policy \(version) of \(tenant).")
    console.line(JSONLayout.text(policy.json))
    return .success
  }

  static let validate = Command(
    "policy validate", "Check a policy without using it", group: .tenants, operands: [file],
    notes: "Ends with 1 when something must be corrected. Needs no servers."
  ) { arguments, console in
    let path = arguments.operands[0]
    let file = try PolicyFile(reading: path)
    console.print(file.report(path, console))
    return file.issues.isEmpty ? .success : .failure
  }

  static let activate = Command(
    "policy activate", "Put a policy into force, without a restart", group: .tenants, operands: [file],
    options: [.tenant, reason, .actor],
    notes: "Decisions keep the version that they were made under. 'pabean policy rollback' goes back."
  ) { arguments, console in
    let path = arguments.operands[0]
    let file = try PolicyFile(reading: path)
    guard let policy = file.policy else {
      console.print(file.report(path, console))
      return .failure
    }
    let settings = try OperatorSettings.load()
    let reason = arguments.required("reason")
    let actor = OperatorSettings.actor(arguments)
    let (tenant, version) = try await settings.withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      let version = try await pool.transaction(as: tenant) { tx in
        let version = try PolicyStore.add(policy, by: actor, at: SystemClock.now(), tx)
        try putIntoForce(version, reason, actor, tenant, tx)
        return version
      }
      return (tenant, version)
    }
    console.line("Policy \(version) is in force for \(tenant).")
    return .success
  }

  static let history = Command(
    "policy history", "Which policy was in force when, and why", group: .tenants, options: [.tenant, .json]
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let history = try await settings.withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      return try await pool.transaction(as: tenant, readOnly: true) { tx in try PolicyStore.history(tx) }
    }
    if arguments.has("json") {
      let entries = history.map { entry -> JSONValue in
        [
          "version": .integer(entry.version), "reason": .string(entry.reason), "by": entry.activatedBy.json,
          "at": entry.activatedAt.json,
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
      table.add("\(entry.version)", entry.activatedAt.toTheMinute, "\(entry.activatedBy)", entry.reason)
    }
    console.print(table.text(console))
    return .success
  }

  static let rollback = Command(
    "policy rollback", "Put an earlier policy into force again", group: .tenants,
    options: [.tenant, Option("to", "N", "which version; the one in force before when absent"), reason, .actor]
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let wanted = try arguments["to"].map(number)
    let reason = arguments.required("reason")
    let actor = OperatorSettings.actor(arguments)
    let (tenant, version) = try await settings.withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      let version = try await pool.transaction(as: tenant) { tx in
        let history = try PolicyStore.history(tx)
        let current = history.first?.version
        guard let version = wanted ?? history.first(where: { $0.version != current })?.version else {
          throw Failure("no other policy was ever in force for \(tenant)")
        }
        guard try PolicyStore.load(version: version, tx) != nil else { throw missing(version, of: tenant) }
        try putIntoForce(version, reason, actor, tenant, tx)
        return version
      }
      return (tenant, version)
    }
    console.line("Policy \(version) is in force for \(tenant) again.")
    return .success
  }

  private static func putIntoForce(
    _ version: Int64, _ reason: String, _ actor: Actor, _ tenant: TenantID, _ tx: borrowing Transaction
  ) throws {
    try PolicyStore.activate(version: version, reason: reason, by: actor, at: SystemClock.now(), tx)
    try OperatorAudit.append(
      "policy.activated", about: "policy", by: actor, ["version": .integer(version), "reason": .string(reason)],
      of: tenant, tx)
  }

  private static func number(_ text: String) throws -> Int64 {
    guard let number = Int64(text), number > 0 else { throw UsageError("'\(text)' is not a version number") }
    return number
  }

  private static func missing(_ version: Int64, of tenant: TenantID) -> Failure {
    Failure(
      "\(tenant) has no policy version \(version)", remedy: "'pabean policy history' shows those that were in force")
  }
}
