import AMQP
import ComplianceScreeningEngine
import Contracts
import DocumentGenerationEngine
import Domain
import JSON
import PartyLists
import Postgres
import Store
import WorkerRuntime

/// Writes the decision record of each decided case, moves on the shipments that waited for it, and drafts the documents
/// of those that are ready.
struct DocumentHandler: StageHandler {
  let stage = Stage.documentGeneration
  let environment: Domain.Environment
  private let lists: ListsInForce
  private let rules = ShipmentRules()
  private let decoder = EventDecoder(accepting: [.caseDecided, .shipmentReady])

  init(environment: Domain.Environment, lists: ListsInForce) {
    self.environment = environment
    self.lists = lists
  }

  enum Loaded: Sendable {
    case customsCase(DecidedCase?)
    case shipment(ReadyShipment?, TenantParties, OwnRuleBook?)
  }

  enum Effect: Sendable {
    case record(DecidedCase, StoredDocument)
    case issue(ReadyShipment, [StoredDocument])
    /// A party may be a listed one, a rule bars it, or the documents cannot be drawn; a person must see why.
    case hold(ReadyShipment, reason: String)
  }

  func decode(_ delivery: Delivery) throws(Poison) -> StageMessage { try decoder.decode(delivery) }

  func refresh(_ tx: borrowing Transaction) throws {
    try lists.refresh(tx)
    try rules.refresh(tx)
  }

  func load(_ messages: [StageMessage], _ tx: borrowing Transaction) throws -> [Loaded] {
    let cases = try DecidedCase.load(messages.compactMap(\.caseID), tx)
    let shipments = try ReadyShipment.load(messages.compactMap(\.shipmentID), tx)
    let parties = shipments.isEmpty ? TenantParties() : try lists.parties(of: messages.first?.tenant, tx)
    let ownRules = shipments.isEmpty ? nil : try rules.ownRules.rules(of: messages.first?.tenant, tx)
    return messages.map { message in
      message.type == .shipmentReady
        ? .shipment(message.shipmentID.flatMap { shipments[$0] }, parties, ownRules)
        : .customsCase(message.caseID.flatMap { cases[$0] })
    }
  }

  func decide(_ batch: [(StageMessage, Loaded)], now: Instant) async -> [Verdict<Effect>] {
    batch.map { message, loaded in
      switch loaded {
      case .customsCase(nil): .park(.caseNotFound)
      case .shipment(nil, _, _): .park(.shipmentNotFound)
      case .customsCase(let decided?): record(decided, message.tenant)
      case .shipment(let ready?, let parties, let ownRules): issue(ready, parties, ownRules, now: now)
      }
    }
  }

  private func record(_ decided: DecidedCase, _ tenant: TenantID) -> Verdict<Effect> {
    guard decided.stored.state.after(.documented) != nil else {
      return .ignore("the case is \(decided.stored.state.rawValue)")
    }
    return .done(.record(decided, decided.record(tenant: tenant, environment: environment)))
  }

  private func issue(
    _ ready: ReadyShipment, _ parties: TenantParties, _ ownRules: OwnRuleBook?, now: Instant
  ) -> Verdict<Effect> {
    guard ready.stored.state == .ready else { return .ignore("the shipment is \(ready.stored.state.rawValue)") }
    // Asked last, so that a list that changed while the lines waited counts.
    let findings = lists.findings(ready.stored.shipment, parties, on: now.date)
    if let worst = findings.first(where: \.blocksClearance) {
      return .done(.hold(ready, reason: "\(worst.observed.first?.field ?? "/"): \(worst.summary)"))
    }
    if let reason = rules.hold(ready, ownRules, on: now.date) { return .done(.hold(ready, reason: reason)) }
    do throws(DocumentError) {
      return .done(.issue(ready, try ready.documents(sandbox: environment == .sandbox, now: now)))
    } catch {
      return .done(.hold(ready, reason: error.description))
    }
  }

  func store(_ effects: [(StageMessage, Effect)], now: Instant, _ tx: borrowing Transaction) throws -> StoredEffects {
    var stored = try storeRecords(effects, now: now, tx)
    stored.add(try storeShipments(effects, now: now, tx))
    return stored
  }

  // MARK: Cases

  private func storeRecords(_ effects: [(StageMessage, Effect)], now: Instant, _ tx: borrowing Transaction) throws
    -> StoredEffects
  {
    let records = effects.compactMap { message, effect -> (StageMessage, DecidedCase, StoredDocument)? in
      guard case .record(let decided, let document) = effect else { return nil }
      return (message, decided, document)
    }
    let moved = try CaseStore.apply(records.map { CaseTransition($0.1.stored, to: .documented) }, at: now, tx)
    let applied = records.filter { moved.contains($0.1.stored.id) }
    try DocumentStore.insert(applied.map(\.2), at: now, tx)
    var stored = StoredEffects()
    for (message, decided, document) in applied {
      let id = decided.stored.id
      let event = message.event(
        .caseDocumented, subject: id.description, market: decided.stored.market, source: "/pabean/document-generation",
        at: now, trace: message.trace(), data: CaseReference(caseID: id).json)
      stored.messages.append(Outbox.Message(event, for: .writeback, in: decided.stored.market))
      stored.audit.append(
        AuditLog.Entry(
          subject: id.value, kind: "case.documented", actor: .system("document-generation"), at: now,
          data: ["record": .string(document.name), "sha256": .string(document.sha256Hex)]))
    }
    stored.add(try settleShipments(applied.map { ($0.0, $0.1) }, now: now, tx))
    return stored
  }

  /// Lines that waited for these cases have their answer; a shipment whose last line is cleared goes on by itself.
  private func settleShipments(_ decided: [(StageMessage, DecidedCase)], now: Instant, _ tx: borrowing Transaction)
    throws
    -> StoredEffects
  {
    guard let cause = decided.first?.0 else { return StoredEffects() }
    let statuses = decided.map { ($0.1.stored.id, $0.1.decision.clears ? LineStatus.cleared : .rejected) }
    var stored = StoredEffects()
    for change in try ShipmentStore.settle(statuses, at: now, tx) {
      stored.audit.append(
        AuditLog.Entry(
          subject: change.id.value, kind: "shipment.\(change.state.rawValue)", actor: .system("document-generation"),
          at: now))
      switch change.state {
      case .ready:
        let event = event(.shipmentReady, change.id, change.market, causedBy: cause, at: now)
        stored.messages.append(Outbox.Message(event, for: .documentGeneration, in: change.market))
      case .held:
        let event = event(.shipmentHeld, change.id, change.market, causedBy: cause, at: now)
        stored.messages.append(Outbox.Message(event, for: .writeback, in: change.market))
      case .waiting, .documented, .writtenBack, .undeliverable: continue
      }
    }
    return stored
  }

  // MARK: Shipments

  private func storeShipments(_ effects: [(StageMessage, Effect)], now: Instant, _ tx: borrowing Transaction) throws
    -> StoredEffects
  {
    var stored = StoredEffects()
    for (message, effect) in effects {
      switch effect {
      case .record: continue
      case .issue(let ready, let documents):
        guard try !ShipmentStore.move([ready.id], from: .ready, to: .documented, at: now, tx).isEmpty else { continue }
        let issued = try DocumentHandler.issued(documents, of: ready.id, tx)
        try DocumentStore.insert(issued, at: now, tx)
        let market = ready.stored.shipment.market
        let event = event(.shipmentDocumented, ready.id, market, causedBy: message, at: now)
        stored.messages.append(Outbox.Message(event, for: .writeback, in: market))
        stored.audit.append(
          AuditLog.Entry(
            subject: ready.id.value, kind: "shipment.documented", actor: .system("document-generation"), at: now,
            data: ["documents": .array(issued.map { ["name": .string($0.name), "sha256": .string($0.sha256Hex)] })]))
      case .hold(let ready, let reason):
        guard
          try !ShipmentStore.move([ready.id], from: .ready, to: .held, because: reason, at: now, tx).isEmpty
        else { continue }
        let market = ready.stored.shipment.market
        let event = event(.shipmentHeld, ready.id, market, causedBy: message, at: now)
        stored.messages.append(Outbox.Message(event, for: .writeback, in: market))
        stored.audit.append(
          AuditLog.Entry(
            subject: ready.id.value, kind: "shipment.held", actor: .system("document-generation"), at: now,
            data: ["reason": .string(reason)]))
      }
    }
    return stored
  }

  /// A shipment that was held after its documents were drawn keeps them.
  private static func issued(_ drawn: [StoredDocument], of id: ShipmentID, _ tx: borrowing Transaction) throws
    -> [StoredDocument]
  {
    let earlier = try DocumentStore.list(of: [id.value], tx)[id.value] ?? []
    return earlier.isEmpty ? drawn : earlier
  }

  private func event(
    _ type: EventType, _ id: ShipmentID, _ market: Market, causedBy cause: StageMessage, at now: Instant
  ) -> CloudEvent {
    cause.event(
      type, subject: id.description, market: market, source: "/pabean/document-generation", at: now,
      trace: cause.trace(), data: ShipmentReference(shipmentID: id).json)
  }
}
