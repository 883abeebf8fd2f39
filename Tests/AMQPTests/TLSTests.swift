import AMQP
import Glibc
import Testing

/// Runs where the tests have a broker with TLS: `PABEAN_TEST_AMQPS_URL=amqps://user:pass@localhost:port/?cacertfile=…`,
/// with a certificate for the name `localhost` alone.
@Suite("TLS", .enabled(if: getenv("PABEAN_TEST_AMQPS_URL") != nil), .timeLimit(.minutes(1)))
struct TLSTests {
  private func endpoint() throws -> AMQPEndpoint {
    try AMQPEndpoint(String(cString: #require(getenv("PABEAN_TEST_AMQPS_URL"))))
  }

  private func failure(to endpoint: AMQPEndpoint) async throws -> AMQPError? {
    let admin = AMQPAdmin(endpoint: endpoint)
    let error = await #expect(throws: AMQPError.self) { try await admin.messageCount("any") }
    await admin.close()
    return error
  }

  @Test("messages of every size go through an encrypted connection both ways")
  func messages() async throws {
    let endpoint = try endpoint()
    let admin = AMQPAdmin(endpoint: endpoint)
    let queue = TestBroker.name("tls")
    try await admin.declareQueue(queue, arguments: ["x-queue-type": "quorum", "x-expires": 60_000])
    let bodies = [0, 1, 20_000, 1 << 20].map { [UInt8](repeating: 7, count: $0) }
    let publisher = AMQPPublisher(endpoint: endpoint, name: "tls")
    publisher.start()
    #expect(await publisher.publish(bodies.map { .to(queue, $0) }).allSatisfy { $0 == .confirmed })
    let consumer = AMQPConsumer(
      endpoint: endpoint, name: "tls", subscriptions: [Subscription(queue: queue, prefetchCount: 10)])
    consumer.start()
    let deliveries = await consumer.take(bodies.count)
    #expect(deliveries.map(\.body) == bodies)
    consumer.acknowledge(deliveries)
    await consumer.close()
    await publisher.close()
    try await admin.deleteQueue(queue)
    await admin.close()
  }

  @Test("a broker whose name is not in its certificate is refused")
  func wrongName() async throws {
    let error = try await failure(to: endpoint().replacing(host: "127.0.0.1"))
    #expect(error?.kind == .tls)
  }

  @Test("an authority that did not sign the broker's certificate is refused")
  func wrongAuthority() async throws {
    var endpoint = try endpoint()
    endpoint.tls?.caCertificateFile = "/etc/ssl/certs/ca-certificates.crt"
    #expect(try await failure(to: endpoint)?.kind == .tls)
  }

  @Test("a missing file of authorities says which")
  func missingFile() async throws {
    var endpoint = try endpoint()
    endpoint.tls?.caCertificateFile = "/nowhere/ca.pem"
    #expect(try await failure(to: endpoint)?.description.contains("/nowhere/ca.pem") == true)
  }
}
