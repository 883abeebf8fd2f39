import Contracts
import Crypto
import Domain
import HTTP
import JSON
import Observability
import Postgres
import Store
import TestSupport
import Testing
import WorkerRuntime
import WritebackEngine

@testable import AMQP
@testable import WritebackWorker

/// Write-back without a broker: its handler and its retries on a database, with the rights of the service.
struct Scene: Sendable {
  static let market = Market("SG")!
  static let secret = "whsec_" + Base64.encode(Array(0..<32))
  static let acme = Installation.tenant
  static let other = Installation.otherTenant

  let owner: PostgresPool
  let ingest: PostgresPool
  let service: PostgresPool
  let carrier: Carrier

  /// The template's tenants, with these destinations and no others.
  static func with(_ destinations: [Destination], _ body: (Scene) async throws -> Void) async throws {
    let url = try TestDatabase.required().url
    func pool(_ role: String?) -> PostgresPool {
      PostgresPool(
        PostgresConfiguration(url: url, poolSize: 4, sessionSettings: [("app.environment", "live")], role: role))
    }
    let scene = Scene(
      owner: pool(nil), ingest: pool("pabean_ingest"), service: pool("pabean_writeback"), carrier: try carrier())
    try await scene.owner.transaction { tx in
      try tx.execute("DELETE FROM destination")
      for tenant in [acme, other] {
        try tx.enter(tenant)
        for destination in destinations { try AccessStore.addDestination(destination, tx) }
      }
    }
    let result = await Result { try await body(scene) }
    await scene.owner.close()
    await scene.ingest.close()
    await scene.service.close()
    try result.get()
  }

  static func carrier() throws -> Carrier {
    // Never started: nothing here is for the broker.
    let publisher = AMQPPublisher(endpoint: try AMQPEndpoint("amqp://nobody:x@127.0.0.1:1/x"), name: "test")
    return Carrier(client: HTTPClient(policy: .any), publisher: publisher, fileDrop: nil)
  }

  static func webhook(_ url: String, named name: String = "erp") -> Destination {
    Destination(name: name, kind: .webhook, config: ["url": .string(url)], secrets: [secret], isDryRun: false)
  }

  // MARK: What there is

  /// A case that waits for its delivery, with these decisions; nil is a rejection.
  @discardableResult
  func documented(_ sku: String, _ codes: [String?], of tenant: TenantID = acme) async throws -> CaseID {
    let revision = DerivedID.productRevision(tenant, .live, sku: sku, number: 1)
    let id = DerivedID.customsCase(revision, Scene.market)
    let now = SystemClock.now()
    try await ingest.transaction(as: tenant) { tx in
      _ = try ProductStore.lock([sku], tx)
      let product = Product(sku: sku, titles: [LocalizedText("Shirt")], markets: [Scene.market])
      try ProductStore.insert(
        [.init(id: revision, number: 1, product: product, contentHash: SHA256.hash(sku).bytes)], at: now, tx)
      try ProductStore.open([.init(id: id, revisionID: revision, sku: sku, market: Scene.market)], at: now, tx)
    }
    for (index, code) in codes.enumerated() { try await decide(id, sequence: Int64(index + 1), code, of: tenant) }
    return id
  }

  func decide(_ id: CaseID, sequence: Int64, _ code: String?, of tenant: TenantID = acme) async throws {
    let decision = Decision(
      id: DerivedID.decision(id, sequence: sequence), caseID: id, sequence: sequence,
      kind: code == nil ? .rejected : .approved, code: code.flatMap { HSCode($0) }, reason: "it is so",
      decidedBy: .person("ana"), decidedAt: SystemClock.now())
    try await owner.transaction(as: tenant) { tx in
      try DecisionStore.insert([decision], tx)
      try tx.execute("UPDATE customs_case SET state = 'documented' WHERE id = $1", id)
    }
  }

  /// A delivery as an earlier attempt left it, whose time has come when it is pending.
  @discardableResult
  func store(
    _ id: CaseID, sku: String, decision: Int64, _ state: DeliveryState, of tenant: TenantID = acme,
    dueAgo: Duration = .seconds(1)
  ) async throws -> UniqueID {
    let now = SystemClock.now()
    let sequence = DeliverySubject.sequence(revision: 1, decision: decision)
    let delivery = StoredDelivery(
      id: DerivedID.delivery(id.value, destination: "erp", sequence: sequence), destination: "erp",
      subjectKind: "case", subject: id.value, stream: ERPValues.stream(sku: sku, market: Scene.market),
      sequence: sequence, payload: Array(#"{"data":{"code":"6109"}}"#.utf8), state: state, attempts: 1,
      nextAttemptAt: state == .pending ? now.adding(.zero - dueAgo) : nil, lastStatus: 500, lastError: nil,
      createdAt: now, deliveredAt: state == .delivered ? now : nil)
    try await owner.transaction(as: tenant) { tx in try DeliveryStore.save([delivery], tx) }
    return delivery.id
  }

  // MARK: What is done

  /// As if the messages of these cases had come, in one batch.
  func handle(_ ids: [CaseID], of tenant: TenantID = acme) async throws {
    let handler = WritebackHandler(carrier: carrier, ladder: DeliveryLadder(), documentAddress: "http://localhost")
    let messages = ids.map { id in
      StageMessage(
        id: MessageID(id.value), tenant: tenant, market: Scene.market, type: .caseDocumented,
        data: CaseReference(caseID: id).json, traceparent: nil, delivery: Scene.delivery)
    }
    let loaded = try await service.transaction(as: tenant) { tx in try handler.load(messages, tx) }
    let verdicts = await handler.decide(Array(zip(messages, loaded)), now: SystemClock.now())
    let effects = zip(messages, verdicts).compactMap { message, verdict in
      if case .done(let effect) = verdict { (message, effect) } else { nil }
    }
    try await service.transaction(as: tenant) { tx in
      let stored = try handler.store(effects, now: SystemClock.now(), tx)
      try AuditLog.append(stored.audit, of: tenant, tx)
    }
  }

  func retry() async throws -> Int {
    let retries = DeliveryRetries(
      pool: service, carrier: carrier, ladder: DeliveryLadder(), documentAddress: "http://localhost",
      deliveries: Metrics().counter("tests_total", "Tries.", labels: ["outcome"]), log: .silent)
    return try await retries.sendDue()
  }

  // MARK: What came of it

  func state(_ id: CaseID, of tenant: TenantID = acme) async throws -> CaseState? {
    try await owner.transaction(as: tenant) { tx in try CaseStore.load([id], tx)[id]?.state }
  }

  func deliveries(_ id: CaseID, of tenant: TenantID = acme) async throws -> [StoredDelivery] {
    try await owner.transaction(as: tenant) { tx in try DeliveryStore.of(id.value, tx) }
  }

  private static let delivery: Delivery = Delivery(
    queue: "writeback.sg", exchange: "jobs", routingKey: "job.sg.writeback", redelivered: false,
    properties: MessageProperties(), body: [], tag: 1, epoch: 1)
}

/// A receiver that keeps what it got and answers as it is told.
final class Receiver: Sendable {
  let server: HTTPServer
  private let bodies: Bodies

  private actor Bodies {
    var all: [JSONValue] = []
    func append(_ body: JSONValue) { all.append(body) }
  }

  init(_ answer: @escaping @Sendable () async -> Int = { 204 }) throws {
    let bodies = Bodies()
    self.bodies = bodies
    server = try HTTPServer(host: "127.0.0.1", port: 0) { request in
      await bodies.append((try? JSONParser.parse(request.body)) ?? .null)
      return HTTPResponse(status: await answer())
    }
    server.start()
  }

  var url: String { "http://127.0.0.1:\(server.port)/outcomes" }
  var got: [JSONValue] { get async { await bodies.all } }
}

extension Result where Failure == any Error {
  init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
