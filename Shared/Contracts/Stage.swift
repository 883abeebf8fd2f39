/// The five workers, in the order of the flow, by the names of their services.
public enum Stage: String, Sendable, CaseIterable {
  case ingest
  case classifier
  case complianceScreening = "compliance-screening"
  case documentGeneration = "document-generation"
  case writeback

  /// Ingest opens cases in markets; the others work in one market each and scale by it.
  public var isPerMarket: Bool { self != .ingest }
}
