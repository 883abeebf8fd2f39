import Contracts
import Crypto
import Domain
import Postgres
import Store
import TestSupport
import Testing

@Suite("Products and their revisions", .timeLimit(.minutes(5)))
struct ProductStoreTests {
  private static func revision(_ sku: String, _ number: Int64, submittedAt: Instant? = nil) -> ProductStore.Revision {
    ProductStore.Revision(
      id: DerivedID.productRevision(StorePool.tenant, .live, sku: sku, number: number), number: number,
      product: Product(sku: sku, titles: [LocalizedText("Shirt")], markets: []),
      contentHash: SHA256.hash("\(sku) \(number)").bytes, submittedAt: submittedAt)
  }

  @Test(
    "who waited for a product's lock sees the content that the other stored meanwhile",
    .database(from: Installation.template))
  func lockedMeanwhile() async throws {
    try await StorePool.with { pool in
      try await pool.transaction(as: StorePool.tenant) { tx in
        _ = try ProductStore.lock(["SAME"], tx)
        try ProductStore.insert([Self.revision("SAME", 1)], at: StorePool.now, tx)
      }
      let (locked, signalLocked) = AsyncStream<Void>.makeStream()
      let storing = Task {
        try await pool.transaction(as: StorePool.tenant) { tx in
          _ = try ProductStore.lock(["SAME"], tx)
          signalLocked.finish()
          // Not yet changed: the other must stand at the lock, not at the row's new version before it.
          try StorePool.awaitWaiting(tx)
          try ProductStore.insert([Self.revision("SAME", 2)], at: StorePool.now, tx)
        }
      }
      for await _ in locked {}
      let seen = try await pool.transaction(as: StorePool.tenant) { tx in try ProductStore.lock(["SAME"], tx) }
      try await storing.value
      #expect(seen["SAME"]?.revision == 2)
      #expect(seen["SAME"]?.contentHash == Self.revision("SAME", 2).contentHash)
    }
  }

  @Test("of two revisions stored together the later is the latest", .database(from: Installation.template))
  func together() async throws {
    try await StorePool.with { pool in
      let seen = try await pool.transaction(as: StorePool.tenant) { tx in
        _ = try ProductStore.lock(["TWICE"], tx)
        let revisions = (1...5).map { Self.revision("TWICE", $0, submittedAt: StorePool.now) }
        try ProductStore.insert(revisions, at: StorePool.now, tx)
        return try ProductStore.lock(["TWICE"], tx)
      }
      #expect(seen["TWICE"]?.revision == 5)
      #expect(seen["TWICE"]?.submittedAt == StorePool.now)
    }
  }

  @Test("the cases of a few products are found without reading the others'", .database(from: Installation.template))
  func fewCases() async throws {
    try await StorePool.with { pool in
      try await pool.transaction(as: StorePool.tenant) { tx in
        let revisions = (1...2000).map { Self.revision("MANY-\($0)", 1) }
        _ = try ProductStore.lock(revisions.map(\.product.sku), tx)
        try ProductStore.insert(revisions, at: StorePool.now, tx)
        try ProductStore.open(
          revisions.map {
            .init(
              id: DerivedID.customsCase($0.id, Market("SG")!), revisionID: $0.id, sku: $0.product.sku,
              market: Market("SG")!)
          }, at: StorePool.now, tx)
      }
      for sought in [ShipmentStore.skusOfCases, SubmissionOutcomes.skusOfCases] {
        let (found, read) = try await pool.transaction(as: StorePool.tenant) { tx in
          let found = try sought(["MANY-1", "MANY-2"], tx)
          return (found, try Self.casesRead(tx))
        }
        #expect(found == ["MANY-1", "MANY-2"])
        #expect(read < 50)
      }
    }
  }

  private static func casesRead(_ tx: borrowing Transaction) throws -> Int64 {
    try tx.query(
      """
      SELECT (seq_tup_read + coalesce(idx_tup_fetch, 0))::int8 FROM pg_stat_xact_user_tables
      WHERE relname = 'customs_case'
      """
    ).decode(row: 0, as: Int64.self)
  }
}

extension ShipmentStore {
  fileprivate static func skusOfCases(_ skus: [String], _ tx: borrowing Transaction) throws -> Set<String> {
    Set(try casesForLines(skus, Market("SG")!, tx).keys)
  }
}

extension SubmissionOutcomes {
  fileprivate static func skusOfCases(_ skus: [String], _ tx: borrowing Transaction) throws -> Set<String> {
    Set(try cases(of: skus, tx).map(\.sku))
  }
}
