/// Where a shipment stands. It waits for its own lines and for nothing else.
public enum ShipmentState: String, Sendable, CaseIterable {
  /// At least one line's case is undecided.
  case waiting
  /// Every line is cleared; waits for its documents.
  case ready
  case documented
  case writtenBack = "written-back"
  /// A line was rejected, a party may be a listed one, or the documents cannot be drawn; it cannot go as it is.
  case held
  case undeliverable

  public var isTerminal: Bool { self == .writtenBack }
}
