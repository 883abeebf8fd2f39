import AMQP
import Contracts
import Crypto
import Domain
import FoundationEssentials
import Glibc
import HTTP
import JSON
import Postgres
import Store
import TestSupport
import Testing

/// A running ingest worker of a test's own, and callers of its HTTP interface.
struct IntakeService: Sendable {
  let pabean: Installation
  let worker: RunningProcess
  let port: Int
  /// May submit, as the tenant that tests are about.
  let key: String

  /// Starts a worker for the body, and removes everything afterwards. The ports are those of proxies.
  static func with(
    settings: [String: String] = [:], markets: [String] = ["SG", "TH"], brokerPort: Int? = nil,
    databasePort: Int? = nil,
    _ body: (IntakeService) async throws -> Void
  ) async throws {
    let pabean = try await Installation.open(markets: markets)
    let result: Swift.Result<Void, any Error>
    do {
      let ports = IntakeService.settings(brokerPort: brokerPort, databasePort: databasePort, pabean)
      let service = try await start(pabean, settings.merging(ports) { $1 })
      do {
        result = .success(try await body(service))
      } catch {
        print(service.worker.log.suffix(4000))
        result = .failure(error)
      }
      if await service.worker.stop() == nil { service.worker.kill() }
    } catch {
      result = .failure(error)
    }
    try await pabean.close()
    try result.get()
  }

  private static func start(_ pabean: Installation, _ settings: [String: String]) async throws -> IntakeService {
    let key = try await createKey(pabean)
    // A port that was free may be taken before the worker listens.
    for _ in 0..<5 {
      let port = FreePort.take()
      let worker = try pabean.start(.ingest, settings: settings, httpPort: port)
      let service = IntakeService(pabean: pabean, worker: worker, port: port, key: key)
      let isUp = try await eventually("the worker listens") { () -> Bool? in
        if worker.hasEnded { return false }
        return try await service.get("/healthz").status == 200 ? true : nil
      }
      if isUp { return service }
    }
    throw CannotStart()
  }

  /// Another worker in the place of one that died.
  func replaced() async throws -> IntakeService { try await IntakeService.start(pabean, [:]) }

  private struct CannotStart: Error {}

  // MARK: Keys

  static func createKey(
    _ pabean: Installation, for tenant: TenantID = Installation.tenant, roles: [String] = ["intake"],
    environment: String = "live"
  ) async throws -> String {
    try await pabean.pool.transaction { tx in
      _ = try tx.query("SELECT set_config('app.environment', $1, true)", environment)
      try tx.enter(tenant)
      return try AccessStore.createKey(
        id: UniqueID(digest: SecureRandom.bytes(16)), account: "erp", roles: roles, tx)
    }
  }

  func createKey(
    for tenant: TenantID = Installation.tenant, roles: [String] = ["intake"], environment: String = "live"
  ) async throws -> String {
    try await IntakeService.createKey(pabean, for: tenant, roles: roles, environment: environment)
  }

  // MARK: Requests

  private static let client = HTTPClient(policy: .any, connectionsPerHost: 64)

  func send(
    _ method: HTTPMethod, _ path: String, key: String?, _ headers: [String: String] = [:], body: [UInt8] = [],
    timeout: Duration = .seconds(60)
  ) async throws -> HTTPClientResponse {
    var fields = HTTPHeaders()
    if let key { fields["authorization"] = "Bearer \(key)" }
    for (name, value) in headers { fields[name] = value }
    return try await IntakeService.client.send(
      HTTPClientRequest(
        url: "http://127.0.0.1:\(port)\(path)", method: method, headers: fields, body: body, timeout: timeout,
        maxResponseBytes: 64 << 20))
  }

  func get(_ path: String, as key: String? = nil, _ headers: [String: String] = [:]) async throws
    -> HTTPClientResponse
  {
    try await send(.get, path, key: key ?? self.key, headers)
  }

  func post(
    _ path: String, _ body: JSONValue, as key: String? = nil, idempotencyKey: String? = nil
  ) async throws -> HTTPClientResponse {
    var headers = ["content-type": "application/json"]
    if let idempotencyKey { headers["idempotency-key"] = "\"\(idempotencyKey)\"" }
    return try await send(.post, path, key: key ?? self.key, headers, body: body.bytes)
  }

  func postTable(
    _ table: String, _ headers: [String: String] = [:], timeout: Duration = .seconds(60)
  ) async throws -> HTTPClientResponse {
    try await send(
      .post, "/v1/products:csv", key: key, headers.merging(["content-type": "text/csv"]) { $1 },
      body: Array(table.utf8), timeout: timeout)
  }

  func put(_ path: String, _ body: JSONValue, as key: String? = nil) async throws -> HTTPClientResponse {
    try await send(
      .put, path, key: key ?? self.key, ["content-type": "application/json"], body: body.bytes)
  }
}

extension HTTPClientResponse {
  var json: JSONValue { (try? JSONParser.parse(body)) ?? .null }
  var text: String { String(decoding: body, as: UTF8.self) }
}

// MARK: - Memory

extension IntakeService {
  /// The most memory that the worker ever held.
  var peakKilobytes: Int {
    let status = (try? String(contentsOfFile: "/proc/\(worker.pid)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    let digits = line.filter(\.isNumber)
    return Int(digits) ?? .max
  }
}

// MARK: - Faults

extension IntakeService {
  static func databasePort() throws -> Int {
    let url = try PrivateServers.shared().databaseURL
    let digits = url.split(separator: "@").last?.split(separator: ":").last?.prefix { $0.isNumber } ?? ""
    return try #require(Int(digits))
  }

  /// The address with another port.
  private static func redirected(_ address: String?, to port: Int) -> String? {
    guard let address, let at = address.firstIndex(of: "@"), let colon = address[at...].firstIndex(of: ":"),
      let slash = address[colon...].firstIndex(of: "/")
    else { return nil }
    return "\(address[..<colon]):\(port)\(address[slash...])"
  }

  fileprivate static func settings(brokerPort: Int?, databasePort: Int?, _ pabean: Installation) -> [String: String] {
    let plain = pabean.environment(of: "ingest")
    var settings: [String: String] = [:]
    for (name, port) in [("PABEAN_AMQP_URL", brokerPort), ("PABEAN_DATABASE_URL", databasePort)] {
      if let port { settings[name] = redirected(plain[name], to: port) }
    }
    return settings
  }
}
