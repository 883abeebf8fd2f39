import AMQP
import Contracts
import Crypto
import Domain
import Observability
import Postgres
import Store
import TestSupport
import Testing
import WorkerRuntime

@testable import Maintenance

@Suite("Gathering what the broker put aside", .timeLimit(.minutes(5)))
struct ParkedCollectorTests {
  private func collecting(
    _ body: (Installation, AMQPAdmin) async throws -> Void
  ) async throws {
    let pabean = try await Installation.open(markets: ["SG"])
    let consumer = AMQPConsumer(
      endpoint: pabean.broker, name: "collector-test", subscriptions: ParkedCollector.subscriptions)
    let collector = ParkedCollector(
      pool: pabean.maintenance, consumer: consumer,
      collected: Metrics().counter("collected_total", "Collected.", labels: ["reason"]), log: AuditFixture.log)
    let admin = AMQPAdmin(endpoint: pabean.broker)
    consumer.start()
    let run = Task { await collector.run() }
    let result: Result<Void, any Error>
    do { result = .success(try await body(pabean, admin)) } catch { result = .failure(error) }
    await consumer.cancel()
    await run.value
    await consumer.close()
    await admin.close()
    try await pabean.close()
    try result.get()
  }

  private func refuse(where condition: String, _ pabean: Installation) async throws {
    try await pabean.pool.transaction { tx in
      try tx.executeScript(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON parked_message FOR EACH ROW WHEN (\(condition))
          EXECUTE FUNCTION refuse();
        """)
    }
  }

  private static func unrouted(_ name: String, attempt: Int64? = nil) -> OutgoingMessage {
    var properties = MessageProperties(contentType: "application/json", messageID: name)
    if let attempt { properties.headers[RetryRung.attemptHeader] = .int(attempt) }
    return OutgoingMessage(
      exchange: "submissions", routingKey: "acme.\(name).submitted", properties: properties, body: Array(name.utf8))
  }

  private func emptied(_ admin: AMQPAdmin) async throws {
    _ = try await eventually("nothing left at the broker") {
      try await admin.messageCount(Topology.unroutedQueue.text) == 0 ? true : nil
    }
  }

  @Test("a made-up count of attempts ends nothing", .database(from: Installation.template))
  func attempts() async throws {
    try await collecting { pabean, admin in
      try await pabean.publish([Self.unrouted("nothing", attempt: 3_000_000_000)])
      let parked = try await eventually("it to be parked") { try await pabean.parked().first }
      #expect(parked.entry.attempts == 1)
      try await emptied(admin)
    }
  }

  @Test("a message that the database refuses is kept by its bytes alone", .database(from: Installation.template))
  func bare() async throws {
    try await collecting { pabean, admin in
      try await refuse(where: "new.routing_key LIKE '%bad%'", pabean)
      try await pabean.publish([Self.unrouted("bad"), Self.unrouted("good")])
      let parked = try await eventually("both to be parked") {
        let parked = try await pabean.parked()
        return parked.count == 2 ? parked : nil
      }
      #expect(Set(parked.map(\.entry.reasonCode)) == ["unstorable", "unrouted"])
      #expect(parked.first { $0.entry.reasonCode == "unstorable" }?.entry.digest == SHA256.hash("bad").bytes)
      try await emptied(admin)
    }
  }

  @Test("one that it takes in no form stops none behind it", .database(from: Installation.template))
  func lost() async throws {
    try await collecting { pabean, admin in
      let digest = Hex.encode(SHA256.hash("bad").bytes)
      try await refuse(where: "encode(new.digest, 'hex') = '\(digest)'", pabean)
      try await pabean.publish([Self.unrouted("bad"), Self.unrouted("good")])
      _ = try await eventually("the other to be parked") { try await pabean.parked().first }
      try await emptied(admin)
      #expect(try await pabean.parked().count == 1)
    }
  }
}
