/// What can happen to a case that waits for a person, or to what was decided of it, by the audit log's names for it without
/// `case.`.
public enum ReviewHappening: String, Sendable, CaseIterable {
  case held = "held-for-decision"
  case screenedAgain = "screened-again"
  case claimed, released, skipped, snoozed, assigned, escalated
  case firstOpinion = "first-opinion"
  case opinionsDiffer = "opinions-differ"
  case informationRequested = "information-requested"
  case informationReceived = "information-received"
  case decisionGiven = "decision-given"
  case decisionUndone = "decision-undone"
  case decisionDropped = "decision-dropped"
  case decided, superseded
  case deliveryFailed = "delivery-failed"
}
