import AMQP
import Contracts
import Domain
import JSON
import Observability
import Postgres
import Store
import Synchronization
import TestSupport
import Testing
import WorkerRuntime

@Suite("A stage's runner", .timeLimit(.minutes(5)))
struct StageRunnerTests {
  /// Takes cases' events; what it cannot read is poison, and storing fails as often as the test says.
  private final class FailingHandler: StageHandler {
    let stage = Stage.classifier
    let decidesOnce: Bool
    private let failures: Mutex<[PostgresError]>
    private let stored = Mutex<[MessageID]>([])
    private let decided = Mutex<[MessageID]>([])

    init(failures: [PostgresError] = [], decidesOnce: Bool = false) {
      self.failures = Mutex(failures)
      self.decidesOnce = decidesOnce
    }

    var decidedIDs: [MessageID] { decided.withLock { $0 } }
    var storedIDs: [MessageID] { stored.withLock { $0 } }

    func decode(_ delivery: Delivery) throws(Poison) -> StageMessage {
      try EventDecoder(accepting: [.caseOpened]).decode(delivery)
    }
    func load(_ messages: [StageMessage], _ tx: borrowing Transaction) throws -> [Bool] { messages.map { _ in true } }
    func decide(_ batch: [(StageMessage, Bool)], now: Instant) async -> [Verdict<Bool>] {
      decided.withLock { $0 += batch.map(\.0.id) }
      return batch.map { _ in .done(true) }
    }
    func store(_ effects: [(StageMessage, Bool)], now: Instant, _ tx: borrowing Transaction) throws -> StoredEffects {
      if let failure = failures.withLock({ $0.popLast() }) { throw failure }
      stored.withLock { $0 += effects.map(\.0.id) }
      return StoredEffects()
    }
  }

  private func running(
    _ handler: FailingHandler, _ body: (Installation, AMQPAdmin) async throws -> Void
  ) async throws {
    let pabean = try await Installation.open(markets: ["SG"])
    let log = Log(service: "test", level: .critical)
    let publisher = AMQPPublisher(endpoint: pabean.broker, name: "runner-test")
    publisher.start()
    let consumer = AMQPConsumer(
      endpoint: pabean.broker, name: "runner-test",
      subscriptions: [Subscription(queue: "classifier.sg", prefetchCount: 10)])
    let runner = StageRunner(
      handler: handler, pool: pabean.pool, consumer: consumer, publisher: publisher,
      metrics: StageMetrics(Metrics(), stage: .classifier), log: log, batchMax: 10)
    consumer.start()
    let run = Task { await runner.run() }
    let admin = AMQPAdmin(endpoint: pabean.broker)
    let result: Result<Void, any Error>
    do { result = .success(try await body(pabean, admin)) } catch { result = .failure(error) }
    await consumer.cancel()
    await run.value
    await consumer.close()
    await publisher.close()
    await admin.close()
    try await pabean.close()
    try result.get()
  }

  private static func event(_ number: UInt64) -> OutgoingMessage {
    let id = UniqueID(high: 0xE0E0, low: number)
    let event = CloudEvent(
      id: MessageID(id), source: "test", type: .caseOpened, subject: nil, time: Instant(microseconds: 0),
      tenant: Installation.tenant, market: Market("SG"), traceparent: nil, causationID: nil,
      data: ["caseID": .string(id.description)])
    return Outbox.Message(event, for: .classifier, in: Market("SG")!).outgoing
  }

  private static let poison = OutgoingMessage(
    exchange: "jobs", routingKey: "job.sg.classifier",
    properties: MessageProperties(contentType: CloudEvent.contentType), body: Array("rubbish".utf8))

  @Test(
    "leaves what cannot even be put aside to the broker, and the messages beside it are handled once",
    .database(from: Installation.template))
  func unstorable() async throws {
    let handler = FailingHandler()
    try await running(handler) { pabean, admin in
      try await pabean.pool.transaction { tx in
        try tx.executeScript(
          """
          CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
          CREATE TRIGGER refuse BEFORE INSERT ON parked_message FOR EACH ROW EXECUTE FUNCTION refuse();
          """)
      }
      try await pabean.publish([Self.event(1), Self.poison, Self.event(2)])
      _ = try await eventually("the broker to have it") {
        try await admin.messageCount("parking.classifier") == 1 && handler.storedIDs.count == 2 ? true : nil
      }
      let rejected = try #require(try await admin.get("parking.classifier"))
      #expect(rejected.body == Self.poison.body)
      #expect(try await admin.messageCount("classifier.sg") == 0)
      #expect(try await pabean.count("SELECT count(*) FROM inbox") == 2)
    }
  }

  @Test(
    "spends no attempt on a lock that another holds, nor on a few timeouts", .database(from: Installation.template))
  func stalls() async throws {
    let handler = FailingHandler(
      failures: [.init(kind: .cancelled), .init(kind: .cancelled), .init(kind: .cancelled)]
        + (0..<4).map { _ in .init(kind: .lockNotAvailable) })
    try await running(handler) { pabean, admin in
      try await pabean.publish([Self.event(1)])
      _ = try await eventually("the message to be handled") { handler.storedIDs.count == 1 ? true : nil }
      #expect(try await admin.messageCount("retry.5s") == 0)
      #expect(try await pabean.parked().isEmpty)
    }
  }

  @Test(
    "asks anew after a stall what is pure, and keeps the answer where deciding reaches outside",
    .database(from: Installation.template), arguments: [(false, 4), (true, 1)])
  func decidesOnce(_ once: Bool, _ times: Int) async throws {
    let handler = FailingHandler(
      failures: [.init(kind: .lockNotAvailable), .init(kind: .connectionLost), .init(kind: .deadlock)],
      decidesOnce: once)
    try await running(handler) { pabean, _ in
      try await pabean.publish([Self.event(1)])
      _ = try await eventually("the message to be handled") { handler.storedIDs.count == 1 ? true : nil }
      #expect(handler.decidedIDs.count == times)
    }
  }

  @Test(
    "tries a message later whose statements take too long again and again", .database(from: Installation.template))
  func timeouts() async throws {
    let handler = FailingHandler(failures: (0..<4).map { _ in .init(kind: .cancelled) })
    try await running(handler) { pabean, admin in
      try await pabean.publish([Self.event(1)])
      let waiting = try await eventually("the message on its rung") { try await admin.get("retry.5s") }
      #expect(waiting.properties.headers["attempt"] == .int(2))
      #expect(waiting.properties.timestampSeconds != nil, "so that it shows how old it is")
      try await admin.acknowledge(waiting)
      #expect(handler.storedIDs.isEmpty)
    }
  }
}
