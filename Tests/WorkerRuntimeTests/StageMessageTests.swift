import AMQP
import Contracts
import Testing
import WorkerRuntime

@Suite("How often a message was tried")
struct StageMessageTests {
  private func attempt(_ count: Int64, exchange: ExchangeName) -> Int {
    var properties = MessageProperties()
    properties.headers[RetryRung.attemptHeader] = .int(count)
    let delivery = Delivery(
      queue: "ingest", exchange: exchange.text, routingKey: "acme.product.submitted", properties: properties, body: [])
    return StageMessage.attempt(of: delivery, publishedTo: delivery.exchange)
  }

  @Test(
    "is between once and the most there is, whatever the header says",
    arguments: [(Int64.min, 1), (0, 1), (1, 1), (3, 3), (8, 8), (9, 8), (3_000_000_000, 8), (.max, 8)])
  func clamped(count: Int64, expected: Int) {
    #expect(attempt(count, exchange: Topology.jobs) == expected)
  }

  @Test("is not for a tenant to say")
  func foreign() {
    #expect(attempt(7, exchange: Topology.submissions) == 1)
  }
}
