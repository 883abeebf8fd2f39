import AMQP
import Crypto
import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing

@testable import OperatorCommands

@Suite(.timeLimit(.minutes(5))) struct RepairTests {
  static let schema = DatabaseTemplate(name: "operator") { url in
    let pool = PostgresPool(PostgresConfiguration(url: url))
    let result = await Result { try await Migrator(pool: pool).migrate() }
    await pool.close()
    _ = try result.get()
  }

  private static let acme: TenantID = {
    guard let tenant = TenantID("acme") else { preconditionFailure("acme is a slug") }
    return tenant
  }()

  /// The database as the operator sees it, with rights no greater than the operator's.
  private static func withPools<R>(_ body: (_ owner: PostgresPool, _ operator: PostgresPool) async throws -> R)
    async throws -> R
  {
    let url = try TestDatabase.required().url
    func pool(_ role: String?) -> PostgresPool {
      PostgresPool(
        PostgresConfiguration(url: url, poolSize: 2, sessionSettings: [("app.environment", "live")], role: role))
    }
    let (owner, operatorPool) = (pool(nil), pool("pabean_operator"))
    try await owner.transaction { tx in try AccessStore.createTenant(acme, displayName: "Acme", tx) }
    let result = await Result { try await body(owner, operatorPool) }
    await owner.close()
    await operatorPool.close()
    return try result.get()
  }

  // MARK: Parked messages

  private static func park(
    _ body: String, on exchange: String, reason: String = "case-not-found", tenant: TenantID? = acme,
    key: String = "job.sg.classifier", _ pool: PostgresPool
  ) async throws -> MessageID {
    let id = MessageID(UniqueID(digest: SHA256.hash(body).bytes))
    try await pool.transaction(as: acme) { tx in
      _ = try Inbox.receive(
        [Inbox.Entry(id: id, digest: SHA256.hash(body).bytes)], by: "classifier", at: Instant(microseconds: 0), tx)
      let headers = JSONObject([
        ("amqp-content-type", "application/cloudevents+json"), ("attempt", 8), ("rung", "5s"), ("x-death", "broker"),
        ("kept", "yes"),
      ])
      let entry = ParkedMessages.Entry(
        tenant: tenant, stage: "classifier", messageID: tenant == nil ? nil : id, caseID: nil, reasonCode: reason,
        reason: "why", attempts: 8, exchange: exchange, routingKey: key, headers: headers, body: Array(body.utf8),
        digest: SHA256.hash(body).bytes)
      try ParkedMessages.park(entry, at: Instant(microseconds: 0), tx)
    }
    return id
  }

  private static func withExchange<R>(
    _ body: (_ name: String, AMQPAdmin, AMQPPublisher) async throws -> R
  ) async throws -> R {
    let endpoint = try AMQPEndpoint(try PrivateServers.shared().amqpURL)
    let admin = AMQPAdmin(endpoint: endpoint)
    let publisher = AMQPPublisher(endpoint: endpoint, name: "test")
    publisher.start()
    let name = "operator-test-\(Hex.encode(SecureRandom.bytes(6)))"
    try await admin.declareExchange(name)
    try await admin.declareQueue(name)
    try await admin.bind(queue: name, exchange: name, routingKey: "#")
    let result = await Result { try await body(name, admin, publisher) }
    try? await admin.deleteQueue(name)
    try? await admin.deleteExchange(name)
    await publisher.close()
    await admin.close()
    return try result.get()
  }

  @Test(.database(from: schema))
  func `a replayed message goes where it came from, as it came, and its stage has not seen it`() async throws {
    try await RepairTests.withPools { owner, pool in
      try await RepairTests.withExchange { exchange, admin, publisher in
        let id = try await RepairTests.park("{\"a\":1}", on: exchange, owner)
        let replay = DeadLetterReplay(pool: pool, actor: .person("ana"))
        let ids = try await replay.open(of: nil)
        let (sent, refused) = try await replay.run(ids, through: publisher)
        #expect(sent == 1 && refused.isEmpty)

        let delivery = try #require(try await admin.get(exchange))
        #expect(delivery.routingKey == "job.sg.classifier")
        #expect(String(decoding: delivery.body, as: UTF8.self) == "{\"a\":1}")
        #expect(delivery.properties.contentType == "application/cloudevents+json")
        #expect(delivery.properties.headers.filter { $0.key != "x-delivery-count" } == ["kept": .string("yes")])
        try await admin.acknowledge(delivery)

        let (fresh, waiting, stored) = try await owner.transaction(as: RepairTests.acme) { tx in
          let entry = Inbox.Entry(id: id, digest: SHA256.hash("{\"a\":1}").bytes)
          return (
            try Inbox.receive([entry], by: "classifier", at: Instant(microseconds: 0), tx), try Outbox.depth(tx).count,
            try ParkedMessages.find(ids[0], tx)
          )
        }
        #expect(fresh == [id])
        #expect(waiting == 0)
        #expect(stored?.replayedAt != nil)
        #expect(try await replay.open(of: nil).isEmpty)
      }
    }
  }

  @Test(.database(from: schema))
  func `what fails again after it was replayed is parked again`() async throws {
    try await RepairTests.withPools { owner, pool in
      try await RepairTests.withExchange { exchange, _, publisher in
        _ = try await RepairTests.park("{}", on: exchange, owner)
        let replay = DeadLetterReplay(pool: pool, actor: .person("ana"))
        _ = try await replay.run(try await replay.open(of: nil), through: publisher)
        _ = try await RepairTests.park("{}", on: exchange, owner)
        #expect(try await replay.open(of: nil).count == 1)
      }
    }
  }

  @Test(.database(from: schema))
  func `a message is not replayed twice, nor under another's id, nor for nobody`() async throws {
    try await RepairTests.withPools { owner, pool in
      try await RepairTests.withExchange { exchange, admin, publisher in
        _ = try await RepairTests.park("{\"a\":1}", on: exchange, owner)
        _ = try await RepairTests.park("{\"a\":2}", on: exchange, reason: "id-reused", owner)
        _ = try await RepairTests.park("rubbish", on: exchange, tenant: nil, key: "nobody.product.submitted", owner)
        let replay = DeadLetterReplay(pool: pool, actor: .person("ana"))
        let ids = try await replay.open(of: nil)
        #expect(ids.count == 3)
        let (sent, refused) = try await replay.run([ids[0], ids[0]] + ids[1...], through: publisher)
        #expect(sent == 1)
        #expect(
          refused.map(\.1) == [
            "it was replayed before", "its id belongs to another message", "it names no tenant that exists",
          ])
        #expect(try await admin.messageCount(exchange) == 1)
      }
    }
  }

  @Test(.database(from: schema))
  func `of several operators who replay a message at once, one sends it and the others are told`() async throws {
    try await RepairTests.withPools { owner, pool in
      try await RepairTests.withExchange { exchange, admin, publisher in
        _ = try await RepairTests.park("{}", on: exchange, owner)
        let ids = try await DeadLetterReplay(pool: pool, actor: .person("ana")).open(of: nil)
        let results = try await withThrowingTaskGroup(of: (Int, [String]).self) { group in
          for name in ["ana", "budi", "citra", "dewi"] {
            group.addTask {
              let (sent, refused) = try await DeadLetterReplay(pool: pool, actor: .person(name))
                .run(ids, through: publisher)
              return (sent, refused.map(\.1))
            }
          }
          return try await group.reduce(into: [(Int, [String])]()) { $0.append($1) }
        }
        let refusals = results.flatMap(\.1)
        #expect(results.map(\.0).reduce(0, +) == 1, "\(results)")
        #expect(refusals.count == 3 && refusals.allSatisfy { $0.contains("replayed") })
        #expect(try await admin.messageCount(exchange) == 1)
        let isMarkedAgain = try await pool.transaction { tx in
          try ParkedMessages.markReplayed(ids[0], by: .person("eve"), at: Instant(microseconds: 0), tx)
        }
        #expect(!isMarkedAgain)
      }
    }
  }

  // MARK: Deliveries

  @Test(.database(from: schema))
  func `dead deliveries are pending again, and their case is on its way`() async throws {
    try await RepairTests.withPools { owner, pool in
      let (caseID, deliveryID) = try await RepairTests.undeliverable(owner)
      let count = try await pool.transaction(as: RepairTests.acme) { tx in
        try ReplayCommand.revive([deliveryID], of: RepairTests.acme, by: .person("ana"), tx)
      }
      #expect(count == 1)
      try await pool.transaction(as: RepairTests.acme) { tx in
        let delivery = try #require(try DeliveryStore.find([deliveryID], tx)[deliveryID])
        #expect(delivery.state == .pending && delivery.attempts == 0 && delivery.nextAttemptAt != nil)
        let stored = try #require(try CaseStore.load([caseID], tx)[caseID])
        #expect(stored.state == .documented && stored.version == 2)
        let history = try AuditLog.history(of: caseID.value, tx).map(\.content)
        #expect(history.count == 2 && history.allSatisfy { $0.contains("person:ana") })
        #expect(history[0].contains("delivery.revived") && history[0].contains(deliveryID.description))
        #expect(history[1].contains("case.redelivered"))
        // A second time there is nothing to revive.
        #expect(try ReplayCommand.revive([deliveryID], of: RepairTests.acme, by: .person("ana"), tx) == 0)
      }
    }
  }

  private static func undeliverable(_ pool: PostgresPool) async throws -> (CaseID, UniqueID) {
    @Sendable func id(_ text: String) -> UniqueID { UniqueID(digest: SHA256.hash(text).bytes) }
    let market = try #require(Market("SG"))
    let product = Product(sku: "A", titles: [LocalizedText("Mug")], markets: [market])
    let (revisionID, caseID) = (ProductRevisionID(id("revision")), CaseID(id("case")))
    let now = Instant(microseconds: 0)
    try await pool.transaction(as: acme) { tx in
      _ = try ProductStore.lock(["A"], tx)
      let hash = SHA256.hash("content").bytes
      try ProductStore.insert(
        [ProductStore.Revision(id: revisionID, number: 1, product: product, contentHash: hash)], at: now, tx)
      try ProductStore.open(
        [ProductStore.NewCase(id: caseID, revisionID: revisionID, sku: "A", market: market)], at: now, tx)
      try tx.execute("UPDATE customs_case SET state = 'undeliverable'")
      try DeliveryStore.save(
        [
          StoredDelivery(
            id: id("delivery"), destination: "erp", subjectKind: "case", subject: caseID.value, stream: "A/SG",
            sequence: 1, payload: [], state: .dead, attempts: 12, nextAttemptAt: nil, lastStatus: 500,
            lastError: "500", createdAt: now, deliveredAt: nil)
        ], tx)
    }
    return (caseID, id("delivery"))
  }

  // MARK: Tenants

  @Test(.database(from: schema))
  func `the operator's rights are enough for keys, destinations and policies, and show no secret`() async throws {
    try await RepairTests.withPools { _, pool in
      let hook = Destination(
        name: "hook", kind: .webhook, config: ["url": "https://erp.example"], secrets: ["whsec_x"], isDryRun: false)
      try await pool.transaction(as: RepairTests.acme) { tx in
        _ = try AccessStore.createKey(
          id: UniqueID(high: 1, low: 1), account: "ana", roles: ["review"], tx)
        #expect(try KeyList.list(tx).map(\.account) == ["ana"])
        #expect(try AccessStore.revokeKeys(of: "ana", at: Instant(microseconds: 1), tx) == 1)
        #expect(try KeyList.list(tx).map(\.isRevoked) == [true])
        #expect(try Destinations.add(hook, tx))
        #expect(try !Destinations.add(hook, tx))
        #expect(try Destinations.list(tx).map(\.name) == ["hook"])
        #expect(try Destinations.enable("hook", tx))
        #expect(try !Destinations.enable("other", tx))
        #expect(try FirstPolicy.activateWhereMissing(by: .person("ana"), at: Instant(microseconds: 1), tx) == 1)
        #expect(try FirstPolicy.activateWhereMissing(by: .person("ana"), at: Instant(microseconds: 1), tx) == 1)
      }
      for statement in ["SELECT secrets FROM destination", "SELECT hash FROM api_key"] as [StaticString] {
        await #expect(throws: PostgresError.self) {
          try await pool.transaction(as: RepairTests.acme) { tx in _ = try tx.query(statement) }
        }
      }
    }
  }
}
