import Domain
import Store
import WritebackEngine

/// What is known of the code that a receiver holds: from what the ERP reported, and from what it took of us since.
struct ReceiverValue: Sendable {
  var reported: ERPValues.Value?
  var lastDelivered: DeliveryStore.LastDelivered?
  /// The code that came with the product.
  var supplied: HSCode?

  /// For the receiver's own conditional write. nil where the ERP reports nothing, and after a rejection, which leaves
  /// to the receiver whether it clears its field.
  var expected: RecordedValue? {
    guard let reported else { return nil }
    guard let lastDelivered, !isReportNews else { return RecordedValue(code: reported.code) }
    return lastDelivered.code.map { RecordedValue(code: $0) }
  }

  /// Only what the ERP reported can contradict us; a receiver that reports nothing compares for itself.
  func conflict(with wanted: HSCode?) -> String? {
    guard let wanted, let reported, isReportNews else { return nil }
    let verdict = CompareAndSet.decide(
      wanted: wanted, held: RecordedValue(code: reported.code), lastWritten: lastWritten(beside: reported.code),
      supplied: supplied)
    guard case .conflict(let conflict) = verdict else { return nil }
    return conflict.reason
  }

  /// What was reported before it took our last delivery says nothing about what it holds after it.
  private var isReportNews: Bool {
    guard let reported else { return false }
    return lastDelivered.map { reported.reportedAt > $0.at } ?? true
  }

  /// After a rejection a field that is empty, or still holds what it held, is nobody's change.
  private func lastWritten(beside held: HSCode?) -> RecordedValue? {
    guard let lastDelivered else { return nil }
    if lastDelivered.code == nil, held == lastDelivered.writtenCode || held == supplied {
      return RecordedValue(code: held)
    }
    return RecordedValue(code: lastDelivered.code)
  }
}

extension OutcomePayload {
  /// The same outcome for a receiver that is believed to hold this.
  func expecting(_ expected: RecordedValue?) -> OutcomePayload {
    guard case .caseDecided(var outcome) = self else { return self }
    outcome.expected = expected
    return .caseDecided(outcome)
  }
}
