import Crypto
import Domain
import JSON
import Postgres
import Store
import WorkerRuntime

enum KeyCommands {
  private static let account = Option(
    "account", "NAME", "whose keys: the name of a program, or a person's address", isRequired: true)

  static let create = Command(
    "key create", "Make an API key; it is shown once and kept nowhere", group: .tenants,
    options: [
      .tenant, Option("account", "NAME", "of the program whose key it is"),
      Option("role", "ROLE", "what the program may do: \(roles.joined(separator: " or "))", repeats: true),
      Option("person", "EMAIL", "instead of a program: of somebody who signs in at the desk"), .actor,
    ],
    notes: """
      A program with the role intake submits products and shipments; with review it reads cases. A person's key may do
      what the person may, now and later, and what is done with it is theirs, as if they had signed in.
      Examples: pabean key create --tenant acme --account erp --role intake
                pabean key create --tenant acme --person mei@acme.example
      """
  ) { arguments, console in
    let owner = try Owner(arguments)
    let settings = try OperatorSettings.load()
    let actor = OperatorSettings.actor(arguments)
    let (tenant, key) = try await settings.withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      let key = try await pool.transaction(as: tenant) { tx in
        let data: JSONValue = ["account": .string(owner.name), "roles": .strings(owner.roles)]
        try OperatorAudit.append("key.created", about: "key \(owner.name)", by: actor, data, of: tenant, tx)
        return try owner.createKey(of: tenant, tx)
      }
      return (tenant, key)
    }
    console.note("The key of \(owner.name) at \(tenant), shown once:")
    console.line(key)
    return .success
  }

  private static let roles = ["intake", "review"]

  /// Whose key is made.
  private enum Owner: Sendable {
    case program(String, roles: [String])
    case person(String)

    init(_ arguments: Arguments) throws {
      func refuse(_ problem: String) -> UsageError { UsageError(problem, command: "key create") }
      let roles = arguments.list("role")
      switch (arguments["account"], arguments["person"]) {
      case (nil, let email?):
        guard roles.isEmpty else { throw refuse("a person's key has the person's roles; leave --role out") }
        self = .person(email.lowercased())
      case (let account?, nil):
        for role in roles where !KeyCommands.roles.contains(role) {
          let near = Spelling.nearest(to: role, among: KeyCommands.roles).map { "; did you mean \($0)?" } ?? ""
          throw refuse("a program has no role '\(role)'\(near)")
        }
        guard !roles.isEmpty else { throw refuse("--role is missing") }
        self = .program(account, roles: roles)
      default: throw refuse("name a program with --account, or a person with --person")
      }
    }

    var name: String {
      switch self {
      case .program(let name, _), .person(let name): name
      }
    }

    var roles: [String] {
      switch self {
      case .program(_, let roles): roles
      case .person: []
      }
    }

    func createKey(of tenant: TenantID, _ tx: borrowing Transaction) throws -> String {
      let id = UniqueID(digest: SecureRandom.bytes(16))
      switch self {
      case .program(let account, let roles):
        return try AccessStore.createKey(id: id, account: account, roles: roles, tx)
      case .person(let email):
        guard let person = try People.find(email: email, tx)?.person else {
          throw Failure(
            "\(tenant) has nobody with the address \(email)", remedy: "'pabean person add' lets them in first")
        }
        return try AccessStore.createKey(id: id, of: person, tx)
      }
    }
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
