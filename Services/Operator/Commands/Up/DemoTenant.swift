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

  private struct Account {
    var name: String
    var isPerson: Bool
    var roles: [String]
  }

  private static let people = [
    Guest(name: "Ana Lim", email: "ana@demo.example", roles: [.broker]),
    Guest(name: "Budi Santoso", email: "budi@demo.example", roles: [.compliance]),
    Guest(
      name: "Citra Dewi", email: "citra@demo.example", roles: [.broker, .compliance, .complianceLead, .admin]),
  ]

  private struct Guest {
    var name: String
    var email: String
    var roles: [PersonRole]

    /// Under which the password stands in the file of keys.
    var passwordName: String { "\(email.prefix { $0 != "@" }.uppercased())_PASSWORD" }
  }

  /// How the summary says to sign in.
  static var signInHint: String {
    "\(people.map(\.email).joined(separator: ", ")); passwords ANA_PASSWORD, BUDI_PASSWORD, CITRA_PASSWORD"
  }

  private static let accounts = [
    Account(name: "erp", isPerson: false, roles: ["intake"]),
    Account(name: "ana", isPerson: true, roles: ["broker"]),
    Account(name: "budi", isPerson: true, roles: ["compliance"]),
    Account(name: "citra", isPerson: true, roles: ["broker", "compliance", "compliance-lead"]),
  ]

  func prepare() async throws -> (Keys, String) {
    let known = (try? VariablesFile(reading: settings.state.demoKeys))?.values ?? [:]
    let (keys, policy) = try await OperatorSettings.withDatabase(databaseURL, settings.environment) { pool in
      try await pool.transaction(as: DemoTenant.slug) { tx in
        try AccessStore.createTenant(DemoTenant.slug, displayName: DemoTenant.displayName, tx)
        try DemoTenant.addDestinations(tx)
        let policy = try FirstPolicy.activateWhereMissing(
          FirstPolicy.ofTheDemo, by: .system("operator"), at: SystemClock.now(), tx)
        let keys = try DemoTenant.keys(known, tx).merging(try DemoTenant.passwords(known, tx)) { $1 }
        return (keys, policy)
      }
    }
    if keys != known { try VariablesFile(keys).write(to: settings.state.demoKeys, isSecret: true) }
    let people = DemoTenant.accounts.filter(\.isPerson).map(\.name).joined(separator: ", ")
    return (keys, "\(DemoTenant.slug): policy \(policy), \(people), outcomes to AMQP and files")
  }

  /// A key can be shown once only, so one that is not in our file is replaced.
  private static func keys(_ known: Keys, _ tx: borrowing Transaction) throws -> Keys {
    let valid = Set(try KeyList.list(tx).filter { !$0.isRevoked }.map(\.account))
    var keys: Keys = [:]
    for account in accounts {
      let name = account.name.uppercased()
      if let key = known[name], valid.contains(account.name) {
        keys[name] = key
        continue
      }
      _ = try AccessStore.revokeKeys(of: account.name, at: SystemClock.now(), tx)
      keys[name] = try AccessStore.createKey(
        id: UniqueID(digest: SecureRandom.bytes(16)), account: account.name, isPerson: account.isPerson,
        roles: account.roles, tx)
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
