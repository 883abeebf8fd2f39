import AMQP
import HTTP
import JSON
import Postgres
import TestSupport
import Testing

@Suite("Intake while the broker is away", .timeLimit(.minutes(5)))
struct BrokerAwayTests {
  @Test(
    "products are taken without waiting, and delivered once the broker is back",
    .database(from: Installation.template))
  func brokerAway() async throws {
    let servers = try PrivateServers.shared()
    let broker = try AMQPEndpoint(servers.amqpURL)
    let proxy = try FaultProxy(toPort: broker.port)
    defer { proxy.stop() }
    try await IntakeService.with(markets: ["SG"], brokerPort: proxy.port) { intake in
      _ = try await eventually("the worker is ready") { try await intake.get("/readyz").status == 200 ? true : nil }
      proxy.refuseConnections(true)
      proxy.cutNow()
      for number in 0..<20 {
        let start = ContinuousClock.now
        let response = try await intake.post("/v1/products", SampleProducts.cotton(sku: "S-\(number)"))
        #expect(response.status == 202)
        #expect(ContinuousClock.now - start < .seconds(3))
      }
      #expect(try await intake.pabean.count("SELECT count(*) FROM outbox") == 20)
      #expect(try await intake.pabean.queueDepths() == [:])
      proxy.refuseConnections(false)
      _ = try await eventually("everything is delivered") {
        try await intake.pabean.queueDepths() == ["classifier.sg": 20] ? true : nil
      }
      _ = try await eventually("the outbox is empty") {
        try await intake.pabean.count("SELECT count(*) FROM outbox") == 0 ? true : nil
      }
    }
  }
}
