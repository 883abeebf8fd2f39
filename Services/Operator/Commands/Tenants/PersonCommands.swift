import Crypto
import Domain
import JSON
import Postgres
import Store
import WorkerRuntime

/// The people who sign in at the review desk.
enum PersonCommands {
  private static let email = Operand("EMAIL", "the address that the person signs in with")
  private static let role = Option("role", "ROLE", "what the person may do", isRequired: true, repeats: true)
  private static let market = Option("market", "MARKET", "sees only this market, such as SG", repeats: true)
  private static let language = Option("language", "LANG", "en, id, ms, th, vi or zh; auto is as the browser asks")
  private static let desk = Option("desk", "URL", "where people reach the desk, for the link")
  private static let languages = ["auto", "en", "id", "ms", "th", "vi", "zh"]
  private static let roles = "Roles: \(PersonRole.allCases.map(\.rawValue).joined(separator: ", "))."

  static let add = Command(
    "person add", "Let a person sign in at the review desk; prints a link to choose a password", group: .tenants,
    options: [
      .tenant, Option("email", "EMAIL", "the address that the person signs in with", isRequired: true),
      Option("name", "NAME", "as colleagues know the person", isRequired: true), role, market, language, desk, .actor,
    ],
    notes: """
      \(roles)
      The link works once and for 72 hours. Send it to the person alone; 'pabean person reset' makes another.
      Example: pabean person add --tenant acme --email mei@acme.example --name 'Mei Tan' --role broker --market SG
      """
  ) { arguments, console in
    let person = try newPerson(arguments)
    let token = try await inTenant(arguments) { register, tx in try register.add(person, tx) }
    console.line("\(person.name) is a \(person.roles.map(\.rawValue).joined(separator: ", ")) now.")
    try printLink(token, arguments, console)
    return .success
  }

  static let change = Command(
    "person change", "Change a person's name, roles, markets or language", group: .tenants, operands: [email],
    options: [
      .tenant, Option("name", "NAME", "the new name"), Option("role", "ROLE", "instead of those before", repeats: true),
      Option("market", "MARKET", "instead of those before", repeats: true),
      Option("all-markets", nil, "sees every market"), language, .actor,
    ],
    notes: roles + "\nWhat is not named stays as it is. It holds from the person's next click."
  ) { arguments, console in
    let names = ["name", "role", "market", "all-markets", "language"]
    guard names.contains(where: arguments.has) else {
      throw UsageError("nothing to change; name one of --\(names.joined(separator: ", --"))", command: "person change")
    }
    let (name, roles, language) = (arguments["name"], try roles(arguments, "person change"), try language(arguments))
    let markets = arguments.has("all-markets") ? [] : try markets(arguments, "person change")
    let changesMarkets = arguments.has("all-markets") || arguments.has("market")
    let address = arguments.operands[0]
    let person = try await inTenant(arguments) { register, tx in
      var person = try register.find(address, tx).person
      if let name { person.name = name }
      if !roles.isEmpty { person.roles = roles }
      if changesMarkets { person.markets = markets }
      if let language { person.language = language }
      try register.change(person, tx)
      return person
    }
    console.line("\(person.name): \(words(person)).")
    return .success
  }

  static let disable = Command(
    "person disable", "Sign a person out everywhere, and let them in no more", group: .tenants, operands: [email],
    options: [.tenant, .actor]
  ) { arguments, console in
    let address = arguments.operands[0]
    let person = try await inTenant(arguments) { register, tx in try register.disable(address, tx) }
    console.line("\(person.name) is signed out and cannot sign in.")
    return .success
  }

  static let enable = Command(
    "person enable", "Let a person in again who was disabled or locked out", group: .tenants, operands: [email],
    options: [.tenant, .actor]
  ) { arguments, console in
    let address = arguments.operands[0]
    let person = try await inTenant(arguments) { register, tx in try register.enable(address, tx) }
    console.line("\(person.name) can sign in again.")
    return .success
  }

  static let reset = Command(
    "person reset", "Take a person's password away and print a link to choose a new one", group: .tenants,
    operands: [email], options: [.tenant, desk, .actor]
  ) { arguments, console in
    let address = arguments.operands[0]
    let (person, token) = try await inTenant(arguments) { register, tx in try register.reset(address, tx) }
    console.line("\(person.name) is signed out everywhere.")
    try printLink(token, arguments, console)
    return .success
  }

  static let unbind = Command(
    "person unbind", "Forget which account of the organisation's sign-in a person has", group: .tenants,
    operands: [email], options: [.tenant, .actor],
    notes: "For a person whose account there was made anew. The next sign-in with their verified address binds it."
  ) { arguments, console in
    let address = arguments.operands[0]
    let person = try await inTenant(arguments) { register, tx in try register.unbind(address, tx) }
    console.line("\(person.name) is signed out everywhere, and bound anew at the next sign-in.")
    return .success
  }

  static let list = Command(
    "person list", "Who may sign in at the review desk, and as what", group: .tenants, options: [.tenant, .json]
  ) { arguments, console in
    let people = try await inTenant(arguments) { _, tx in try People.list(tx) }
    if arguments.has("json") {
      console.line(JSONValue.array(people.map { json($0) }).text)
      return .success
    }
    var table = TextTable([
      TextTable.Column("e-mail", max: 40), TextTable.Column("name", max: 28), TextTable.Column("roles"),
      TextTable.Column("markets"), TextTable.Column("state"),
    ])
    let now = SystemClock.now()
    for listed in people {
      let person = listed.person
      let isLocked = listed.lockedUntil.map { $0 > now } ?? false
      table.add(
        person.email, person.name, person.roles.map(\.rawValue).joined(separator: ", "),
        person.markets.isEmpty ? "all" : person.markets.map(\.code).joined(separator: " "),
        listed.isDisabled ? "disabled" : isLocked ? "locked out" : "active")
    }
    console.print(table.text(console))
    return .success
  }

  // MARK: Reading the command line

  private static func newPerson(_ arguments: Arguments) throws -> People.Person {
    let email = arguments.required("email").lowercased()
    let parts = email.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), email.utf8.count <= 254,
      !email.contains(where: { $0.isWhitespace || $0 == "<" || $0 == ">" })
    else { throw UsageError("'\(email)' is no e-mail address", command: "person add") }
    return People.Person(
      id: UniqueID(digest: SecureRandom.bytes(16)), email: email, name: arguments.required("name"),
      roles: try roles(arguments, "person add"), markets: try markets(arguments, "person add"),
      language: try language(arguments) ?? "auto")
  }

  private static func roles(_ arguments: Arguments, _ command: String) throws(UsageError) -> [PersonRole] {
    var roles: [PersonRole] = []
    for name in arguments.list("role") {
      guard let role = PersonRole(rawValue: name) else {
        let near = Spelling.nearest(to: name, among: PersonRole.allCases.map(\.rawValue))
        throw UsageError(
          "there is no role '\(name)'\(near.map { "; did you mean \($0)?" } ?? "")", command: command)
      }
      if !roles.contains(role) { roles.append(role) }
    }
    return roles
  }

  private static func markets(_ arguments: Arguments, _ command: String) throws(UsageError) -> [Market] {
    var markets: [Market] = []
    for name in arguments.list("market") {
      guard let market = Market(name.uppercased()) else {
        throw UsageError("'\(name)' is no market; give two letters such as SG", command: command)
      }
      markets.append(market)
    }
    return markets
  }

  private static func language(_ arguments: Arguments) throws(UsageError) -> String? {
    guard let language = arguments["language"] else { return nil }
    guard languages.contains(language) else {
      throw UsageError("there is no language '\(language)'; use one of \(languages.joined(separator: ", "))")
    }
    return language
  }

  // MARK: Doing it

  private static func inTenant<R: Sendable>(
    _ arguments: Arguments, _ body: @Sendable (PersonRegister, borrowing Transaction) throws -> R
  ) async throws -> R {
    let actor = OperatorSettings.actor(arguments)
    return try await OperatorSettings.load().withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      let register = PersonRegister(tenant: tenant, actor: actor, now: SystemClock.now())
      return try await pool.transaction(as: tenant) { tx in try body(register, tx) }
    }
  }

  /// Without the desk's address the path alone is printed, which is the same everywhere.
  private static func printLink(_ token: String, _ arguments: Arguments, _ console: Console) throws {
    let settings = try OperatorSettings.load()
    let local = ServiceRegister(state: settings.state).running().first { $0.name == "review-desk" }
    var base = arguments["desk"] ?? (settings.isLocal ? local.map { "http://\($0.address)" } : nil) ?? ""
    while base.hasSuffix("/") { base.removeLast() }
    console.note("The link to choose a password, shown once and good for 72 hours:")
    console.line("\(base)/welcome/\(token)")
    if base.isEmpty { console.note("Put the desk's address before it, or give it with --desk.") }
  }

  private static func words(_ person: People.Person) -> String {
    let markets = person.markets.isEmpty ? "all markets" : person.markets.map(\.code).joined(separator: ", ")
    return "\(person.roles.map(\.rawValue).joined(separator: ", ")); \(markets); \(person.language)"
  }

  private static func json(_ listed: People.Listed) -> JSONValue {
    let person = listed.person
    var object = JSONObject([
      ("email", .string(person.email)), ("name", .string(person.name)),
      ("roles", .strings(person.roles.map(\.rawValue))), ("markets", .strings(person.markets.map(\.code))),
      ("language", .string(person.language)), ("disabled", .bool(listed.isDisabled)),
    ])
    object.set("lockedUntil", listed.lockedUntil?.json)
    return .object(object)
  }
}
