import Contracts
import Crypto
import Domain
import JSON
import Observability
import Postgres
import Store
import WorkerRuntime

/// Takes a valid shipment in: its lines find the cases they wait for, and it goes on at once if none is waiting.
struct ShipmentAcceptance: Sendable {
  enum Result: Sendable {
    case accepted(ShipmentID, ShipmentState)
    case unchanged(ShipmentID, ShipmentState)
    case refused([ValidationIssue])
  }

  let tenant: TenantID
  let environment: Domain.Environment
  let actor: Actor

  func accept(
    _ shipment: Shipment, causedBy cause: MessageID, trace: TraceContext, now: Instant, _ tx: borrowing Transaction
  ) throws -> (Result, StoredEffects) {
    let id = DerivedID.shipment(tenant, environment, reference: shipment.reference)
    let hash = SHA256.hash(shipment.json.canonicalBytes).bytes
    // The SKUs' rows are locked, so that a product arriving now either finds these lines or is found by them.
    let known = try ProductStore.lock(shipment.lines.map(\.sku), tx)
    if let existing = try ShipmentStore.load([id], tx)[id] {
      return (sameOrRefused(existing, hash), StoredEffects())
    }
    var effects = StoredEffects()
    var cases = try ShipmentStore.casesForLines(shipment.lines.map(\.sku), shipment.market, tx)
    for opened in try openMissingCases(shipment, known, cases, now, tx) {
      cases[opened.sku] = (id: opened.id, status: .waiting)
      let event = CaseOpening.event(opened, tenant: tenant, causedBy: cause, trace: trace, at: now)
      effects.messages.append(Outbox.Message(event, for: .classifier, in: opened.market))
      effects.audit.append(
        AuditLog.Entry(
          subject: opened.id.value, kind: "case.opened", actor: actor, at: now,
          data: ["sku": .string(opened.sku), "market": opened.market.json, "shipment": .string(shipment.reference)]))
    }
    let lines = shipment.lines.map { line in
      StoredLine(
        shipmentID: id, number: line.number, sku: line.sku, market: shipment.market, caseID: cases[line.sku]?.id,
        status: cases[line.sku]?.status ?? .waiting)
    }
    let state = ShipmentAcceptance.state(of: lines)
    let stored = StoredShipment(id: id, shipment: shipment, state: state, contentHash: hash, receivedAt: now)
    guard try ShipmentStore.insert(stored, lines: lines, tx) else {
      return (.refused([referenceTaken]), StoredEffects())
    }
    try RefusedSubmissions.markCorrected(kind: "shipment", references: [shipment.reference], at: now, tx)
    effects.audit.append(
      AuditLog.Entry(
        subject: id.value, kind: "shipment.accepted", actor: actor, at: now,
        data: [
          "reference": .string(shipment.reference), "market": shipment.market.json, "state": .string(state.rawValue),
        ]))
    func send(_ type: EventType, to stage: Stage) {
      let event = CloudEvent(
        id: DerivedID.message(causedBy: cause, type, id.description), source: "/pabean/ingest", type: type,
        subject: id.description, time: now, tenant: tenant, market: shipment.market, traceparent: trace.traceparent,
        causationID: cause, data: ShipmentReference(shipmentID: id).json)
      effects.messages.append(Outbox.Message(event, for: stage, in: shipment.market))
    }
    if state == .ready { send(.shipmentReady, to: .documentGeneration) }
    if state == .held { send(.shipmentHeld, to: .writeback) }
    return (.accepted(id, state), effects)
  }

  /// Products that are known but were never meant for this market get a case there now: the shipment needs it.
  private func openMissingCases(
    _ shipment: Shipment, _ known: [String: ProductStore.Latest],
    _ cases: [String: (id: CaseID, status: LineStatus)], _ now: Instant, _ tx: borrowing Transaction
  ) throws -> [ProductStore.NewCase] {
    let opened = Set(shipment.lines.map(\.sku)).sorted().compactMap { sku -> ProductStore.NewCase? in
      guard cases[sku] == nil, let revision = known[sku]?.revision, revision > 0 else { return nil }
      let revisionID = DerivedID.productRevision(tenant, environment, sku: sku, number: revision)
      return ProductStore.NewCase(
        id: DerivedID.customsCase(revisionID, shipment.market), revisionID: revisionID, sku: sku,
        market: shipment.market)
    }
    try ProductStore.open(opened, at: now, tx)
    return opened
  }

  private func sameOrRefused(_ existing: StoredShipment, _ hash: [UInt8]) -> Result {
    existing.contentHash == hash ? .unchanged(existing.id, existing.state) : .refused([referenceTaken])
  }

  private var referenceTaken: ValidationIssue {
    ValidationIssue(
      field: "/reference", kind: .conflicting, problem: "another shipment has this reference with other content",
      remedy: "send the changed shipment under a new reference")
  }

  static func state(of lines: [StoredLine]) -> ShipmentState {
    if lines.contains(where: { $0.status == .rejected }) { return .held }
    return lines.allSatisfy { $0.status == .cleared } ? .ready : .waiting
  }
}
