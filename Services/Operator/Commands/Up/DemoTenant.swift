import Crypto
import Domain
import JSON
import Postgres
import Store
import WorkerRuntime

/// The seller whose catalogue is shown: people, keys, rules and destinations, created where they are missing.
struct DemoTenant: Sendable {
  static let slug: TenantID = {
    guard let slug = TenantID("demo") else { preconditionFailure("demo is a slug") }
    return slug
  }()
  static let displayName = "Demo Trading Pte Ltd"

  /// By the name under which each stands in the file of keys.
  typealias Keys = [String: String]

  let settings: OperatorSettings
  let databaseURL: String

  static let people = [
    Guest(name: "Ana Lim", email: "ana@demo.example", roles: [.broker]),
    Guest(name: "Budi Santoso", email: "budi@demo.example", roles: [.compliance]),
    Guest(
      name: "Citra Dewi", email: "citra@demo.example", roles: [.broker, .compliance, .complianceLead, .admin]),
    // Puts into force what Citra wrote: nobody does that with a draft of their own.
    Guest(name: "Dian Wijaya", email: "dian@demo.example", roles: [.admin]),
  ]

  struct Guest: Sendable {
    var name: String
    var email: String
    var roles: [PersonRole]

    var shortName: String { String(email.prefix { $0 != "@" }) }
    /// Under which the key stands in the file of keys.
    var keyName: String { shortName.uppercased() }
    var passwordName: String { "\(keyName)_PASSWORD" }
  }

  /// How the summary says to sign in.
  static var signInHint: String {
    "\(people.map(\.email).joined(separator: ", ")); passwords \(people.map(\.passwordName).joined(separator: ", "))"
  }

  func prepare() async throws -> (Keys, String) {
    let known = (try? VariablesFile(reading: settings.state.demoKeys))?.values ?? [:]
    let (keys, policy) = try await OperatorSettings.withDatabase(databaseURL, settings.environment) { pool in
      try await pool.transaction(as: DemoTenant.slug) { tx in
        try AccessStore.createTenant(DemoTenant.slug, displayName: DemoTenant.displayName, tx)
        try DemoTenant.addDestinations(tx)
        let policy = try FirstPolicy.activateWhereMissing(
          FirstPolicy.ofTheDemo, by: .system("operator"), at: SystemClock.now(), tx)
        let passwords = try DemoTenant.passwords(known, tx)
        return (try DemoTenant.keys(known, tx).merging(passwords) { $1 }, policy)
      }
    }
    if keys != known { try VariablesFile(keys).write(to: settings.state.demoKeys, isSecret: true) }
    let people = DemoTenant.people.map(\.shortName).joined(separator: ", ")
    return (keys, "\(DemoTenant.slug): policy \(policy), \(people), outcomes to AMQP and files")
  }

  /// A key can be shown once only, so one that is not in our file is replaced.
  private static func keys(_ known: Keys, _ tx: borrowing Transaction) throws -> Keys {
    let valid = Set(try KeyList.list(tx).filter { !$0.isRevoked }.map(\.account))
    func key(_ name: String, of account: String, _ create: (UniqueID) throws -> String) throws -> String {
      if let key = known[name], valid.contains(account) { return key }
      _ = try AccessStore.revokeKeys(of: account, at: SystemClock.now(), tx)
      return try create(UniqueID(digest: SecureRandom.bytes(16)))
    }
    var keys: Keys = [:]
    keys["ERP"] = try key("ERP", of: "erp") { id in
      try AccessStore.createKey(id: id, account: "erp", roles: ["intake"], tx)
    }
    for guest in people {
      guard let person = try People.find(email: guest.email, tx)?.person else { continue }
      keys[guest.keyName] = try key(guest.keyName, of: guest.email) { id in
        try AccessStore.createKey(id: id, of: person, tx)
      }
    }
    return keys
  }

  /// A password that our file does not know is replaced, as a key is.
  private static func passwords(_ known: Keys, _ tx: borrowing Transaction) throws -> Keys {
    var passwords: Keys = [:]
    for guest in people {
      let found = try People.find(email: guest.email, tx)
      let password = known[guest.passwordName] ?? Hex.encode(SecureRandom.bytes(8))
      passwords[guest.passwordName] = password
      if found != nil, known[guest.passwordName] != nil { continue }
      let person =
        found?.person
        ?? People.Person(
          id: UniqueID(digest: SecureRandom.bytes(16)), email: guest.email, name: guest.name, roles: guest.roles)
      if found == nil { _ = try People.add(person, at: SystemClock.now(), tx) }
      try People.setPassword(Argon2id.hash(password), of: person.id, tx)
    }
    return passwords
  }

  private static func addDestinations(_ tx: borrowing Transaction) throws {
    let destinations = [
      Destination(name: "erp", kind: .amqp, config: [:], secrets: [], isDryRun: false),
      Destination(name: "archive", kind: .file, config: ["format": "jsonl"], secrets: [], isDryRun: false),
    ]
    for destination in destinations { _ = try Destinations.add(destination, tx) }
  }
}
