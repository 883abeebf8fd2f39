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

@testable import IngestWorker

@Suite("A product that arrives out of order", .timeLimit(.minutes(5)))
struct StaleSubmissionTests {
  private static let now = Instant(microseconds: 1_750_000_000_000_000)
  private static let tenant = Installation.tenant

  private static func seconds(_ count: Int64) -> Instant { now.adding(.seconds(count)) }

  private func withPool(_ body: (PostgresPool) async throws -> Void) async throws {
    let pool = PostgresPool(
      PostgresConfiguration(
        url: try TestDatabase.required().url + "?options=-c%20role%3Dpabean_ingest", applicationName: "pabean-test",
        poolSize: 2, sessionSettings: [("app.environment", "live")]))
    let result: Result<Void, any Error>
    do { result = .success(try await body(pool)) } catch { result = .failure(error) }
    await pool.close()
    try result.get()
  }

  private struct Accepted: Sendable {
    var results: [ProductAcceptance.Result]
    var audit: [AuditLog.Entry]
  }

  /// Each in a transaction of its own, as of workers that take turns.
  private func accept(_ title: String, made: Instant?, arriving now: Instant, _ pool: PostgresPool) async throws
    -> Accepted
  {
    try await accept([(title, made)], arriving: now, pool)
  }

  private func accept(_ versions: [(title: String, made: Instant?)], arriving now: Instant, _ pool: PostgresPool)
    async throws -> Accepted
  {
    let acceptance = ProductAcceptance(tenant: Self.tenant, environment: .live, actor: .system("ingest"))
    let submissions = versions.map { version in
      ProductAcceptance.Submission(
        cause: MessageID(UniqueID(digest: SecureRandom.bytes(16))),
        product: Product(sku: "A", titles: [LocalizedText(version.title)], markets: [Market("SG")!]), trace: .root(),
        submittedAt: version.made)
    }
    return try await pool.transaction(as: Self.tenant) { tx in
      let (results, effects) = try acceptance.accept(submissions, now: now, tx)
      return Accepted(results: results, audit: effects.audit)
    }
  }

  @Test("changes nothing when a newer one is known, and the audit says so", .database(from: Installation.template))
  func stale() async throws {
    try await withPool { pool in
      let newer = try await accept("new", made: Self.seconds(-10), arriving: Self.now, pool)
      #expect(newer.results.map(\.status) == [.accepted])
      let older = try await accept("old", made: Self.seconds(-11), arriving: Self.seconds(1), pool)
      #expect(older.results.map(\.status) == [.stale])
      #expect(older.results.map(\.revision) == [1])
      #expect(older.results.first?.cases.isEmpty == true)
      #expect(older.audit.map(\.kind) == ["submission.stale"])
      let same = try await accept("changed", made: Self.seconds(-10), arriving: Self.seconds(2), pool)
      #expect(same.results.map(\.status) == [.accepted])
    }
  }

  @Test("that repeats what is known renews its time", .database(from: Installation.template))
  func renewed() async throws {
    try await withPool { pool in
      _ = try await accept("same", made: Self.seconds(-10), arriving: Self.now, pool)
      let again = try await accept("same", made: Self.seconds(-5), arriving: Self.seconds(1), pool)
      #expect(again.results.map(\.status) == [.unchanged])
      let between = try await accept("old", made: Self.seconds(-7), arriving: Self.seconds(2), pool)
      #expect(between.results.map(\.status) == [.stale])
    }
  }

  @Test("within one batch ends as it was made last", .database(from: Installation.template))
  func batch() async throws {
    try await withPool { pool in
      let both = try await accept(
        [("new", Self.seconds(-1)), ("old", Self.seconds(-2))], arriving: Self.now, pool)
      #expect(both.results.map(\.status) == [.accepted, .stale])
    }
  }

  @Test(
    "without a time is new, even where another worker's clock is ahead; and no sender's clock outruns ours",
    .database(from: Installation.template))
  func clocks() async throws {
    try await withPool { pool in
      _ = try await accept("ahead", made: Self.seconds(86_400 * 365), arriving: Self.seconds(5), pool)
      let untimed = try await accept("later", made: nil, arriving: Self.now, pool)
      #expect(untimed.results.map(\.status) == [.accepted])
      let timed = try await accept("last", made: Self.seconds(6), arriving: Self.seconds(6), pool)
      #expect(timed.results.map(\.status) == [.accepted])
    }
  }

  @Test(
    "and that a held shipment waits for moves the shipment's line, which the audit says",
    .database(from: Installation.template))
  func rebinding() async throws {
    try await withPool { pool in
      let first = try #require(try await accept("bad", made: nil, arriving: Self.now, pool).results[0].cases.first)
      let shipment = DerivedID.shipment(Self.tenant, .live, reference: "ORDER")
      try await pool.transaction(as: Self.tenant) { tx in
        try tx.execute(
          """
          INSERT INTO shipment (id, reference, market, content_hash, content, state, received_at, updated_at)
          VALUES ($1, 'ORDER', 'SG', $2, '{}', 'held', now(), now())
          """, shipment, SHA256.hash("ORDER").bytes)
        try tx.execute(
          "INSERT INTO shipment_line (shipment_id, number, sku, market, case_id, status) VALUES ($1, 1, 'A', 'SG', $2, 'rejected')",
          shipment, first.id)
      }
      let second = try await accept("good", made: nil, arriving: Self.seconds(1), pool)
      let entries = second.audit.filter { $0.subject == shipment.value }
      #expect(entries.map(\.kind) == ["shipment.line-rebound", "shipment.waiting"])
      #expect(entries.first?.data["previousCaseID"] == first.id.json)
      #expect(entries.first?.data["caseID"] == second.results[0].cases.first?.id.json)
    }
  }
}
