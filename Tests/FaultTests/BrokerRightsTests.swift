import AMQP
import Contracts
import Crypto
import Domain
import HTTP
import JSON
import TestSupport
import Testing

@Suite("The broker holds every service and tenant to its own messages", .installationTurn, .timeLimit(.minutes(5)))
struct BrokerRightsTests {
  private static let market = Market("SG")!
  private static let password = "of the test"

  private struct Publishing: Sendable {
    var user: String
    var exchange: String
    var key: String
    var isAllowed: Bool
  }

  private static func jobs(_ user: String, _ allowed: Set<Stage>) -> [Publishing] {
    Stage.allCases.filter(\.isPerMarket).map {
      Publishing(user: user, exchange: "jobs", key: Topology.job($0, market).text, isAllowed: allowed.contains($0))
    }
  }

  private static let publishings: [Publishing] =
    jobs("pabean-ingest", [.classifier, .documentGeneration, .writeback])
    + jobs("pabean-classifier", [.complianceScreening])
    + jobs("pabean-compliance-screening", [.documentGeneration])
    + jobs("pabean-document-generation", [.documentGeneration, .writeback]) + jobs("pabean-writeback", [])
    + jobs("pabean-review-desk", [.documentGeneration, .writeback]) + jobs("tenant-acme", [])
    + [
      Publishing(user: "tenant-acme", exchange: "submissions", key: "acme.product.submitted", isAllowed: true),
      Publishing(user: "tenant-acme", exchange: "submissions", key: "acme.shipment.submitted", isAllowed: true),
      Publishing(user: "tenant-acme", exchange: "submissions", key: "other.product.submitted", isAllowed: false),
      Publishing(user: "tenant-acme", exchange: "outcomes.acme", key: "pabean.case.outcome.v1", isAllowed: false),
      Publishing(user: "tenant-acme", exchange: "", key: "ingest", isAllowed: false),
      Publishing(user: "pabean-classifier", exchange: "submissions", key: "acme.product.submitted", isAllowed: false),
      Publishing(user: "pabean-classifier", exchange: "", key: "writeback.sg", isAllowed: false),
      Publishing(user: "pabean-writeback", exchange: "outcomes.acme", key: "pabean.case.outcome.v1", isAllowed: true),
      Publishing(user: "pabean-writeback", exchange: "reviews.acme", key: "review.sg", isAllowed: true),
      Publishing(user: "pabean-review-desk", exchange: "reviews.acme", key: "review.sg", isAllowed: false),
      Publishing(user: "tenant-acme", exchange: "reviews.acme", key: "review.sg", isAllowed: false),
      Publishing(user: "pabean-ingest", exchange: "outcomes.acme", key: "pabean.case.outcome.v1", isAllowed: false),
    ]

  private static let queues = Topology(markets: [market], tenants: [TenantID("acme")!, TenantID("other")!]).queueNames

  /// The queues that each user may read.
  private static func readable(_ user: String) -> Set<QueueName> {
    switch user {
    case "tenant-acme": ["outcomes.acme", "reviews.acme"]
    case "tenant-other": ["outcomes.other", "reviews.other"]
    case "pabean-review-desk": []
    case "pabean-maintenance": Set(queues.filter { $0.text.hasPrefix("parking.") || $0.text == "unrouted" })
    default: Set(Stage.allCases.filter { BrokerDefinitions.user($0) == user }.map { Topology.queue($0, market) })
    }
  }

  @Test("definitions imported whole give each user what it must do and nothing else")
  func rights() async throws {
    // Users belong to the whole broker, so it is one of the test's own.
    try await PrivateServers.withOwn { servers in
      let pabean = try await Installation.open(on: servers)
      try await pabean.management(.post, "/api/definitions", definitions.json)
      let endpoint = pabean.broker.replacing(password: Self.password, vhost: "rights")
      let ready = AMQPAdmin(endpoint: pabean.broker.replacing(vhost: "rights"))
      _ = try await eventually("the queues") { try await ready.messageCount("outcomes.other") }
      await ready.close()
      for attempt in Self.publishings { await check(attempt, endpoint) }
      for user in Self.users { await checkQueues(user, endpoint.replacing(user: user)) }
      try await pabean.close()
    }
  }

  private static let tenants = [TenantID("acme")!, TenantID("other")!]
  private static let users = BrokerDefinitions.allUsers(tenants: tenants)

  private var definitions: BrokerDefinitions {
    BrokerDefinitions(
      vhosts: [.init(name: "rights", topology: Topology(markets: [Self.market], tenants: Self.tenants))],
      credentials: Self.users.map { .init(user: $0, password: Self.password, salt: SecureRandom.bytes(4)) },
      administrator: nil)
  }

  private func check(_ attempt: Publishing, _ endpoint: AMQPEndpoint) async {
    let publisher = AMQPPublisher(
      endpoint: endpoint.replacing(user: attempt.user), name: "rights", limits: .init(patience: .seconds(3)))
    publisher.start()
    let outcome = await publisher.publish([
      OutgoingMessage(exchange: attempt.exchange, routingKey: attempt.key, body: [1])
    ]).first
    await publisher.close()
    #expect((outcome == .confirmed) == attempt.isAllowed, "\(attempt): \(outcome as Any)")
  }

  private func checkQueues(_ user: String, _ endpoint: AMQPEndpoint) async {
    let readable = Self.readable(user)
    for queue in Self.queues {
      let isRead = await succeeds(endpoint) { admin in
        if let delivery = try await admin.get(queue.text) { try await admin.requeue(delivery) }
      }
      #expect(isRead == readable.contains(queue), "\(user) reads \(queue)")
    }
    let declares = await succeeds(endpoint) { try await $0.declareQueue("\(user)-own") }
    #expect(!declares, "\(user) declares a queue")
    let purges = await succeeds(endpoint) { admin in try await admin.deleteQueue("ingest") }
    #expect(!purges, "\(user) deletes a queue")
  }

  private func succeeds(_ endpoint: AMQPEndpoint, _ body: (AMQPAdmin) async throws -> Void) async -> Bool {
    let admin = AMQPAdmin(endpoint: endpoint)
    let result = (try? await body(admin)) != nil
    await admin.close()
    return result
  }
}
