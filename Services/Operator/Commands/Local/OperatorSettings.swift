import AMQP
import Configuration
import Domain
import Glibc
import Postgres
import WorkerRuntime

/// Where a command finds its installation: in its environment, or in the checkout where `pabean up` runs one.
struct OperatorSettings: Sendable {
  var databaseURL: Secret?
  var brokerURL: Secret?
  var managementURL: Secret?
  var environment: Domain.Environment
  var markets: [Market]
  var intakeURL: String?
  var key: Secret?
  var dataFolder: String?
  var state: StateFolder
  var programs: String?
  /// Whether the servers are those that `pabean up` started here.
  var isLocal: Bool

  /// - Parameter administers: the command needs the rights of the database's owner, as `migrate` does.
  static func load(administers: Bool = false) throws -> OperatorSettings {
    let process = Configuration.Environment.process()
    let state = StateFolder.find(configured: process.variables["PABEAN_STATE"])
    let isGiven = ["PABEAN_DATABASE_URL", "PABEAN_DATABASE_URL_FILE"].contains { process.variables[$0] != nil }
    guard !isGiven, let file = try? VariablesFile(reading: state.environment) else {
      return try read(process, state, isLocal: false)
    }
    var merged = file.values.merging(process.variables) { _, own in own }
    if administers { merged["PABEAN_DATABASE_URL"] = merged["PABEAN_ADMIN_DATABASE_URL"] }
    return try read(Configuration.Environment(merged), state, isLocal: true)
  }

  /// From the process's environment alone: what an earlier `up` wrote down is not what this one was given.
  static func loadForInstallation() throws -> OperatorSettings {
    let process = Configuration.Environment.process()
    return try read(process, StateFolder.find(configured: process.variables["PABEAN_STATE"]), isLocal: true)
  }

  private static func read(_ variables: Configuration.Environment, _ state: StateFolder, isLocal: Bool) throws
    -> OperatorSettings
  {
    try ConfigurationReader.load(from: variables) { reader in
      // Those of the workers and of tests may stand in the same environment.
      reader.allow(variables.variables.keys.filter { name in otherPrefixes.contains { name.hasPrefix($0) } })
      return OperatorSettings(
        databaseURL: reader.optional("PABEAN_DATABASE_URL", .secret, "the database"),
        brokerURL: reader.optional("PABEAN_AMQP_URL", .secret, "the broker"),
        managementURL: reader.optional("PABEAN_MANAGEMENT_URL", .secret, "the broker's management API"),
        environment: reader.optional(
          "PABEAN_ENVIRONMENT", .oneOf(Domain.Environment.self), default: .live, "live or sandbox"),
        markets: reader.optional(
          "PABEAN_MARKETS", .list(of: .market), default: WorkerConfiguration.allMarkets, "the markets served"),
        intakeURL: reader.optional("PABEAN_INTAKE_URL", .string, "where products are submitted over HTTP"),
        key: reader.optional("PABEAN_KEY", .secret, "the API key to submit with"),
        dataFolder: reader.optional("PABEAN_DATA", .string, "the folder of reference data and knowledge"),
        state: state,
        programs: reader.optional("PABEAN_BIN", .string, "the folder of the workers' executables"),
        isLocal: isLocal)
    }.value
  }

  private static let otherPrefixes = [
    "PABEAN_TEST_", "PABEAN_ADMIN_", "PABEAN_STATE", "PABEAN_HTTP_", "PABEAN_LOG_", "PABEAN_BATCH_", "PABEAN_DRAIN_",
    "PABEAN_DATABASE_CONNECTIONS", "PABEAN_FAULT", "PABEAN_SEAL", "PABEAN_SHARED_DATA",
  ]

  func requireDatabase() throws -> String {
    if let databaseURL { return databaseURL.reveal() }
    throw ConfigurationError(problems: [
      .init(
        name: "PABEAN_DATABASE_URL", wrong: "is required",
        remedy: "set it, or run 'pabean up' here; nothing runs in \(state.shownPath)")
    ])
  }

  func requireBroker() throws -> AMQPEndpoint {
    if let brokerURL { return try AMQPEndpoint(brokerURL.reveal()) }
    throw ConfigurationError(problems: [
      .init(name: "PABEAN_AMQP_URL", wrong: "is required", remedy: "set it, or run 'pabean up' here")
    ])
  }

  /// Lends a pool for the time of the body.
  func withDatabase<R: Sendable>(_ body: (PostgresPool) async throws -> R) async throws -> R {
    try await OperatorSettings.withDatabase(try requireDatabase(), environment, body)
  }

  static func withDatabase<R: Sendable>(
    _ url: String, _ environment: Domain.Environment, _ body: (PostgresPool) async throws -> R
  ) async throws -> R {
    let pool = PostgresPool(
      PostgresConfiguration(
        url: url, applicationName: "pabean-operator", poolSize: 2,
        sessionSettings: [("app.environment", environment.rawValue)]))
    let result: Result<R, any Error>
    do { result = .success(try await body(pool)) } catch { result = .failure(error) }
    await pool.close()
    return try result.get()
  }

  /// Who acts, for the audit log.
  static func actor(_ arguments: Arguments) -> Actor {
    .person(arguments["as"] ?? getenv("USER").map { String(cString: $0) } ?? "operator")
  }
}
