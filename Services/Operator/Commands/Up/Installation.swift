import AMQP
import Configuration
import Contracts
import Domain
import Glibc
import JSON
import Maintenance
import Postgres
import Store
import WorkerRuntime

/// The processes of one checkout: servers, services, and what they need to work together.
struct Installation: Sendable {
  let settings: OperatorSettings
  let checkout: Checkout
  private let servers: PrivateServers
  private let register: ServiceRegister
  /// Servers of the caller's own, instead of private ones.
  private let givenDatabase: String?
  private let givenBroker: String?

  private var state: StateFolder { settings.state }

  static func settings() throws -> OperatorSettings { try OperatorSettings.loadForInstallation() }

  init(_ settings: OperatorSettings) throws {
    self.settings = settings
    checkout = try Checkout.find(programs: settings.programs)
    servers = PrivateServers(checkout: checkout, state: settings.state)
    register = ServiceRegister(state: settings.state)
    givenDatabase = settings.databaseURL?.reveal()
    givenBroker = settings.brokerURL?.reveal()
    guard (givenDatabase == nil) == (givenBroker == nil) else {
      throw Failure(
        "only one of PABEAN_DATABASE_URL and PABEAN_AMQP_URL is set",
        remedy: "set both to use your own servers, or neither to have private ones")
    }
  }

  // MARK: Start

  func start(_ console: Console, submitsDemo: Bool) async throws {
    console.line(
      "\(console.bold("Pabean")) \(BuildInfo.version), \(settings.environment.rawValue), in \(state.shownPath)\n")
    let steps = Steps(console: console)
    var credentials = try Credentials(in: state)
    let addresses = try await steps.run("servers") { _ in try await startServers(&credentials) }
    let urls = try ServiceURLs(addresses, settings.environment, &credentials)
    try await steps.run("database") { _ in ((), try await prepareDatabase(urls, credentials)) }
    let tenant = DemoTenant(settings: settings, databaseURL: try urls.database("pabean_operator"))
    let demo = try await steps.run("tenant") { _ in try await tenant.prepare() }
    try await importTenants(addresses, urls, &credentials)
    let running = try await steps.run("services") { progress in try await startServices(urls, progress) }
    try writeEnvironment(addresses, urls, running, demo)
    if submitsDemo {
      let catalogue = DemoCatalogue(
        folder: "\(checkout.root)/infra/demo", state: state, broker: try urls.broker(BrokerDefinitions.operatorUser),
        databaseURL: try urls.database("pabean_operator"), environment: settings.environment, tenant: DemoTenant.slug)
      try await catalogue.submitOnce(steps)
    }
    try await OperatorSettings.withDatabase(try urls.database("pabean_operator"), settings.environment) { pool in
      let summary = try await UpSummary.read(pool, of: DemoTenant.slug)
      summary.print(console, running: running, state: state)
    }
  }

  private func startServers(_ credentials: inout Credentials) async throws -> (PrivateServers.Addresses, String) {
    if let givenDatabase, let givenBroker {
      let broker = try AMQPEndpoint(givenBroker)
      return (
        PrivateServers.Addresses(
          databaseURL: givenDatabase, brokerURL: givenBroker, managementURL: settings.managementURL?.reveal()),
        "yours: PostgreSQL \(try DatabaseURL(givenDatabase).address), RabbitMQ \(broker.host):\(broker.port)"
      )
    }
    if !LocalFile.exists(state.brokerDefinitions) { try writeDefinitions([DemoTenant.slug], &credentials) }
    let addresses = try await servers.start()
    let broker = try AMQPEndpoint(addresses.brokerURL)
    return (
      addresses,
      "PostgreSQL \(try DatabaseURL(addresses.databaseURL).address), RabbitMQ \(broker.host):\(broker.port)"
    )
  }

  @discardableResult
  private func writeDefinitions(_ tenants: [TenantID], _ credentials: inout Credentials) throws -> BrokerDefinitions {
    let definitions = try credentials.brokerDefinitions(markets: settings.markets, tenants: tenants)
    try LocalFile.write(definitions.json.text, to: state.brokerDefinitions, isSecret: true)
    return definitions
  }

  private func prepareDatabase(_ urls: ServiceURLs, _ credentials: Credentials) async throws -> String {
    let passwords = urls.databasePasswords
    let applied = try await OperatorSettings.withDatabase(urls.administratorDatabase, settings.environment) { pool in
      let applied = try await Migrator(pool: pool).migrate()
      try await pool.transaction { tx in
        for (role, password) in passwords.sorted(by: { $0.key < $1.key }) {
          try RoleLogins.allow(role, password: password, tx)
        }
      }
      return applied
    }
    let data = try DataFolder(configured: settings.dataFolder)
    let packs = try await OperatorSettings.withDatabase(
      try urls.database("pabean_operator"), settings.environment
    ) { pool in
      try await MarketPackFolder("\(data.reference)/markets").load(
        into: pool, activates: true, because: "delivered with Pabean", by: .system("operator"))
    }
    let schema = "schema \(Migrator.requiredVersion)\(applied.isEmpty ? "" : " created")"
    return "\(schema), \(packs.count) market packs"
  }

  /// Private servers learn the topology from a file when they start; those that run, or are given, over HTTP.
  private func importTenants(
    _ addresses: PrivateServers.Addresses, _ urls: ServiceURLs, _ credentials: inout Credentials
  ) async throws {
    let tenants = try await OperatorSettings.withDatabase(try urls.database("pabean_operator"), settings.environment) {
      pool in try await pool.transaction(readOnly: true) { tx in try AccessStore.tenants(tx).keys.sorted() }
    }
    let before = try? LocalFile.read(state.brokerDefinitions)
    let definitions = try writeDefinitions(tenants, &credentials)
    guard givenBroker != nil || before != definitions.json.bytes else { return }
    guard let management = addresses.managementURL else {
      if await isServed(by: try AMQPEndpoint(urls.broker(BrokerDefinitions.operatorUser)), tenants) { return }
      throw Failure(
        "the broker's users and queues cannot be created without its management API",
        remedy: """
          set PABEAN_MANAGEMENT_URL=http://user:password@host:15672, or import the file yourself and start again:
              rabbitmqctl import_definitions \(state.shown(state.brokerDefinitions))
          """)
    }
    try await ManagementAPI(management).importDefinitions(definitions.json)
  }

  /// Whether somebody has imported the definitions for us.
  private func isServed(by broker: AMQPEndpoint, _ tenants: [TenantID]) async -> Bool {
    let admin = AMQPAdmin(endpoint: broker)
    var isServed = true
    for queue in Topology(markets: settings.markets, tenants: tenants).queueNames where isServed {
      isServed = (try? await admin.messageCount(queue.text)) != nil
    }
    await admin.close()
    return isServed
  }

  private func startServices(_ urls: ServiceURLs, _ progress: (String) -> Void) async throws -> (
    [RunningService], String
  ) {
    let before = register.running()
    let stale = before.filter(\.isOfReplacedProgram)
    await register.stop(stale)
    let kept = before.filter { service in !stale.contains { $0.name == service.name } }
    var all: [RunningService] = []
    for service in try await services(urls) {
      if let running = kept.first(where: { $0.name == service.name }) {
        all.append(running)
      } else {
        all.append(try register.start(service, environment: try urls.environment(of: service, settings)))
      }
    }
    try await register.awaitReady(all, within: .seconds(60), progress: progress)
    return (all, all.map(\.name).joined(separator: ", "))
  }

  private func services(_ urls: ServiceURLs) async throws -> [LocalService] {
    var services = Stage.allCases.map { LocalService($0, checkout) }
    for index in services.indices where services[index].name == Stage.writeback.rawValue {
      services[index].variables = [
        "PABEAN_FILE_DROP": state.outcomes, "PABEAN_WEBHOOK_ALLOW": "127.0.0.0/8",
      ]
    }
    let desk = LocalService(
      "review-desk", program: checkout.program("pabean-review-desk"), databaseRole: "pabean_review_desk",
      brokerUser: BrokerDefinitions.reviewDeskUser)
    if await isComplete(desk, try urls.environment(of: desk, settings)) { services.append(desk) }
    if !LocalFile.exists(state.auditKey) { _ = try AuditKeyFile.create(at: state.auditKey) }
    services.append(
      LocalService(
        "maintain", program: Checkout.executablePath(), arguments: [MaintainCommand.command.name],
        databaseRole: "pabean_maintenance", brokerUser: BrokerDefinitions.maintenanceUser,
        variables: ["PABEAN_AUDIT_KEY": state.auditKey]))
    for service in services where !LocalFile.exists(service.program) {
      throw Failure("\(service.program) is not there", remedy: "build it: swift build -c release")
    }
    return services
  }

  /// A program that accepts its configuration is one that can be started.
  private func isComplete(_ service: LocalService, _ environment: [String: String]) async -> Bool {
    guard LocalFile.exists(service.program) else { return false }
    let log = state.log(of: "\(service.name)-check")
    LocalFile.remove(log)
    let status = try? await ChildProcess.run(service.program, ["--check"], environment: environment, log: log)
    return status == 0 && LocalFile.tail(log, lines: 1).contains("configuration is complete")
  }

  /// For the other commands, so that they need no settings here.
  private func writeEnvironment(
    _ addresses: PrivateServers.Addresses, _ urls: ServiceURLs, _ running: [RunningService], _ demo: DemoTenant.Keys
  ) throws {
    var file = VariablesFile([
      "PABEAN_DATABASE_URL": try urls.database("pabean_operator"),
      "PABEAN_AMQP_URL": try urls.broker(BrokerDefinitions.operatorUser),
      "PABEAN_ADMIN_DATABASE_URL": addresses.databaseURL, "PABEAN_ENVIRONMENT": settings.environment.rawValue,
      "PABEAN_MARKETS": settings.markets.map(\.key).joined(separator: ","),
    ])
    file.values["PABEAN_MANAGEMENT_URL"] = addresses.managementURL
    file.values["PABEAN_DATA"] = settings.dataFolder
    file.values["PABEAN_KEY"] = demo["ERP"]
    if let ingest = running.first(where: { $0.name == "ingest" }) {
      file.values["PABEAN_INTAKE_URL"] = "http://\(ingest.address)"
    }
    try file.write(to: state.environment, isSecret: true)
  }

  // MARK: Running

  /// Says so when a service ends that should not.
  func reportEnds(_ console: Console) async {
    var reported: Set<String> = []
    let services = register.running()
    while !Task.isCancelled {
      for service in services where !service.process.isRunning && reported.insert(service.name).inserted {
        console.complain(
          "\(service.name) has ended",
          remedy: "see \(state.shown(state.log(of: service.name))); 'pabean up' starts it again")
      }
      try? await Task.sleep(for: .seconds(1))
    }
  }

  // MARK: Stop

  func stop(_ console: Console) async throws {
    let steps = Steps(console: console)
    let running = register.running()
    if !running.isEmpty {
      try await steps.run("services") { progress in
        progress("finishing what is in hand")
        await register.stop(running)
        return ((), "stopped")
      }
    }
    guard LocalFile.exists("\(state.servers)/settings") else { return }
    try await steps.run("servers") { _ in
      try await servers.stop()
      return ((), "stopped")
    }
  }
}

extension RunningService {
  /// Whether its program has been built anew since it started.
  fileprivate var isOfReplacedProgram: Bool {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      let count = readlink("/proc/\(process.id)/exe", buffer.baseAddress!, 4095)
      let path = String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      return path.hasSuffix(" (deleted)")
    }
  }
}
