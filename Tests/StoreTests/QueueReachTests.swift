import Domain
import Postgres
import Store
import TestSupport
import Testing

@Suite("A long queue", .timeLimit(.minutes(5)))
struct QueueReachTests {
  private static let cases = 40_000
  /// What one page may read of them: those that it shows, and those counted.
  private static let readMax: Int64 = 4500
  private static let now = Instant(microseconds: 1_750_000_000_000_000)

  /// As the desk reads: with its rights and its settings.
  private func desk() throws -> PostgresPool {
    PostgresPool(
      PostgresConfiguration(
        url: try TestDatabase.required().url, applicationName: "pabean-test", poolSize: 1,
        sessionSettings: [("app.environment", "live"), ("enable_seqscan", "off"), ("jit", "off")],
        role: "pabean_review_desk"))
  }

  /// Most wait for the same reasons. A few at the end of the queue wait for others, or in another market.
  private func fill() async throws {
    try await StorePool.with { pool in
      try await pool.transaction { tx in
        try tx.executeScript(
          """
          SET LOCAL session_replication_role = replica;
          INSERT INTO customs_case (tenant, environment, id, product_revision_id, sku, market, state, opened_at, updated_at)
          SELECT 'acme', 'live', md5(n::text)::uuid, md5(n::text)::uuid, 'S-' || n, 'SG', 'awaiting-decision', now(), now()
          FROM generate_series(1, \(QueueReachTests.cases)) AS n;
          INSERT INTO review_task (tenant, environment, case_id, market, sku, title, lane, roles, kinds, risk_score, reason, code,
            needle, state, opened_at, due_at, urgent_at)
          SELECT 'acme', 'live', md5(n::text)::uuid, CASE WHEN n > 39990 THEN 'TH' WHEN n % 3 = 0 THEN 'MY' ELSE 'SG' END,
            'S-' || n, 'Mug ' || n, CASE WHEN n % 8 = 0 THEN 'manual' ELSE 'exception' END,
            CASE WHEN n > 39980 THEN '{logistics}' WHEN n % 2 = 0 THEN '{broker,compliance}' ELSE '{broker}' END::text[],
            CASE WHEN n > 39970 THEN '{dutyUnknown}' WHEN n % 8 = 0 THEN '{lowConfidence}' ELSE '{finding,belowAutoClear}'
              END::text[],
            50, 'because', CASE WHEN n % 2 = 0 THEN '691200' ELSE '610910' END, 'mug s-' || n,
            CASE WHEN n % 200 = 0 THEN 'awaiting-information' ELSE 'awaiting-decision' END, at, at + interval '1 day',
            at + interval '5 hours'
          FROM generate_series(1, \(QueueReachTests.cases)) AS n
            CROSS JOIN LATERAL (SELECT timestamptz '2025-01-01' + n * interval '1 minute' AS at) AS t;
          UPDATE review_task SET needle = 'vase s-1' WHERE sku = 'S-1';
          """)
      }
      // No statement of a transaction's: it needs what was committed.
      try await pool.transaction { tx in try tx.executeScript("ANALYZE customs_case; ANALYZE review_task") }
    }
  }

  /// By this session so far. Whatever was looked up by an index and then left out counts too.
  private func rowsRead(_ tx: borrowing Transaction) throws -> Int64 {
    try tx.query(
      "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relname = 'review_task'"
    ).decode(row: 0, as: Int64.self)
  }

  private static func filter(_ change: (inout ReviewQueue.Filter) -> Void) -> ReviewQueue.Filter {
    var filter = ReviewQueue.Filter()
    change(&filter)
    return filter
  }

  private static let filters: [ReviewQueue.Filter] = {
    let markets = ["SG", "MY", "TH", "VN"].compactMap { Market($0) }
    var filters = [ReviewQueue.Filter()]
    filters += markets.map { market in filter { $0.markets = [market] } }
    filters += [filter { $0.markets = Array(markets.suffix(2)) }, filter { $0.markets = Array(markets.prefix(2)) }]
    filters += ReviewerRole.allCases.map { role in filter { $0.role = role } }
    filters += Lane.allCases.map { lane in filter { $0.lane = lane } }
    filters += ReviewTasks.Task.State.allCases.map { state in filter { $0.state = state } }
    filters += RoutingReason.Kind.allCases.filter { $0 != .clear }.map { kind in filter { $0.kind = kind } }
    filters += ["69", "61", "01"].map { chapter in filter { $0.chapter = chapter } }
    filters += [1_735_700_000, 1_736_000_000, 1_750_000_000].map { seconds in
      filter { $0.openedBefore = Instant(microseconds: seconds * 1_000_000) }
    }
    filters += [
      filter { $0.assignedTo = .person("lim") }, filter { $0.text = "vase" }, filter { $0.text = "mug" },
      filter { ($0.markets, $0.lane, $0.role) = ([markets[0]], .manual, .broker) },
      filter { ($0.lane, $0.kind) = (.manual, .dutyUnknown) },
      filter { ($0.markets, $0.kind) = ([markets[2]], .finding) },
    ]
    return filters
  }()

  @Test("is read by what is asked for, whatever that is", .database(from: Installation.template))
  func filters() async throws {
    try await fill()
    let desk = try desk()
    for filter in QueueReachTests.filters {
      let (found, counted, read) = try await desk.transaction(as: StorePool.tenant, readOnly: true) { tx in
        let before = try rowsRead(tx)
        let part = try ReviewQueue.part(filter, tx)
        let first = try part.list(limit: 51, tx)
        var found = first
        if let last = first.last {
          found += try part.list(after: .init(urgentAt: last.urgentAt!, caseID: last.caseID), limit: 51, tx)
        }
        return (found, try part.count(upTo: 2000, tx), try rowsRead(tx) - before)
      }
      #expect(read <= QueueReachTests.readMax, "\(filter)")
      #expect(found.count == min(Int(counted), 102), "\(filter)")
      #expect(zip(found, found.dropFirst()).allSatisfy { $0.urgentAt! < $1.urgentAt! }, "\(filter)")
    }
    await desk.close()
  }

  @Test("is not gone through for those whom no case in it is for", .database(from: Installation.template))
  func next() async throws {
    try await fill()
    let desk = try desk()
    func next(_ roles: [ReviewerRole], _ markets: [Market] = []) async throws -> (CaseID?, Int64) {
      try await desk.transaction(as: StorePool.tenant) { tx in
        let before = try rowsRead(tx)
        let seeker = CaseClaims.Seeker(.person("lim"), roles: roles, markets: markets)
        let id = try CaseClaims.findNext(for: seeker, isAssigned: false, at: QueueReachTests.now, tx)
        return (id, try rowsRead(tx) - before)
      }
    }
    let (first, few) = try await next([.broker, .compliance, .legal])
    #expect(first != nil && few < 100)
    let (rare, some) = try await next([.logistics, .legal, .finance])
    #expect(rare != nil && some < 100)
    let (none, all) = try await next([.legal, .finance])
    #expect(none == nil && all < 100)
    let (elsewhere, read) = try await next([.logistics], [Market("TH")!])
    #expect(elsewhere != nil && read < 200)
    await desk.close()
  }
}
