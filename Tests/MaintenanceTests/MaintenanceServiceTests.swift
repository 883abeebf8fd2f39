import AMQP
import Contracts
import Crypto
import Domain
import JSON
import Observability
import Postgres
import Store
import TestSupport
import Testing
import WorkerRuntime

@testable import Maintenance

@Suite("Maintenance", .timeLimit(.minutes(5)))
struct MaintenanceServiceTests {
  /// An installation with maintenance running in this process, under its own database role.
  private func running(
    key: Ed25519PrivateKey? = nil, _ body: (Installation, Metrics) async throws -> Void
  ) async throws {
    let pabean = try await Installation.open(markets: ["SG"])
    let pool = AuditFixture.pool(try TestDatabase.required().url, role: "pabean_maintenance")
    let publisher = AMQPPublisher(endpoint: pabean.broker, name: "maintenance-test")
    publisher.start()
    let consumer = AMQPConsumer(
      endpoint: pabean.broker, name: "maintenance-test", subscriptions: ParkedCollector.subscriptions)
    consumer.start()
    let metrics = Metrics()
    let service = MaintenanceService(
      environment: .live, pool: pool, publisher: publisher, consumer: consumer, metrics: metrics,
      log: AuditFixture.log, key: key
    ).service()
    let run = Task { await service.run() }
    let result: Result<Void, any Error>
    do { result = .success(try await body(pabean, metrics)) } catch { result = .failure(error) }
    // It ends by itself once drained: no cancellation is needed.
    await service.drain()
    await run.value
    await service.close()
    await publisher.close()
    await pool.close()
    try await pabean.close()
    try result.get()
  }

  private func gauge(_ name: String, _ metrics: Metrics) -> Double? {
    let text = String(decoding: metrics.exposition(), as: UTF8.self)
    return text.split(separator: "\n").first { $0.hasPrefix("\(name) ") }
      .flatMap { Double($0.dropFirst(name.utf8.count + 1)) }
  }

  private static func event(_ number: UInt64, market: String = "SG") -> CloudEvent {
    let id = UniqueID(high: 0xE0E0, low: number)
    return CloudEvent(
      id: MessageID(id), source: "test", type: .caseOpened, subject: nil, time: AuditFixture.now,
      tenant: Installation.tenant, market: Market(market), traceparent: nil, causationID: nil,
      data: ["caseID": .string(id.description)])
  }

  @Test(
    "messages that a worker committed and did not send are sent and forgotten, the recent ones are left to it",
    .database(from: Installation.template))
  func strays() async throws {
    try await running { pabean, metrics in
      let old = SystemClock.now().adding(.seconds(-60))
      let soon = SystemClock.now().adding(.seconds(600))
      try await pabean.pool.transaction(as: Installation.tenant) { tx in
        let strays = (1...30).map { Outbox.Message(Self.event($0), for: .classifier, in: Market("SG")!) }
        _ = try Outbox.append(strays, at: old, tx)
        _ = try Outbox.append([Outbox.Message(Self.event(99), for: .classifier, in: Market("SG")!)], at: soon, tx)
      }
      let admin = AMQPAdmin(endpoint: pabean.broker)
      _ = try await eventually("30 messages in the classifier's queue and one in the outbox") {
        let queued = try await admin.messageCount("classifier.sg")
        return try await pabean.count("SELECT count(*) FROM outbox") == 1 && queued == 30 ? true : nil
      }
      let message = try #require(try await admin.get("classifier.sg"))
      #expect(message.properties.messageID == Self.event(1).id.description)
      await admin.close()
      #expect(gauge("pabean_outbox_swept_total", metrics) == 30)
    }
  }

  @Test(
    "what kept ending its worker, and what no queue wanted, is parked with its reason and can be told whose it is",
    .database(from: Installation.template))
  func parking() async throws {
    try await running { pabean, metrics in
      let publisher = AMQPPublisher(endpoint: pabean.broker, name: "test")
      publisher.start()
      let unroutable = Self.event(1, market: "TH")
      let submission: JSONValue = ["sku": "A"]
      let outcomes = await publisher.publish([
        Outbox.Message(unroutable, for: .classifier, in: Market("TH")!).outgoing,
        Outbox.Message(Self.event(2), for: .classifier, in: Market("SG")!).outgoing,
        OutgoingMessage(
          exchange: Topology.submissions.text, routingKey: "acme.nothing.submitted",
          properties: MessageProperties(contentType: "application/json", messageID: "erp-7"), body: submission.bytes),
      ])
      #expect(outcomes == [.confirmed, .confirmed, .confirmed])
      await publisher.close()
      try await deliverUntilParked("classifier.sg", pabean)
      let parked = try await eventually("three parked messages") {
        let parked = try await pabean.parked()
        return parked.count == 3 ? parked : nil
      }
      let byReason = Dictionary(grouping: parked, by: \.entry.reasonCode)
      #expect(byReason.mapValues(\.count) == ["unrouted": 2, "delivery-limit": 1])
      let poison = try #require(byReason["delivery-limit"]?.first)
      #expect(poison.entry.stage == "classifier")
      #expect(poison.entry.tenant == Installation.tenant)
      #expect(poison.entry.messageID == Self.event(2).id)
      #expect(poison.entry.caseID != nil)
      #expect(poison.entry.exchange == "jobs")
      #expect(poison.entry.routingKey == "job.sg.classifier")
      let job = try #require(byReason["unrouted"]?.first { $0.entry.messageID == unroutable.id })
      #expect(job.entry.exchange == "jobs")
      #expect(job.entry.routingKey == "job.th.classifier")
      let sent = try #require(byReason["unrouted"]?.first { $0.entry.routingKey == "acme.nothing.submitted" })
      #expect(sent.entry.exchange == "submissions")
      #expect(sent.entry.headers["amqp-message-id"] == "erp-7")
      let admin = AMQPAdmin(endpoint: pabean.broker)
      _ = try await eventually("nothing left at the broker") {
        let left = try await (admin.messageCount("unrouted"), admin.messageCount("parking.classifier"))
        return left == (0, 0) ? true : nil
      }
      await admin.close()
    }
  }

  /// As a worker that ends before it settles, again and again.
  private func deliverUntilParked(_ queue: String, _ pabean: Installation) async throws {
    let admin = AMQPAdmin(endpoint: pabean.broker)
    _ = try await eventually("the broker gives up on \(queue)") {
      guard let delivery = try await admin.get(queue) else { return true }
      try await admin.requeue(delivery)
      return nil
    }
    await admin.close()
  }

  @Test("entries are sealed by themselves within seconds", .database(from: Installation.template))
  func sealing() async throws {
    let key = Ed25519PrivateKey.generate()
    try await running(key: key) { pabean, metrics in
      try await pabean.pool.transaction(as: Installation.tenant) { tx in
        try AuditLog.append(AuditFixture.entries(0..<5), of: Installation.tenant, tx)
      }
      _ = try await eventually("five sealed entries") {
        gauge("pabean_audit_sealed_total", metrics) == 5 ? true : nil
      }
      let verifier = AuditVerifier(pool: pabean.pool, environment: .live, trusted: [key.publicKey])
      let report = try await verifier.verify(Installation.tenant)
      #expect(report.isIntact)
      #expect(report.entryCount == 5)
    }
  }

  @Test("old rows are forgotten and young ones are kept", .database(from: Installation.template))
  func hygiene() async throws {
    let pool = AuditFixture.pool(try TestDatabase.required().url, role: "pabean_maintenance")
    let setup = AuditFixture.pool(try TestDatabase.required().url, role: nil)
    let now = SystemClock.now()
    @Sendable func ago(_ hours: Int64) -> Instant { now.adding(.seconds(-3600 * hours)) }
    try await setup.transaction(as: Installation.tenant) { tx in
      for (number, hours) in [(1, 14 * 24 + 1), (2, 14 * 24 - 1)] as [(UInt64, Int64)] {
        let ids = (0..<100).map { Inbox.Entry(id: MessageID(UniqueID(high: number, low: $0)), digest: [1]) }
        _ = try Inbox.receive(ids, by: "test", at: ago(hours), tx)
      }
      let answer = IdempotencyKeys.Answer(requestHash: [1], status: 200, body: [])
      try IdempotencyKeys.keep("old", answer, at: ago(49), tx)
      try IdempotencyKeys.keep("young", answer, at: ago(47), tx)
    }
    let hygiene = Hygiene(pool: pool, forgotten: Metrics().counter("x_total", "x", labels: ["table"]))
    #expect(try await hygiene.clean(at: now) == false)
    let left = try await setup.transaction(readOnly: true) { tx in
      try tx.query("SELECT (SELECT count(*) FROM inbox), (SELECT string_agg(key, ' ') FROM idempotency_key)")
        .decode(row: 0, as: Int64.self, String.self)
    }
    #expect(left == (100, "young"))
    await pool.close()
    await setup.close()
  }

  @Test("a large heap of old rows goes in chunks", .database(from: Installation.template))
  func chunks() async throws {
    let pool = AuditFixture.pool(try TestDatabase.required().url, role: "pabean_maintenance")
    let setup = AuditFixture.pool(try TestDatabase.required().url, role: nil)
    let now = SystemClock.now()
    try await setup.transaction(as: Installation.tenant) { tx in
      _ = try tx.execute(
        """
        INSERT INTO inbox (consumer, message_id, digest, received_at)
        SELECT 'test', gen_random_uuid(), '', $1 FROM generate_series(1, 5003)
        """, now.adding(.seconds(-30 * 86_400)))
    }
    let hygiene = Hygiene(pool: pool, forgotten: Metrics().counter("x_total", "x", labels: ["table"]))
    #expect(try await hygiene.clean(at: now))
    #expect(try await hygiene.clean(at: now) == false)
    await pool.close()
    await setup.close()
  }

  @Test("the gauges show what the database holds", .database(from: Installation.template))
  func gauges() async throws {
    try await AuditFixture.open { audit in
      let metrics = Metrics()
      let gauges = StateGauges(metrics)
      let now = SystemClock.now()
      try await audit.append(0..<3)
      try await audit.superuser.transaction(as: audit.acme) { tx in
        let message = Outbox.Message(Self.event(1), for: .classifier, in: Market("SG")!)
        _ = try Outbox.append([message], at: now.adding(.seconds(-90)), tx)
        try tx.executeScript(
          """
          INSERT INTO product (sku) VALUES ('A');
          INSERT INTO product_revision (id, sku, revision, content_hash, content, received_at)
            VALUES ('00000000-0000-0000-0000-000000000001', 'A', 1, sha256('x'), '{}', now());
          INSERT INTO customs_case (id, product_revision_id, sku, market, state, opened_at, updated_at)
            SELECT gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'A', 'SG', state, now(), now()
            FROM unnest(ARRAY['awaiting-decision', 'awaiting-decision', 'decided']) state;
          INSERT INTO delivery (id, destination, subject_kind, subject_id, stream, sequence, payload, state, created_at)
            VALUES (gen_random_uuid(), 'queue', 'case', gen_random_uuid(), 's', 1, '', 'dead', now());
          """)
      }
      func value(_ name: String) -> Double? { gauge(name, metrics) }
      #expect(try await gauges.read(audit.maintenance, at: now) >= .seconds(15))
      #expect(value("pabean_database_up") == 1)
      #expect(value("pabean_outbox_pending") == 1)
      #expect(value("pabean_outbox_oldest_age_seconds") == 90)
      #expect(value("pabean_parked_messages") == 0)
      #expect(value("pabean_deliveries_dead") == 1)
      #expect(value("pabean_cases{state=\"awaiting-decision\"}") == 2)
      #expect(value("pabean_cases{state=\"decided\"}") == 1)
      #expect(value("pabean_cases{state=\"opened\"}") == 0)
      #expect(value("pabean_audit_unsealed_entries") == 3)
      #expect(value("pabean_audit_seal_age_seconds") == 0)
      // The wait of the oldest grows until it is sealed, whatever comes after it.
      try await audit.append(3..<4)
      _ = try await gauges.read(audit.maintenance, at: now.adding(.seconds(20)))
      #expect(value("pabean_audit_seal_age_seconds") == 20)
      try await audit.seal()
      try await audit.append(4..<5)
      _ = try await gauges.read(audit.maintenance, at: now.adding(.seconds(40)))
      #expect(value("pabean_audit_unsealed_entries") == 1)
      #expect(value("pabean_audit_seal_age_seconds") == 0)
    }
  }

  @Test(
    "as a process it seals, answers for its health, and ends in good order when it is told to",
    .database(from: Installation.template))
  func process() async throws {
    let pabean = try await Installation.open(markets: ["SG"])
    let folder = try TemporaryFolder()
    let publicKey = try AuditKeyFile.create(at: folder["key"])
    try await pabean.pool.transaction(as: Installation.tenant) { tx in
      try AuditLog.append(AuditFixture.entries(0..<5), of: Installation.tenant, tx)
    }
    let process = try RunningProcess(
      "\(Installation.executables)/pabean", ["maintain"],
      environment: pabean.environment(of: "maintenance").merging(["PABEAN_AUDIT_KEY": folder["key"]]) { $1 },
      logFile: folder["log"])
    let verifier = AuditVerifier(pool: pabean.pool, environment: .live, trusted: [publicKey])
    _ = try await eventually("five sealed entries") {
      let report = try await verifier.verify(Installation.tenant)
      return report.entryCount == 5 && report.isIntact ? true : nil
    }
    #expect(await process.stop() == 0)
    #expect(process.log.contains("\"msg\":\"stopped\""))
    try await pabean.close()
  }

  @Test("a database that is away is seen as such", .database(from: Installation.template))
  func databaseAway() async throws {
    let metrics = Metrics()
    let pool = PostgresPool(
      PostgresConfiguration(
        url: "postgresql://nobody@127.0.0.1:1/none", applicationName: "test", acquireTimeout: .milliseconds(300)))
    _ = try await StateGauges(metrics).read(pool, at: SystemClock.now())
    #expect(gauge("pabean_database_up", metrics) == 0)
    await pool.close()
  }
}
