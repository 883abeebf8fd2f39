import Crypto
import Domain
import JSON
import Postgres
import Store
import WorkerRuntime

enum KeyCommands {
  private static let account = Option("account", "NAME", "whose key it is", isRequired: true)

  static let create = Command(
    "key create", "Make an API key; it is shown once and kept nowhere", group: .tenants,
    options: [
      .tenant, account,
      Option("role", "ROLE", "what it may do: intake, or a reviewer's role", isRequired: true, repeats: true),
      Option("person", nil, "the account is a person, who may decide"), .actor,
    ],
    notes: """
      Roles: intake (submits products and shipments), \(ReviewerRole.allCases.map(\.rawValue).joined(separator: ", ")).
      Example: pabean key create --tenant acme --account ana --person --role broker
      """
  ) { arguments, console in
    let roles = arguments.list("role")
    let known = ["intake"] + ReviewerRole.allCases.map(\.rawValue)
    for role in roles where !known.contains(role) {
      let near = Spelling.nearest(to: role, among: known).map { "; did you mean \($0)?" } ?? ""
      throw UsageError("there is no role '\(role)'\(near)", command: "key create")
    }
    let settings = try OperatorSettings.load()
    let account = arguments.required("account")
    let isPerson = arguments.has("person")
    let actor = OperatorSettings.actor(arguments)
    let (tenant, key) = try await settings.withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      let key = try await pool.transaction(as: tenant) { tx in
        try OperatorAudit.append(
          "key.created", about: "key \(account)", by: actor, ["account": .string(account), "roles": .strings(roles)],
          of: tenant, tx)
        return try AccessStore.createKey(
          id: UniqueID(digest: SecureRandom.bytes(16)), account: account, isPerson: isPerson, roles: roles, tx)
      }
      return (tenant, key)
    }
    console.note("The key of \(account) at \(tenant), shown once:")
    console.line(key)
    return .success
  }

  static let revoke = Command(
    "key revoke", "Make an account's keys useless, at once", group: .tenants, options: [.tenant, account, .actor]
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let account = arguments.required("account")
    let actor = OperatorSettings.actor(arguments)
    let count = try await settings.withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      return try await pool.transaction(as: tenant) { tx in
        let count = try AccessStore.revokeKeys(of: account, at: SystemClock.now(), tx)
        if count > 0 {
          try OperatorAudit.append(
            "key.revoked", about: "key \(account)", by: actor, ["account": .string(account)], of: tenant, tx)
        }
        return count
      }
    }
    guard count > 0 else { throw Failure("\(account) has no key that is valid", remedy: "'pabean key list' shows all") }
    console.line("Revoked \(count) \(count == 1 ? "key" : "keys") of \(account).")
    return .success
  }

  static let list = Command(
    "key list", "Who has keys, and what they may do", group: .tenants, options: [.tenant, .json]
  ) {
    arguments, console in
    let settings = try OperatorSettings.load()
    let keys = try await settings.withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      return try await pool.transaction(as: tenant, readOnly: true) { tx in try KeyList.list(tx) }
    }
    if arguments.has("json") {
      console.line(
        JSONValue.array(
          keys.map {
            [
              "account": .string($0.account), "person": .bool($0.isPerson), "roles": .strings($0.roles),
              "revoked": .bool($0.isRevoked),
            ]
          }
        ).text)
      return .success
    }
    var table = TextTable([TextTable.Column("account"), TextTable.Column("is"), TextTable.Column("roles")])
    for key in keys where !key.isRevoked {
      table.add(key.account, key.isPerson ? "person" : "program", key.roles.joined(separator: ", "))
    }
    console.print(table.text(console))
    return .success
  }
}
