import ClassifierEngine
import ComplianceScreeningEngine
import Domain
import PartyLists
import Postgres
import ReviewDeskEngine
import Store

/// Gathers what the pages of a product and of a shipment show, within what the reader may see.
struct TrailReader: Sendable {
  let controls: ControlsInForce

  private static let entriesMax = 200

  // MARK: Products

  /// nil when the reader sees no case of it.
  func product(_ sku: String, _ tx: borrowing Transaction) throws -> ProductFile? {
    guard let matrix = try MarketMatrixStore.load(sku: sku, tx), let first = matrix.rows.first,
      let product = try CaseStore.load([first.caseID], tx)[first.caseID]?.product
    else { return nil }
    let revisions = try Trail.revisions(of: sku, tx)
    var file = ProductFile(
      product: product, revisions: revisions.map { .init(number: $0.number, receivedAt: $0.receivedAt) }, matrix: matrix
    )
    let routings = try ScreeningStore.latest(matrix.rows.map(\.caseID), tx)
    for row in matrix.rows { file.rolesAsked[row.market] = routings[row.caseID]?.routing.roles }
    file.uses = try Trail.uses(of: sku, tx).map { ProductFile.Use($0) }
    let documents = try DocumentStore.list(of: matrix.rows.map(\.caseID.value), tx)
    file.documents = matrix.rows.flatMap { row in
      documents[row.caseID.value, default: []].map { (row.market, CaseDocument($0)) }
    }
    file.precedents = try PrecedentLibrary.of(ProductDescription(product), tx).map { KnownPrecedent($0) }
    (file.trail, file.isTrailCut) = try trail(ofProduct: sku, file.revisions, tx)
    return file
  }

  private func trail(
    ofProduct sku: String, _ revisions: [ProductFile.Revision], _ tx: borrowing Transaction
  ) throws -> ([TrailEntry], Bool) {
    let cases = try CaseStore.load(try CaseStore.find(sku: sku, tx), tx)
    let (entries, isCut) = try entries(of: Array(cases.keys.map(\.value)), tx) { subject in
      let id = CaseID(subject)
      return (cases[id].map { "\($0.market), revision \($0.revision)" } ?? "", id)
    }
    let arrivals = revisions.map {
      TrailEntry(at: $0.receivedAt, subject: "revision \($0.number)", kind: "product.received")
    }
    return (TrailReader.newestFirst(entries + arrivals), isCut)
  }

  // MARK: Shipments

  /// nil when the reader sees none such.
  func shipment(_ id: ShipmentID, on date: CalendarDate, _ tx: borrowing Transaction) throws -> ShipmentFile? {
    guard let stored = try ShipmentStore.load([id], tx)[id] else { return nil }
    var file = ShipmentFile(
      id: id, shipment: stored.shipment, state: stored.state, holdReason: stored.holdReason,
      receivedAt: stored.receivedAt)
    file.lines = try lines(of: stored, on: date, tx)
    file.documents = try DocumentStore.list(of: [id.value], tx)[id.value, default: []].map { CaseDocument($0) }
    file.deliveries = try DeliveryStore.of(id.value, tx).map { CaseDelivery($0) }
    let cases = Dictionary(
      file.lines.compactMap { line in line.caseID.map { ($0, "line \(line.line.number), \(line.line.sku)" as Phrase) }
      },
      uniquingKeysWith: { first, _ in first })
    (file.trail, file.isTrailCut) = try entries(of: [id.value] + cases.keys.map(\.value), tx) { subject in
      let caseID = CaseID(subject)
      return cases[caseID].map { ($0, caseID) } ?? ("shipment", nil)
    }
    file.trail = TrailReader.newestFirst(file.trail)
    return file
  }

  private func lines(
    of stored: StoredShipment, on date: CalendarDate, _ tx: borrowing Transaction
  ) throws -> [ShipmentFile.Line] {
    let bound = try ShipmentStore.lines(of: [stored.id], tx)
    let ids = bound.compactMap(\.caseID)
    let cases = try CaseStore.load(ids, tx)
    let decisions = try DecisionStore.latest(ids, tx)
    let classifications = try ClassificationStore.latest(ids, tx)
    let routings = try ScreeningStore.latest(ids, tx)
    let pack = try controls.packs(tx).last { $0.market == stored.shipment.market && $0.validFrom <= date }
    let tariffs = try controls.tariffs.library(tx)
    let costs = pack.map { LineCosts(stored.shipment, LandedCost($0, tariffs: tariffs), on: date) }
    return stored.shipment.lines.map { line in
      let own = bound.first { $0.number == line.number }
      var shown = ShipmentFile.Line(
        line: line, caseID: own?.caseID, status: own?.status.rawValue ?? LineStatus.waiting.rawValue)
      guard let id = own?.caseID else { return shown }
      shown.state = cases[id]?.state
      shown.roles = routings[id]?.routing.roles ?? []
      shown.isDecided = decisions[id]?.code != nil
      shown.code = decisions[id]?.code ?? classifications[id]?.best?.code
      shown.landed = shown.code.flatMap { costs?.estimate($0, line, of: cases[id]?.product) }
      return shown
    }
  }

  // MARK: Entries

  private func entries(
    of subjects: [UniqueID], _ tx: borrowing Transaction,
    _ place: (UniqueID) -> (words: Phrase, caseID: CaseID?)
  ) throws -> ([TrailEntry], isCut: Bool) {
    let found = try Trail.entries(of: subjects, limit: Int64(TrailReader.entriesMax), tx)
    let entries = try found.map { subject, seq, content in
      let (words, caseID) = place(subject)
      return TrailEntry(try HistoryEntry(sequence: seq, content: content), subject: words, caseID: caseID)
    }
    return (entries, found.count == TrailReader.entriesMax)
  }

  /// Of what happened at the same time, the order of the log holds.
  private static func newestFirst(_ entries: [TrailEntry]) -> [TrailEntry] {
    entries.enumerated().sorted { ($1.element.at, $0.offset) < ($0.element.at, $1.offset) }.map(\.element)
  }
}

/// What the lines of a shipment cost at the border, each by itself.
struct LineCosts {
  private let shipment: Shipment
  private let landedCost: LandedCost
  private let date: CalendarDate
  private let total: Decimal

  init(_ shipment: Shipment, _ landedCost: LandedCost, on date: CalendarDate) {
    self.shipment = shipment
    self.landedCost = landedCost
    self.date = date
    total = shipment.lines.map(\.amount.amount).reduce(0, +)
  }

  func estimate(_ code: HSCode, _ line: ShipmentLine, of product: Product?) -> DutyEstimate {
    var quantities: [QuantityUnit: Decimal] = [:]
    if line.unit == "C62" { quantities[.piece] = line.quantity }
    let perPiece = product?.netWeightGrams.map { $0 * line.quantity }
    if let grams = line.netWeightGrams ?? perPiece, grams > 0 { quantities[.kilogram] = grams * Decimal(1, scale: 3) }
    let sale = LandedCost.Sale(
      goods: line.amount, freight: share(shipment.freight, of: line), insurance: share(shipment.insurance, of: line),
      origin: line.origin ?? product?.origin, consignment: shipment.consignment(of: line.sku).kind,
      quantities: quantities)
    return landedCost.estimate(code, sale, on: date)
  }

  /// By value.
  private func share(_ charge: Money?, of line: ShipmentLine) -> Money? {
    guard let charge, !total.isZero else { return charge }
    return Money(
      rounding: (charge.amount * line.amount.amount).divided(by: total, places: 6, .halfUp), charge.currency)
  }
}
