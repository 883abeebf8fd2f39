import Contracts
import Crypto
import Domain
import JSON
import Postgres
import Store
import WritebackEngine

/// What is to be delivered: the outcome of a case or of a shipment, and what is known about the receiver's side.
struct DeliverySubject: Sendable {
  enum Target: Sendable {
    case customsCase(StoredCase)
    case shipment(StoredShipment)
  }

  var target: Target
  var payload: OutcomePayload
  /// Newer outcomes of the same stream supersede older ones.
  var stream: String
  var sequence: Int64
  /// The code to be written, for compare and set. nil when nothing is written.
  var wanted: HSCode?
  var supplied: HSCode?
  var held: ERPValues.Value?

  var kind: String {
    switch target {
    case .customsCase: "case"
    case .shipment: "shipment"
    }
  }

  var id: UniqueID {
    switch target {
    case .customsCase(let stored): stored.id.value
    case .shipment(let stored): stored.id.value
    }
  }

  /// The events of a case or shipment are terminal or waiting already when there is nothing to deliver.
  var awaitsDelivery: Bool {
    switch target {
    case .customsCase(let stored): stored.state == .documented
    case .shipment(let stored): stored.state == .documented || stored.state == .held
    }
  }

  // MARK: Cases

  static func cases(_ ids: [CaseID], documentAddress: String, _ tx: borrowing Transaction) throws -> [CaseID:
    DeliverySubject]
  {
    guard !ids.isEmpty else { return [:] }
    let cases = try CaseStore.load(ids, tx)
    let decisions = try DecisionStore.latest(ids, tx)
    let classifications = try ClassificationStore.latest(ids, tx)
    let documents = try DocumentStore.list(of: ids.map(\.value), tx)
    let held = try ERPValues.find(cases.values.map { ($0.product.sku, $0.market) }, tx)
    var subjects: [CaseID: DeliverySubject] = [:]
    for (id, stored) in cases {
      guard let decision = decisions[id] else { continue }
      let stream = ERPValues.stream(sku: stored.product.sku, market: stored.market)
      subjects[id] = DeliverySubject(
        stored, decision, classifications[id], documents[id.value] ?? [], held[stream], stream, documentAddress)
    }
    return subjects
  }

  private init(
    _ stored: StoredCase, _ decision: Decision, _ classification: Classification?, _ documents: [StoredDocument],
    _ held: ERPValues.Value?, _ stream: String, _ documentAddress: String
  ) {
    target = .customsCase(stored)
    self.stream = stream
    sequence = DeliverySubject.sequence(revision: stored.revision, decision: decision.sequence)
    wanted = decision.code
    supplied = stored.product.suppliedCode
    self.held = held
    let confidence = classification?.candidates.first { $0.code == decision.code }?.confidence
    payload = .caseDecided(
      CaseOutcome(
        sku: stored.product.sku, revision: stored.revision, market: stored.market,
        state: decision.clears ? .cleared : .rejected,
        lane: stored.lane.flatMap { CaseOutcome.Lane(rawValue: $0.rawValue) } ?? .manual, code: decision.code,
        isNationalCodePending: decision.code.map { !$0.isNational } ?? false, confidence: confidence,
        decidedBy: decision.decidedBy.name, decidedAt: decision.decidedAt, decisionID: decision.id, sequence: sequence,
        documents: documents.compactMap { DeliveredDocument($0, at: documentAddress) }))
  }

  /// Later revisions come after all decisions about earlier ones.
  static func sequence(revision: Int64, decision: Int64) -> Int64 { revision * 1000 + min(decision, 999) }

  // MARK: Shipments

  static func shipments(_ ids: [ShipmentID], documentAddress: String, _ tx: borrowing Transaction) throws
    -> [ShipmentID:
    DeliverySubject]
  {
    guard !ids.isEmpty else { return [:] }
    let shipments = try ShipmentStore.load(ids, tx)
    let lines = Dictionary(grouping: try ShipmentStore.lines(of: ids, tx), by: \.shipmentID)
    let decisions = try DecisionStore.latest(lines.values.flatMap { $0.compactMap(\.caseID) }, tx)
    let documents = try DocumentStore.list(of: ids.map(\.value), tx)
    return shipments.mapValues { stored in
      DeliverySubject(
        stored, lines[stored.id] ?? [], decisions, documents[stored.id.value] ?? [], documentAddress)
    }
  }

  private init(
    _ stored: StoredShipment, _ lines: [StoredLine], _ decisions: [CaseID: Decision], _ documents: [StoredDocument],
    _ documentAddress: String
  ) {
    target = .shipment(stored)
    stream = "\(stored.shipment.market)/shipment/\(stored.shipment.reference)"
    sequence = stored.outcomeSequence
    payload = .shipmentSettled(
      ShipmentOutcome(
        reference: stored.shipment.reference, market: stored.shipment.market,
        state: stored.state == .held ? .held : .documented, at: stored.updatedAt, sequence: stored.outcomeSequence,
        reason: stored.state == .held ? stored.holdReason ?? DeliverySubject.rejections(lines, decisions) : nil,
        lines: lines.map { line in
          let decision = line.caseID.flatMap { decisions[$0] }
          return ShipmentOutcome.Line(
            number: line.number, sku: line.sku, status: .init(line.status), code: decision?.code,
            decisionID: decision?.id)
        },
        documents: documents.compactMap { DeliveredDocument($0, at: documentAddress) }))
  }

  private static func rejections(_ lines: [StoredLine], _ decisions: [CaseID: Decision]) -> String {
    lines.filter { $0.status == .rejected }.map { line in
      let reason = line.caseID.flatMap { decisions[$0]?.reason }
      return "Line \(line.number) (\(line.sku)) was rejected\(reason.map { ": \($0)" } ?? ".")"
    }.joined(separator: " ")
  }
}

extension ShipmentOutcome.Line.Status {
  init(_ status: LineStatus) {
    self =
      switch status {
      case .waiting: .waiting
      case .cleared: .cleared
      case .rejected: .rejected
      }
  }
}

extension DeliveredDocument {
  init?(_ document: StoredDocument, at address: String) {
    guard let hash = SHA256Digest(bytes: document.sha256) else { return nil }
    self.init(name: document.name, sha256: hash, link: "\(address)/v1/documents/\(document.id)")
  }
}
