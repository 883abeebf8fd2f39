import AMQP
import Contracts
import Domain
import IngestEngine
import JSON
import Postgres
import Store
import WorkerRuntime

/// Submissions that come over AMQP: validate, canonicalise, store, open cases.
struct IngestHandler: StageHandler {
  let stage = Stage.ingest
  let environment: Domain.Environment
  let rules: IntakeRules

  enum Effect: Sendable {
    case product(Product)
    case shipment(Shipment)
    case refuse(kind: SubmissionKind, [ValidationIssue])
  }

  func decode(_ delivery: Delivery) throws(Poison) -> StageMessage {
    try SubmissionDecoder(environment: environment).decode(delivery)
  }

  func refresh(_ tx: borrowing Transaction) throws { try rules.refresh(tx) }

  /// Whether the tenant exists.
  func load(_ messages: [StageMessage], _ tx: borrowing Transaction) throws -> [Bool] {
    guard let tenant = messages.first?.tenant else { return [] }
    let exists = try tx.query("SELECT EXISTS (SELECT FROM tenant WHERE tenant = $1)", tenant).decode(
      row: 0, as: Bool.self)
    return messages.map { _ in exists }
  }

  func decide(_ batch: [(StageMessage, Bool)], now: Instant) async -> [Verdict<Effect>] {
    let current = rules.current
    return batch.map { message, tenantExists in
      guard tenantExists else {
        return .park(Poison("unknown-tenant", "There is no tenant '\(message.tenant)' in this environment."))
      }
      return .done(IngestHandler.read(message, by: current))
    }
  }

  private static func read(_ message: StageMessage, by rules: IntakeRules.Current) -> Effect {
    if message.type == .shipmentSubmitted {
      let verdict = rules.shipments.read(message.data)
      return verdict.accepted.map { .shipment($0) } ?? .refuse(kind: .shipment, verdict.issues)
    }
    let verdict = rules.products.read(message.data)
    return verdict.accepted.map { .product($0) } ?? .refuse(kind: .product, verdict.issues)
  }

  func store(_ effects: [(StageMessage, Effect)], now: Instant, _ tx: borrowing Transaction) throws -> StoredEffects {
    guard let tenant = effects.first?.0.tenant else { return StoredEffects() }
    let actor = Actor.system("ingest")
    var stored = StoredEffects()
    var refusals: [RefusedSubmissions.Refusal] = []
    let products = effects.compactMap { message, effect -> ProductAcceptance.Submission? in
      guard case .product(let product) = effect else { return nil }
      return ProductAcceptance.Submission(
        cause: message.id, product: product, trace: message.trace(), submittedAt: message.time)
    }
    let acceptance = ProductAcceptance(tenant: tenant, environment: environment, actor: actor)
    stored.add(try acceptance.accept(products, now: now, tx).effects)
    let shipments = ShipmentAcceptance(tenant: tenant, environment: environment, actor: actor)
    for (message, effect) in effects {
      switch effect {
      case .product: continue
      case .refuse(let kind, let issues): refusals.append(refusal(message, kind, issues, now))
      case .shipment(let shipment):
        let (result, effects) = try shipments.accept(
          shipment, causedBy: message.id, trace: message.trace(), now: now, tx)
        stored.add(effects)
        if case .refused(let issues) = result { refusals.append(refusal(message, .shipment, issues, now)) }
      }
    }
    try RefusedSubmissions.keep(refusals, tx)
    stored.audit += refusals.map { $0.auditEntry(actor) }
    return stored
  }

  private func refusal(
    _ message: StageMessage, _ kind: SubmissionKind, _ issues: [ValidationIssue], _ now: Instant
  ) -> RefusedSubmissions.Refusal {
    RefusedSubmissions.Refusal(
      id: DerivedID.submission(causedBy: message.id), kind: kind.rawValue,
      reference: IntakeRules.reference(of: message.data, kind), channel: .amqp, body: message.data.bytes,
      issues: issues,
      refusedAt: now)
  }
}

extension RefusedSubmissions.Refusal {
  func auditEntry(_ actor: Actor) -> AuditLog.Entry {
    AuditLog.Entry(
      subject: id.value, kind: "submission.refused", actor: actor, at: refusedAt,
      data: [
        "kind": .string(kind), "reference": reference.map { .string($0) } ?? .null,
        "fields": .strings(issues.map(\.field)),
      ])
  }
}
