import AMQP
import Contracts
import Domain
import HTTP
import JSON
import Postgres
import TestSupport
import Testing

/// On servers of their own, one pair after the other.
@Suite("Servers that die under load lose and double nothing", .installationTurn, .serialized, .timeLimit(.minutes(5)))
struct LostServerTests {
  private static let count = 300

  @Test("the broker is killed and comes back; no worker is restarted and no attempt is burned")
  func broker() async throws {
    try await PrivateServers.withOwn { servers in
      let load = try await Load(servers, count: LostServerTests.count)
      try await load.isUnderWay()
      try await servers.killBroker()
      try await load.expectReadiness(.unready("broker"))
      try await servers.startBroker()
      try await load.expectReadiness(.ready)
      try await load.expectNothingLostOrDoubled()
    }
  }

  @Test("the database is killed and comes back; no worker is restarted and no attempt is burned")
  func database() async throws {
    try await PrivateServers.withOwn { servers in
      let load = try await Load(servers, count: LostServerTests.count)
      try await load.isUnderWay()
      try await servers.killDatabase()
      try await load.expectReadiness(.unready("database"))
      try await servers.startDatabase()
      try await load.expectReadiness(.ready)
      try await load.expectNothingLostOrDoubled()
    }
  }

  @Test("a broker out of memory stops the flow and lets it go on")
  func memoryAlarm() async throws {
    try await PrivateServers.withOwn { servers in
      let load = try await Load(servers, count: LostServerTests.count, without: .documentGeneration)
      try await load.hasPiledUp(as: .decided)
      try await servers.brokerControl("set_vm_memory_high_watermark", "0")
      // The broker blocks a connection when it publishes, and this stage publishes from now on.
      try await load.start(.documentGeneration)
      try await load.expectReadiness(.unready("broker"), of: .documentGeneration)
      try await servers.brokerControl("set_vm_memory_high_watermark", "0.6")
      try await load.expectReadiness(.ready)
      try await load.expectNothingLostOrDoubled()
    }
  }
}

/// An installation with many products on their way.
private struct Load: Sendable {
  enum Readiness: Sendable {
    case ready
    case unready(String)
  }

  let pabean: Installation
  let count: Int
  private let ports: [Stage: Int]

  init(_ servers: PrivateServers, count: Int, without missing: Stage? = nil) async throws {
    self.count = count
    pabean = try await Installation.open(on: servers)
    ports = Dictionary(uniqueKeysWithValues: Stage.allCases.map { ($0, FreePort.take()) })
    _ = pabean.erp
    for stage in Stage.allCases where stage != missing { try launch(stage) }
    for stage in Stage.allCases where stage != missing { try await pabean.workers.started(stage) }
    try await pabean.publish((1...count).map { SampleProducts.cotton(sku: "LOAD-\($0)") })
  }

  func start(_ stage: Stage) async throws {
    try launch(stage)
    try await pabean.workers.started(stage)
  }

  private func launch(_ stage: Stage) throws {
    try pabean.workers.start(
      stage, settings: ["PABEAN_BATCH_SIZE": "8", "PABEAN_HTTP_ADDRESS": "127.0.0.1:\(ports[stage] ?? 0)"])
  }

  func hasPiledUp(as state: CaseState) async throws {
    _ = try await eventually("\(count) cases \(state)", within: .seconds(120)) {
      try await pabean.states()[state] == Int64(count) ? true : nil
    }
  }

  /// Every stage has something to do, and some has been done.
  func isUnderWay() async throws {
    _ = try await eventually("the first outcomes") { pabean.erp.receivedCount > 4 ? true : nil }
    #expect(pabean.erp.receivedCount < count, "the load must outlast the fault")
  }

  func expectReadiness(_ expected: Readiness) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (stage, port) in ports { group.addTask { try await expect(expected, of: stage, at: port) } }
      try await group.waitForAll()
    }
  }

  func expectReadiness(_ expected: Readiness, of stage: Stage) async throws {
    try await expect(expected, of: stage, at: ports[stage] ?? 0)
  }

  private func expect(_ expected: Readiness, of stage: Stage, at port: Int) async throws {
    let client = HTTPClient(policy: .any)
    _ = try await eventually("\(stage) to be \(expected)", within: .seconds(40)) { () async throws -> Bool? in
      let response = try await client.send(request(port, "/readyz"))
      let text = String(decoding: response.body, as: UTF8.self)
      switch expected {
      case .ready:
        guard response.status == 200 else { throw NotReached(description: text) }
      case .unready(let what):
        guard response.status == 503, text.contains(what) else {
          throw NotReached(description: "\(response.status) \(text)")
        }
      }
      return try await client.send(request(port, "/healthz")).status == 200 ? true : nil
    }
  }

  private func request(_ port: Int, _ path: String) -> HTTPClientRequest {
    HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)", method: .get, timeout: .seconds(5))
  }

  func expectNothingLostOrDoubled() async throws {
    let once = OnceEach(pabean, prefix: "LOAD-")
    try await once.writtenBack(count, within: .seconds(120))
    #expect(try await once.violations(count) == [])
    #expect(pabean.workers.ended == [], "they recover without a restart")
    let retried = Stage.allCases.compactMap { pabean.workers.process($0) }.filter { $0.log.contains("message failed") }
    #expect(retried.count == 0, "a server that is away burns no attempt")
    await pabean.workers.stopAll()
    try await pabean.close()
  }
}
