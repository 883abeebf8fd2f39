import Contracts
import Crypto
import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite("Statements of the pipeline", .timeLimit(.minutes(5)))
struct PipelineStoreTests {
  private static let now = Instant(microseconds: 1_750_000_000_000_000)
  private static let tenant = Installation.tenant

  private func pool() throws -> PostgresPool {
    PostgresPool(
      PostgresConfiguration(
        url: try TestDatabase.required().url, applicationName: "pabean-test", poolSize: 4,
        sessionSettings: [("app.environment", "live")]))
  }

  private static func messageID(_ number: UInt64) -> MessageID { MessageID(UniqueID(high: 0x8000, low: number)) }

  @Test(
    "the inbox lets an id through once for each consumer, and tells a repetition from a contradiction",
    .database(from: Installation.template))
  func inbox() async throws {
    let pool = try pool()
    let known = Inbox.Entry(id: Self.messageID(1), digest: [1])
    let other = Inbox.Entry(id: Self.messageID(1), digest: [2])
    let fresh = Inbox.Entry(id: Self.messageID(2), digest: [3])
    let receive: @Sendable ([Inbox.Entry], String) async throws -> Set<MessageID> = { entries, consumer in
      try await pool.transaction(as: Self.tenant) { tx in
        try Inbox.receive(entries, by: consumer, at: Self.now, tx)
      }
    }
    #expect(try await receive([known], "ingest") == [known.id])
    #expect(try await receive([known, fresh], "ingest") == [fresh.id])
    #expect(try await receive([known], "classifier") == [known.id])
    let contradicted = try await pool.transaction(as: Self.tenant) { tx in
      try Inbox.contradicted([known, other, fresh], by: "ingest", tx)
    }
    #expect(contradicted == [other])
    await pool.close()
  }

  @Test(
    "two sweepers never claim the same stray row, and a lease that ran out is claimed again",
    .database(from: Installation.template))
  func outboxLease() async throws {
    let pool = try pool()
    let messages = (1...10).map {
      Outbox.Message(id: Self.messageID(UInt64($0)), exchange: "jobs", routingKey: "job.sg.classifier", payload: [1])
    }
    let rows = try await pool.transaction(as: Self.tenant) { tx in try Outbox.append(messages, at: Self.now, tx) }
    #expect(rows.map(\.message.id) == messages.map(\.id), "in the order given")
    let claim: @Sendable (Instant, Int) async throws -> [Int64] = { now, limit in
      try await pool.transaction(as: Self.tenant) { tx in
        try Outbox.claimStray(
          olderThan: now.adding(.seconds(-5)), until: now.adding(.seconds(30)), at: now, limit: limit, tx)
      }.map(\.seq)
    }
    #expect(try await claim(Self.now.adding(.seconds(4)), 100) == [], "too young")
    let later = Self.now.adding(.seconds(10))
    async let first = claim(later, 5)
    async let second = claim(later, 5)
    #expect(try await (first + second).sorted() == rows.map(\.seq))
    #expect(try await claim(later, 100) == [], "leased")
    #expect(try await claim(later.adding(.seconds(31)), 100) == rows.map(\.seq))
    await pool.close()
  }

  @Test("a step of a case that somebody else moved on changes nothing", .database(from: Installation.template))
  func optimistic() async throws {
    let pool = try pool()
    let id = try await Self.openCase("STEP-1", pool)
    let read = try #require(try await Self.load(id, pool))
    let apply: @Sendable (CaseState) async throws -> Bool = { state in
      try await pool.transaction(as: Self.tenant) { tx in
        try CaseStore.apply([CaseTransition(read, to: state)], at: Self.now, tx).contains(id)
      }
    }
    #expect(try await apply(.classified))
    #expect(try await !apply(.superseded))
    let now = try #require(try await Self.load(id, pool))
    #expect(now.state == .classified)
    #expect(now.version == read.version + 1)
    await pool.close()
  }

  @Test("a shipment that meets a rejection while it is made sees the rejection", .database(from: Installation.template))
  func rejectionMeanwhile() async throws {
    let pool = try pool()
    let id = try await Self.openCase("RACE-1", pool)
    let read = try #require(try await Self.load(id, pool))
    let (locked, signalLocked) = AsyncStream<Void>.makeStream()
    let rejecting = Task {
      try await pool.transaction(as: Self.tenant) { tx in
        let decision = Decision(
          id: DerivedID.decision(id, sequence: 1), caseID: id, sequence: 1, kind: .rejected, code: nil, reason: "no",
          decidedBy: .person("bea"), decidedAt: Self.now)
        try DecisionStore.insert([decision], tx)
        _ = try CaseStore.apply([CaseTransition(read, to: .decided, decisionID: decision.id)], at: Self.now, tx)
        signalLocked.finish()
        // Committed only when the other stands and waits for this case.
        while try tx.query(
          """
          SELECT count(*) FROM pg_locks, pg_sleep(0.01) WHERE NOT granted AND pid IN
            (SELECT pid FROM pg_locks WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()))
          """
        ).decode(row: 0, as: Int64.self) == 0 {}
      }
    }
    for await _ in locked {}
    let found = try await pool.transaction(as: Self.tenant) { tx in
      try ShipmentStore.casesForLines(["RACE-1"], Market("SG")!, tx)["RACE-1"]?.status
    }
    try await rejecting.value
    #expect(found == .rejected)
    await pool.close()
  }

  @Test(
    "messages that could not be handled are parked once and listed newest first",
    .database(from: Installation.template))
  func parking() async throws {
    let pool = try pool()
    let entry: @Sendable (String) -> ParkedMessages.Entry = { body in
      ParkedMessages.Entry(
        tenant: nil, stage: "ingest", messageID: nil, caseID: nil, reasonCode: "unreadable", reason: "no JSON",
        attempts: 1, exchange: "submissions", routingKey: "a.product.submitted", headers: JSONObject(),
        body: Array(body.utf8), digest: SHA256.hash(body).bytes)
    }
    try await pool.transaction { tx in
      for body in ["one", "two", "one"] { try ParkedMessages.park(entry(body), at: Self.now, tx) }
    }
    let listed = try await pool.transaction(readOnly: true) { tx in
      try ParkedMessages.list(tenant: nil, includeReplayed: false, limit: 10, tx)
    }
    #expect(listed.map(\.entry.digest) == [SHA256.hash("two").bytes, SHA256.hash("one").bytes])
    await pool.close()
  }

  // MARK: A case

  private static func openCase(_ sku: String, _ pool: PostgresPool) async throws -> CaseID {
    let market = try #require(Market("SG"))
    let revisionID = DerivedID.productRevision(tenant, .live, sku: sku, number: 1)
    let id = DerivedID.customsCase(revisionID, market)
    try await pool.transaction(as: tenant) { tx in
      _ = try ProductStore.lock([sku], tx)
      let product = Product(sku: sku, titles: [LocalizedText("Shirt")], markets: [market])
      try ProductStore.insert(
        [.init(id: revisionID, number: 1, product: product, contentHash: SHA256.hash(sku).bytes)], at: now, tx)
      try ProductStore.open([.init(id: id, revisionID: revisionID, sku: sku, market: market)], at: now, tx)
    }
    return id
  }

  private static func load(_ id: CaseID, _ pool: PostgresPool) async throws -> StoredCase? {
    try await pool.transaction(as: tenant, readOnly: true) { tx in try CaseStore.load([id], tx)[id] }
  }
}
