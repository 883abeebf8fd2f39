import AMQP
import Contracts
import Domain
import JSON
import Observability
import Postgres
import Store
import WorkerRuntime

/// A person at the review desk, who decides with the desk's rights and in one transaction as the desk does.
public struct TestReviewer: Sendable {
  public enum Choice: Sendable {
    case approve(HSCode)
    case reject(reason: String)
    case override(HSCode, reason: String)
  }

  public struct CannotDecide: Error { public let state: CaseState? }

  private let pabean: Installation
  private let tenant: TenantID
  private let account: String

  public init(_ pabean: Installation, tenant: TenantID = Installation.tenant, account: String = "bea") {
    self.pabean = pabean
    self.tenant = tenant
    self.account = account
  }

  @discardableResult
  public func decide(_ id: CaseID, _ choice: Choice) async throws -> Decision {
    let (decision, rows) = try await store(id, choice)
    let publisher = AMQPPublisher(endpoint: pabean.broker, name: "review-desk")
    publisher.start()
    await OutboxDispatch(pool: pabean.reviewDesk, publisher: publisher, log: .silent).send(rows, of: tenant)
    await publisher.close()
    return decision
  }

  /// The case of a SKU that waits for a person, with what the classifier thinks best.
  public func task(_ sku: String, market: String = "SG") async throws -> ReviewTasks.Task {
    try await eventually("a review task for \(sku)") {
      try await pabean.reviewDesk.transaction(as: tenant, readOnly: true) { tx in
        var filter = ReviewQueue.Filter()
        filter.markets = [market].compactMap { Market($0) }
        return try ReviewQueue.list(filter, limit: 1000, tx).first { $0.sku == sku }
      }
    }
  }

  private func store(_ id: CaseID, _ choice: Choice) async throws -> (Decision, [Outbox.Stored]) {
    let now = SystemClock.now()
    let actor = Actor.person(account)
    return try await pabean.reviewDesk.transaction(as: tenant) { tx in
      guard let stored = try CaseStore.load([id], tx)[id], stored.state.after(.decidedByPerson) != nil else {
        throw CannotDecide(state: try CaseStore.load([id], tx)[id]?.state)
      }
      let last = try DecisionStore.history(id, tx).last
      let decision = choice.decision(of: id, after: last, by: actor, at: now)
      try DecisionStore.insert([decision], tx)
      try ReviewTasks.close([id], tx)
      let step = CaseTransition(stored, to: .decided, decisionID: decision.id)
      guard try CaseStore.apply([step], at: now, tx).contains(id) else { throw CannotDecide(state: stored.state) }
      try AuditLog.append(
        [AuditLog.Entry(subject: id.value, kind: "case.decided-by-person", actor: actor, at: now)], of: tenant, tx)
      let event = CloudEvent(
        id: DerivedID.message(.caseDecided, id.description, ordinal: decision.sequence), source: "/pabean/review-desk",
        type: .caseDecided, subject: id.description, time: now, tenant: tenant, market: stored.market,
        traceparent: nil, causationID: nil, data: CaseReference(caseID: id).json)
      let message = Outbox.Message(event, for: .documentGeneration, in: stored.market)
      return (decision, try Outbox.append([message], at: now, tx))
    }
  }
}

extension TestReviewer.Choice {
  fileprivate func decision(of id: CaseID, after last: Decision?, by actor: Actor, at now: Instant) -> Decision {
    let sequence = (last?.sequence ?? 0) + 1
    let (kind, code, reason): (Decision.Kind, HSCode?, String?) =
      switch self {
      case .approve(let code): (.approved, code, nil)
      case .reject(let reason): (.rejected, nil, reason)
      case .override(let code, let reason): (.overridden, code, reason)
      }
    return Decision(
      id: DerivedID.decision(id, sequence: sequence), caseID: id, sequence: sequence, kind: kind, code: code,
      reason: reason, decidedBy: actor, decidedAt: now, supersedes: last?.id)
  }
}
