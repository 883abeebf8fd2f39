import AMQP
import Contracts
import Crypto
import Domain
import Glibc
import HTTP
import JSON
import Postgres
import Store
import Synchronization

/// A Pabean of a test's own: a database, a vhost with the topology, and whichever services the test starts.
///
///     @Test(.pabean) func flow() async throws {
///       let pabean = try await Installation.open(markets: ["SG"])
///       try await pabean.startAll()
///       …
///       try await pabean.close()
///     }
public final class Installation: Sendable {
  public static let tenant = TenantID("acme")!
  public static let otherTenant = TenantID("other")!

  public let servers: PrivateServers
  public let databaseURL: String
  public let vhost: String
  public let markets: [Market]
  public let pool: PostgresPool
  public let broker: AMQPEndpoint
  public let folder: String
  /// With the rights of the maintenance service and of the review desk.
  public let maintenance: PostgresPool
  public let reviewDesk: PostgresPool
  private let fleet = Mutex<WorkerFleet?>(nil)
  private let queue = Mutex<ERPQueue?>(nil)

  /// The workers that a test starts, kills and restarts.
  public var workers: WorkerFleet {
    fleet.withLock { fleet in
      let made = fleet ?? WorkerFleet(self)
      fleet = made
      return made
    }
  }

  /// The first tenant's ERP on the broker. One for all tests of an installation: two would take each other's messages.
  public var erp: ERPQueue {
    queue.withLock { queue in
      let made = queue ?? ERPQueue(self)
      queue = made
      return made
    }
  }

  private init(servers: PrivateServers, databaseURL: String, vhost: String, markets: [Market], folder: String) throws {
    self.servers = servers
    self.databaseURL = databaseURL
    self.vhost = vhost
    self.markets = markets
    self.folder = folder
    broker = try AMQPEndpoint(servers.amqpURL).replacing(vhost: vhost)
    pool = PostgresPool(
      PostgresConfiguration(
        url: databaseURL, applicationName: "pabean-test", poolSize: 4, sessionSettings: [("app.environment", "live")]))
    maintenance = Installation.pool(databaseURL, role: "pabean_maintenance")
    reviewDesk = Installation.pool(databaseURL, role: "pabean_review_desk")
  }

  private static func pool(_ url: String, role: String) -> PostgresPool {
    PostgresPool(
      PostgresConfiguration(
        url: Installation.url(url, role: role), applicationName: role, poolSize: 1,
        sessionSettings: [("app.environment", "live")]))
  }

  /// On the servers that all tests share, in the database of the test's `.pabean` trait.
  public static func open(markets: [String] = ["SG"]) async throws -> Installation {
    let servers = try PrivateServers.shared()
    return try await open(on: servers, databaseURL: try TestDatabase.required().url, markets: markets)
  }

  /// On servers of the test's own, which it may kill. Prepares the database `postgres` of it.
  public static func open(on servers: PrivateServers, markets: [String] = ["SG"]) async throws -> Installation {
    try await prepare(servers.databaseURL)
    return try await open(on: servers, databaseURL: servers.databaseURL, markets: markets)
  }

  private static func open(on servers: PrivateServers, databaseURL: String, markets: [String]) async throws
    -> Installation
  {
    let name = "t-\(Hex.encode(SecureRandom.bytes(6)))"
    let folder = "/tmp/pabean-\(name)"
    mkdir(folder, 0o700)
    let installation = try Installation(
      servers: servers, databaseURL: databaseURL, vhost: name, markets: markets.compactMap { Market($0) },
      folder: folder)
    try await installation.createVhost()
    return installation
  }

  public func close() async throws {
    await queue.withLock { $0 }?.close()
    for pool in [pool, maintenance, reviewDesk] { await pool.close() }
    _ = try? await management(.delete, "/api/vhosts/\(vhost)")
    _ = try? await Subprocess.run("rm", ["-rf", folder])
  }

  // MARK: Preparation

  public static let template = DatabaseTemplate(name: "installation") { url in try await prepare(url) }

  /// How sure the classifier is must not decide how a test of the flow ends: what has a code clears, and what is filed
  /// under `Held` waits for a person.
  static let policy = Policy(
    name: "tests",
    defaults: .init(
      autoClearAt: Confidence(millionths: 1000), suggestAt: Confidence(millionths: 1000),
      requiredFields: ["origin", "unitValue"]),
    triggers: Policy.starterWithoutNovelty.triggers + [
      Trigger(id: "held-by-tests", categories: ["Held"], reason: "The test wants a person to see it.")
    ], requiredLists: .named([]))

  /// Schema, market packs in force, two tenants with the tests' policy, and an AMQP destination each.
  public static func prepare(_ url: String) async throws {
    let pool = PostgresPool(
      PostgresConfiguration(url: url, applicationName: "pabean-test", sessionSettings: [("app.environment", "live")]))
    _ = try await Migrator(pool: pool).migrate()
    let packs = try marketPacks()
    try await pool.transaction { tx in
      for pack in packs {
        guard let market = pack["market"]?.stringValue.flatMap({ Market($0) }),
          let version = pack["version"]?.stringValue
        else { continue }
        _ = try MarketPackStore.load(market: market, version: version, content: pack, tx)
        try MarketPackStore.activate(market: market, version: version, reason: "test", by: .person("test"), tx)
      }
      for tenant in [tenant, otherTenant] {
        try add(tenant, [Destination(name: "queue", kind: .amqp, config: [:], secrets: [], isDryRun: false)], tx)
        try activatePolicy(of: tenant, tx)
      }
    }
    await pool.close()
  }

  private static func add(_ tenant: TenantID, _ destinations: [Destination], _ tx: borrowing Transaction) throws {
    try AccessStore.createTenant(tenant, displayName: "\(tenant) Pte Ltd", tx)
    try tx.enter(tenant)
    for destination in destinations { try AccessStore.addDestination(destination, tx) }
  }

  private static func activatePolicy(of tenant: TenantID, _ tx: borrowing Transaction) throws {
    try tx.enter(tenant)
    let now = Instant(microseconds: 1_700_000_000_000_000)
    let version = try PolicyStore.add(policy, by: .person("test"), at: now, tx)
    try PolicyStore.activate(version: version, reason: "first", by: .person("test"), at: now, tx)
  }

  /// A tenant of the test's own, which has no queue on the broker for outcomes.
  public func addTenant(_ slug: String, _ destinations: [Destination] = [], withPolicy: Bool = true) async throws
    -> TenantID
  {
    guard let tenant = TenantID(slug) else { throw NotReached(description: "'\(slug)' is no tenant") }
    try await pool.transaction { tx in
      try Installation.add(tenant, destinations, tx)
      if withPolicy { try Installation.activatePolicy(of: tenant, tx) }
    }
    return tenant
  }

  public func activatePolicy(of tenant: TenantID) async throws {
    try await pool.transaction { tx in try Installation.activatePolicy(of: tenant, tx) }
  }

  private static func marketPacks() throws -> [JSONValue] {
    let folder = "\(Repository.root)/Shared/ReferenceData/markets"
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var packs: [JSONValue] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".json") { packs.append(try JSONParser.parse(read("\(folder)/\(name)"))) }
    }
    return packs
  }

  private static func read(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer.prefix(count) }
    return bytes
  }

  // MARK: Broker

  private func createVhost() async throws {
    try await management(.put, "/api/vhosts/\(vhost)")
    try await management(
      .put, "/api/permissions/\(vhost)/\(broker.user)", ["configure": ".*", "write": ".*", "read": ".*"])
    let topology = Topology(markets: markets, tenants: [Installation.tenant, Installation.otherTenant])
    try await management(.post, "/api/definitions/\(vhost)", BrokerDefinitions.objects(of: topology))
  }

  private static let client = HTTPClient(policy: .any)

  public struct ManagementError: Error { public let path: String, status: Int, body: String }

  @discardableResult
  public func management(_ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue? {
    guard let address = servers.managementURL, let at = address.lastIndex(of: "@"),
      let scheme = address.firstRange(of: "://")
    else { throw PrivateServers.Failure.notStarted(missing: "PABEAN_TEST_MANAGEMENT_URL") }
    let credentials = Base64.encode(Array(address[scheme.upperBound..<at].utf8))
    let request = HTTPClientRequest(
      url: "http://\(address[address.index(after: at)...])\(path)", method: method,
      headers: ["authorization": "Basic \(credentials)", "content-type": "application/json"],
      body: body?.bytes ?? [], timeout: .seconds(60), maxResponseBytes: 16 << 20)
    let response = try await Installation.client.send(request)
    guard (200...299).contains(response.status) else {
      throw ManagementError(path: path, status: response.status, body: String(decoding: response.body, as: UTF8.self))
    }
    return response.body.isEmpty ? nil : try? JSONParser.parse(response.body)
  }
}
