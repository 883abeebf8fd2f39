/// Where a case stands. Every case ends in exactly one terminal state; until then a stage or a person owes it something.
public enum CaseState: String, Sendable, CaseIterable {
  /// Waits for the classifier.
  case opened
  /// Waits for compliance-screening.
  case classified
  /// Waits for a person.
  case awaitingDecision = "awaiting-decision"
  /// Waits for the supplier's answer to a person's question.
  case awaitingInformation = "awaiting-information"
  /// Decided by the automatic lane or a person; waits for its decision record.
  case decided
  /// Waits for write-back.
  case documented
  case writtenBack = "written-back"
  /// The destination refused the outcome for good; it can be replayed.
  case undeliverable
  /// The ERP changed the value meanwhile; a person says which holds.
  case conflicted
  /// A newer revision of the product took its place.
  case superseded

  public var isTerminal: Bool { self == .writtenBack || self == .superseded }

  public var waitsForPerson: Bool {
    switch self {
    case .awaitingDecision, .awaitingInformation, .undeliverable, .conflicted: true
    default: false
    }
  }

  /// nil when the event does not apply here: a stale or repeated message, which changes nothing.
  public func after(_ event: CaseEvent) -> CaseState? {
    switch (self, event) {
    case (.opened, .classified): .classified
    case (.classified, .clearedAutomatically): .decided
    case (.classified, .heldForDecision): .awaitingDecision
    case (.awaitingDecision, .informationRequested), (.awaitingInformation, .informationRequested): .awaitingInformation
    case (.awaitingInformation, .informationReceived): .awaitingDecision
    case (.awaitingDecision, .decidedByPerson), (.awaitingInformation, .decidedByPerson): .decided
    // A later decision supersedes one already delivered; it travels the same way again.
    case (.writtenBack, .decidedByPerson), (.undeliverable, .decidedByPerson), (.conflicted, .decidedByPerson): .decided
    // What was decided may not stand: a person decides again, whatever became of it.
    case (.decided, .recalled), (.documented, .recalled), (.writtenBack, .recalled), (.undeliverable, .recalled),
      (.conflicted, .recalled):
      .awaitingDecision
    case (.decided, .documented): .documented
    case (.documented, .writtenBack), (.undeliverable, .writtenBack): .writtenBack
    case (.documented, .deliveryFailed): .undeliverable
    case (.documented, .conflictDetected): .conflicted
    case (.undeliverable, .redelivered), (.conflicted, .redelivered): .documented
    case (.writtenBack, .superseded), (.superseded, _): nil
    case (_, .superseded): .superseded
    default: nil
    }
  }
}

/// What can happen to a case.
public enum CaseEvent: String, Sendable, CaseIterable {
  case classified
  case clearedAutomatically = "cleared-automatically"
  case heldForDecision = "held-for-decision"
  case informationRequested = "information-requested"
  case informationReceived = "information-received"
  case decidedByPerson = "decided-by-person"
  case recalled
  case documented
  case writtenBack = "written-back"
  case deliveryFailed = "delivery-failed"
  case conflictDetected = "conflict-detected"
  case redelivered
  case superseded
}
