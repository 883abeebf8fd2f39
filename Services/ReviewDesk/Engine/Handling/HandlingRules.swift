import Domain

/// Who may take a case in hand, and who may hand it on. Pure.
public struct HandlingRules: Sendable {
  /// How long a case stays with whoever took it.
  public static let lease = Duration.seconds(15 * 60)
  /// An open page renews the lease, but not for ever: it may have been forgotten.
  public static let renewedMax = Duration.seconds(2 * 3600)
  /// Whoever skips a case is not given it again for so long.
  public static let skipTime = Duration.seconds(8 * 3600)
  public static let snoozeMax = Duration.seconds(30 * 86_400)

  let file: CaseFile
  let reviewer: Reviewer

  public init(_ file: CaseFile, _ reviewer: Reviewer) {
    self.file = file
    self.reviewer = reviewer
  }

  public func requireTakeable() throws(Refusal) {
    try requireWaiting()
    guard reviewer.mayDecide(for: file.roles) else { throw notTheirs }
    if let hold = file.handling.hold(against: reviewer.actor) { throw HandlingRules.held(hold) }
  }

  /// What one has in hand one may let go; what others have, only whoever keeps the queue.
  public func requireReleasable() throws(Refusal) {
    guard let hold = file.handling.hold(against: reviewer.actor), !reviewer.keepsQueue else { return }
    throw HandlingRules.held(hold)
  }

  public func require(_ handOver: HandOver, at now: Instant) throws(Refusal) {
    try requireWaiting()
    guard reviewer.mayDecide(for: file.roles) || reviewer.keepsQueue else { throw notTheirs }
    try requireReleasable()
    if case .snooze(let until, _) = handOver { try requireSoon(until, now) }
  }

  public static func held(_ hold: CaseHandling.Hold) -> Refusal {
    Refusal(.conflict, "\(hold.name) has this case in hand until \(hold.until.clock) UTC.")
  }

  private func requireWaiting() throws(Refusal) {
    guard file.state.waitsForPerson else {
      throw Refusal(.conflict, "The case does not wait for a person: \(file.standing)")
    }
    if let pending = file.pending { throw pending.refusal }
  }

  private func requireSoon(_ until: Instant, _ now: Instant) throws(Refusal) {
    guard until > now, until <= now.adding(HandlingRules.snoozeMax) else {
      throw Refusal(
        .unprocessable, "A case can be put off until a moment within the next 30 days.",
        [
          FieldFault(
            field: "/until", problem: "This moment is over, or too far away.",
            remedy: "Give one within the next 30 days.")
        ])
    }
  }

  private var notTheirs: Refusal {
    let roles = Phrase.list(file.roles.map(\.phrase), separator: " / ")
    return Refusal(.forbidden, "Only a person with the role \(roles) (or the compliance lead) has this case.")
  }
}

extension Instant {
  /// Hours and minutes.
  var clock: String { String(description.dropFirst(11).prefix(5)) }
}
