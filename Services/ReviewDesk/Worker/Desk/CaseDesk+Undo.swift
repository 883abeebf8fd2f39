import Domain
import JSON
import Observability
import Postgres
import ReviewDeskEngine
import Store
import WorkerRuntime

/// Decisions that can be undone until they take effect.
extension CaseDesk {
  func undo(_ id: CaseID, _ call: Act) async throws -> Act.Answer {
    try await once(call) { tx in
      let (stored, file) = try CaseDesk.require(id, at: call.now, tx)
      let rules = DecisionRules(file, call.reviewer)
      try rules.requireUndoable()
      let step = CaseStep(stored: stored, file: file, call: call)
      guard let pending = file.pending, let outcome = try step.undo(pending, tx) else { throw CaseDesk.moved }
      return outcome
    }
  }

  /// What somebody did last with a case.
  struct Last: Sendable {
    var sku: String
    var market: Market
    var deed: HistoryEntry?
    /// While it can be undone.
    var pending: PendingDecision?
  }

  /// nil where the case is not there for the principal.
  func last(of principal: Principal, on id: CaseID) async throws -> Last? {
    try await pool.transaction(as: principal, isolation: .repeatableRead, readOnly: true) { tx in
      guard let stored = try CaseStore.load([id], tx)[id] else { return nil }
      let pending = try PendingDecisions.find([id], tx)[id].map { try PendingDecision($0) }
      let deed = try AuditLog.history(of: id.value, tx).reversed().lazy
        .map { seq, content in try HistoryEntry(sequence: seq, content: content) }
        .first { $0.actor == principal.actor }
      return Last(
        sku: stored.product.sku, market: stored.market, deed: deed,
        pending: pending?.person == principal.actor ? pending : nil)
    }
  }

  /// Carries out what cannot be undone any more, whichever desk it was given at.
  func carryOutDue(in environment: Domain.Environment, at now: Instant, _ log: Log) async throws {
    let due = try await pool.transaction(readOnly: true) { tx in try PendingDecisions.due(at: now, limit: 100, tx) }
    for (tenant, id) in due {
      do {
        try await carryOut(id, of: tenant, in: environment, at: now)
      } catch {
        log.error("a decision is not carried out yet", ["case": .string("\(id)"), "error": .string("\(error)")])
      }
    }
  }

  /// It is judged again by what holds now, in the transaction that removes it: so it happens once, or not at all, with a
  /// word in the audit log.
  private func carryOut(
    _ id: CaseID, of tenant: TenantID, in environment: Domain.Environment, at now: Instant
  ) async throws {
    let outbox = try await pool.transactionWithRetry(isolation: .repeatableRead) { tx in
      try tx.enter(tenant)
      guard let pending = try PendingDecisions.find([id], tx)[id], pending.takesEffectAt <= now,
        try PendingDecisions.remove(id, tx)
      else { return [Outbox.Stored]() }
      let principal = pending.principal(of: tenant, in: environment)
      try tx.enter(principal)
      let trace = TraceContext(traceparent: pending.traceparent)?.child() ?? .root()
      let call = Act(principal: principal, now: now, trace: trace, idempotencyKey: nil)
      let effects = try effects(of: pending, call, tx)
      try AuditLog.append(effects.audit, of: tenant, tx)
      return try Outbox.append(effects.messages, at: now, tx)
    }
    dispatch.send(outbox, of: tenant)
  }

  private func effects(
    of pending: PendingDecisions.Pending, _ call: Act, _ tx: borrowing Transaction
  ) throws -> StoredEffects {
    do {
      // Whether the code exists was asked when the decision was given.
      let (step, ruling) = try judge(
        pending.caseID, try DecisionRequest(pending.request), isListed: true, call, tx)
      guard let outcome = try step.carryOut(ruling, tx) else { throw CaseDesk.moved }
      return outcome.effects
    } catch let refusal as Refusal {
      return CaseDesk.dropped(pending, because: refusal.detail.english, call)
    } catch is NoSuchCase {
      return CaseDesk.dropped(pending, because: "The case is not there any more for this person.", call)
    }
  }

  private static func dropped(_ pending: PendingDecisions.Pending, because reason: String, _ call: Act) -> StoredEffects
  {
    var effects = StoredEffects()
    effects.audit = [
      AuditLog.Entry(
        subject: pending.caseID.value, kind: "case.decision-dropped", actor: call.reviewer.actor, at: call.now,
        data: ["reason": .string(reason)])
    ]
    return effects
  }
}
