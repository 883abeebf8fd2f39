import Contracts
import Crypto
import Domain
import Postgres
import Store
import TestSupport
import Testing

@Suite("Shipments that wait, are held, and go on", .timeLimit(.minutes(5)))
struct ShipmentStoreTests {
  private static let market = Market("SG")!
  private static let now = StorePool.now

  private static func newCase(_ sku: String, revision: Int64) -> ProductStore.NewCase {
    let id = DerivedID.productRevision(StorePool.tenant, .live, sku: sku, number: revision)
    return ProductStore.NewCase(id: DerivedID.customsCase(id, market), revisionID: id, sku: sku, market: market)
  }

  private static func openCase(_ sku: String, revision: Int64, _ tx: borrowing Transaction) throws
    -> ProductStore.NewCase
  {
    let opened = newCase(sku, revision: revision)
    _ = try ProductStore.lock([sku], tx)
    let product = Product(sku: sku, titles: [LocalizedText("Shirt")], markets: [market])
    try ProductStore.insert(
      [
        .init(
          id: opened.revisionID, number: revision, product: product, contentHash: SHA256.hash("\(revision)").bytes)
      ], at: now, tx)
    try ProductStore.open([opened], at: now, tx)
    return opened
  }

  /// A shipment of one line for each SKU, each of which has a case of a first revision.
  private static func shipment(
    _ reference: String, _ state: ShipmentState, _ lines: [(sku: String, status: LineStatus)],
    _ tx: borrowing Transaction
  ) throws -> ShipmentID {
    let currency = CurrencyCode("USD")!
    let shipment = Shipment(
      reference: reference, market: market, seller: Party(name: "Acme"), consignee: Party(name: "Buyer"),
      currency: currency,
      lines: lines.enumerated().map {
        ShipmentLine(
          number: $0 + 1, sku: $1.sku, quantity: Decimal(1), unitPrice: Money(minorUnits: 1, currency: currency))
      })
    let id = DerivedID.shipment(StorePool.tenant, .live, reference: reference)
    var stored: [StoredLine] = []
    for (index, line) in lines.enumerated() {
      let opened = try openCase(line.sku, revision: 1, tx)
      stored.append(
        StoredLine(
          shipmentID: id, number: index + 1, sku: line.sku, market: market, caseID: opened.id, status: line.status))
    }
    let isNew = try ShipmentStore.insert(
      StoredShipment(
        id: id, shipment: shipment, state: state, contentHash: SHA256.hash(reference).bytes, receivedAt: now),
      lines: stored, tx)
    #expect(isNew)
    return id
  }

  private static func see(_ id: ShipmentID, _ tx: borrowing Transaction) throws -> (ShipmentState?, [LineStatus]) {
    (try ShipmentStore.load([id], tx)[id]?.state, try ShipmentStore.lines(of: [id], tx).map(\.status))
  }

  @Test(
    "a rejected line takes the new revision's case, its shipment waits, and goes on when that case clears",
    .database(from: Installation.template))
  func rejectedThenCorrected() async throws {
    try await StorePool.with { pool in
      try await pool.transaction(as: StorePool.tenant) { tx in
        let id = try Self.shipment("HELD", .held, [("A", .rejected), ("B", .cleared)], tx)
        let open = try ShipmentStore.openLines(["A"], tx)
        #expect(open.map(\.sku) == ["A"])
        let second = try Self.openCase("A", revision: 2, tx)
        let attached = try ShipmentStore.attach([second], at: Self.now, tx)
        #expect(attached.resumed == [id])
        #expect(attached.lines.map(\.caseID) == [second.id])
        #expect(attached.lines.map(\.previous) == [Self.newCase("A", revision: 1).id])
        #expect(try Self.see(id, tx) == (.waiting, [.waiting, .cleared]))
        let moved = try ShipmentStore.settle([(second.id, .cleared)], at: Self.now, tx)
        #expect(moved.map(\.state) == [.ready])
        #expect(try Self.see(id, tx) == (.ready, [.cleared, .cleared]))
      }
    }
  }

  @Test("a shipment stays held while another of its lines is rejected", .database(from: Installation.template))
  func anotherRejected() async throws {
    try await StorePool.with { pool in
      try await pool.transaction(as: StorePool.tenant) { tx in
        let id = try Self.shipment("HELD-TWICE", .held, [("A", .rejected), ("B", .rejected)], tx)
        let attached = try ShipmentStore.attach([try Self.openCase("A", revision: 2, tx)], at: Self.now, tx)
        #expect(attached.resumed == [])
        #expect(try Self.see(id, tx) == (.held, [.waiting, .rejected]))
      }
    }
  }

  @Test(
    "a shipment held for its documents goes on with a new revision of a cleared line's product",
    .database(from: Installation.template))
  func heldForDocuments() async throws {
    try await StorePool.with { pool in
      try await pool.transaction(as: StorePool.tenant) { tx in
        let id = try Self.shipment("NO-ORIGIN", .held, [("A", .cleared), ("B", .cleared)], tx)
        #expect(try ShipmentStore.openLines(["A", "B"], tx).count == 2)
        let second = try Self.openCase("A", revision: 2, tx)
        #expect(try ShipmentStore.attach([second], at: Self.now, tx).resumed == [id])
        #expect(try ShipmentStore.settle([(second.id, .cleared)], at: Self.now, tx).map(\.state) == [.ready])
      }
    }
  }

  @Test("a shipment held for its documents is tried again with each decision", .database(from: Installation.template))
  func decidedAgain() async throws {
    try await StorePool.with { pool in
      try await pool.transaction(as: StorePool.tenant) { tx in
        let id = try Self.shipment("AGAIN", .held, [("A", .cleared)], tx)
        let first = Self.newCase("A", revision: 1)
        let moved = try ShipmentStore.settle([(first.id, .cleared)], at: Self.now, tx)
        #expect(moved.map(\.id) == [id])
        #expect(moved.map(\.state) == [.ready])
        #expect(try ShipmentStore.settle([(first.id, .cleared)], at: Self.now, tx).isEmpty)
      }
    }
  }

  @Test("a rejection holds a shipment that was ready", .database(from: Installation.template))
  func rejectedWhileReady() async throws {
    try await StorePool.with { pool in
      try await pool.transaction(as: StorePool.tenant) { tx in
        let id = try Self.shipment("READY", .ready, [("A", .cleared), ("B", .cleared)], tx)
        let moved = try ShipmentStore.settle([(Self.newCase("A", revision: 1).id, .rejected)], at: Self.now, tx)
        #expect(moved.map(\.state) == [.held])
        #expect(try Self.see(id, tx) == (.held, [.rejected, .cleared]))
      }
    }
  }

  @Test(
    "a new revision changes no line that is cleared in a waiting shipment, and none of one that went on",
    .database(from: Installation.template), arguments: [ShipmentState.waiting, .ready, .documented, .writtenBack])
  func untouched(state: ShipmentState) async throws {
    try await StorePool.with { pool in
      try await pool.transaction(as: StorePool.tenant) { tx in
        let id = try Self.shipment("DONE", state, [("A", .cleared)], tx)
        #expect(try ShipmentStore.openLines(["A"], tx).isEmpty)
        let attached = try ShipmentStore.attach([try Self.openCase("A", revision: 2, tx)], at: Self.now, tx)
        #expect(attached.lines.isEmpty)
        #expect(try ShipmentStore.lines(of: [id], tx).map(\.caseID) == [Self.newCase("A", revision: 1).id])
      }
    }
  }
}
