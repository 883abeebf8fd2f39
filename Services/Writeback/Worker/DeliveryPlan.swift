import Contracts
import Domain
import JSON
import Store
import WritebackEngine

/// What to do about one subject at one destination, before anything is sent.
struct DeliveryPlan: Sendable {
  enum Step: Sendable {
    case send
    /// The receiver holds the value already, or only wants to see what would be sent.
    case settle(DeliveryState, note: String?)
  }

  var delivery: StoredDelivery
  var destination: Destination
  var step: Step

  init(
    _ subject: DeliverySubject, to destination: Destination, newestSequence: Int64?,
    lastDelivered: DeliveryStore.LastDelivered?, now: Instant
  ) {
    self.destination = destination
    let receiver = ReceiverValue(reported: subject.held, lastDelivered: lastDelivered, supplied: subject.supplied)
    delivery = StoredDelivery(
      id: DerivedID.delivery(subject.id, destination: destination.name, sequence: subject.sequence),
      destination: destination.name, subjectKind: subject.kind, subject: subject.id, stream: subject.stream,
      sequence: subject.sequence, payload: subject.payload.expecting(receiver.expected).bytes, state: .pending,
      attempts: 0, nextAttemptAt: now,
      lastStatus: nil, lastError: nil, createdAt: now, deliveredAt: nil)
    step = DeliveryPlan.step(subject, destination, newestSequence, receiver)
  }

  private static func step(
    _ subject: DeliverySubject, _ destination: Destination, _ newestSequence: Int64?, _ receiver: ReceiverValue
  ) -> Step {
    if let newestSequence, newestSequence > subject.sequence {
      return .settle(.superseded, note: "a newer decision was delivered")
    }
    if let conflict = receiver.conflict(with: subject.wanted) { return .settle(.conflict, note: conflict) }
    return destination.isDryRun ? .settle(.dryRun, note: nil) : .send
  }

  func settled(_ state: DeliveryState, note: String?, now: Instant) -> StoredDelivery {
    var settled = delivery
    settled.state = state
    settled.nextAttemptAt = nil
    settled.lastError = note
    if state == .dryRun { settled.deliveredAt = now }
    return settled
  }
}

extension StoredDelivery {
  /// As it stands after its turn, in which it may not have been tried: that is no attempt, and waits a short while.
  func after(_ outcome: DeliveryLadder.Outcome?, ladder: DeliveryLadder, now: Instant) -> StoredDelivery {
    if let outcome { return after(outcome, ladder: ladder, now: now, jitter: .random(in: 0..<1_000_000)) }
    var next = self
    next.nextAttemptAt = now.adding(ladder.delays.dropFirst().first ?? .seconds(5))
    next.lastError = "Not tried: the destination left another delivery without an answer."
    return next
  }

  /// 409 and 412 are the receiver's own compare and set: its value has changed, and a person must say which holds.
  func after(_ outcome: DeliveryLadder.Outcome, ladder: DeliveryLadder, now: Instant, jitter: UInt32) -> StoredDelivery
  {
    var next = self
    next.attempts += 1
    next.nextAttemptAt = nil
    if case .answered(let status, _) = outcome { next.lastStatus = status }
    if case .answered(let status, _) = outcome, status == 409 || status == 412 {
      next.state = .conflict
      next.lastError = "The receiver answered \(status): its value was changed meanwhile."
      return next
    }
    switch ladder.next(after: next.attempts, outcome, now: now, jitter: jitter) {
    case .delivered:
      next.state = .delivered
      next.deliveredAt = now
      next.lastError = nil
    case .retry(_, let at, let reason):
      next.state = .pending
      next.nextAttemptAt = at
      next.lastError = reason
    case .dead(let reason), .disableDestination(let reason):
      next.state = .dead
      next.lastError = reason
    }
    return next
  }

  var disablesDestination: Bool { state == .dead && lastStatus == 410 }
}
