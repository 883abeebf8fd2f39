import AMQP
import Contracts
import Domain
import TestSupport
import Testing

@Suite("A worker whose connections are cut", .installation(stages: []), .serialized, .timeLimit(.minutes(5)))
struct CutConnectionTests {
  /// A prime, so that the cuts fall anywhere in a frame or message.
  private static let bytesBetweenCuts = 7919
  private static let cuts = 12
  private static let count = 60

  enum Wire: String, CaseIterable, Sendable { case broker, database }

  @Test("in the middle of a frame, again and again, loses and doubles nothing", arguments: Wire.allCases)
  func cut(_ wire: Wire) async throws {
    let pabean = try Installation.required()
    let prefix = "CUT-\(wire.rawValue)-"
    let proxy = try FaultProxy(toPort: wire == .broker ? pabean.broker.port : pabean.databasePort)
    let name = wire == .broker ? "PABEAN_AMQP_URL" : "PABEAN_DATABASE_URL"
    for stage in Stage.allCases { try pabean.workers.start(stage, settings: ["PABEAN_BATCH_SIZE": "8"]) }
    // Screening reads and writes most kinds of rows, and both receives and sends.
    let stage = Stage.complianceScreening
    _ = await pabean.workers.stop(stage)
    let direct = pabean.environment(of: stage.rawValue)[name] ?? ""
    let port = wire == .broker ? pabean.broker.port : pabean.databasePort
    try pabean.workers.start(
      stage, settings: ["PABEAN_BATCH_SIZE": "8", name: direct.replacing(":\(port)", with: ":\(proxy.port)")])
    try await pabean.workers.started(stage)
    proxy.cut(after: CutConnectionTests.bytesBetweenCuts, .toClient)
    try await pabean.publish((1...CutConnectionTests.count).map { SampleProducts.cotton(sku: "\(prefix)\($0)") })
    let connections = proxy.connectionCount
    for cut in 1...CutConnectionTests.cuts {
      let before = proxy.byteCount(.toClient) + proxy.byteCount(.toServer)
      _ = try? await eventually("traffic", within: .seconds(3)) {
        proxy.byteCount(.toClient) + proxy.byteCount(.toServer) > before + 500 ? true : nil
      }
      proxy.cut(after: CutConnectionTests.bytesBetweenCuts / cut, cut.isMultiple(of: 2) ? .toServer : .toClient)
    }
    let once = OnceEach(pabean, prefix: prefix)
    try await once.writtenBack(CutConnectionTests.count)
    #expect(try await once.violations(CutConnectionTests.count) == [])
    #expect(proxy.connectionCount > connections, "it was cut, and connected again")
    let statuses = await pabean.workers.stopAll()
    #expect(Set(statuses.values) == [0])
    proxy.stop()
  }
}
