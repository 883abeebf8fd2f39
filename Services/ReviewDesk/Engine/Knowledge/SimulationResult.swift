import Domain

/// What a version would change over the latest cases.
public struct SimulationResult: Sendable {
  public struct Change: Hashable, Sendable {
    public var caseID: CaseID
    public var sku: String
    public var market: Market
    public var before: Lane
    public var after: Lane
    public var why: String

    public init(caseID: CaseID, sku: String, market: Market, before: Lane, after: Lane, why: String) {
      self.caseID = caseID
      self.sku = sku
      self.market = market
      self.before = before
      self.after = after
      self.why = why
    }
  }

  public struct Row: Hashable, Sendable {
    public var what: Phrase
    public var before: Phrase
    public var after: Phrase

    public init(what: Phrase, before: Phrase, after: Phrase) {
      self.what = what
      self.before = before
      self.after = after
    }
  }

  public static let counts = [100, 500, 2000]
  public static let changesShown = 50

  public var count: Int
  /// Cases that would be decided differently in whatever way.
  public var changed: Int
  /// Those of them that would take another lane.
  public var moved: Int
  public var rows: [Row]
  /// The gravest first.
  public var changes: [Change]

  public init(count: Int, changed: Int, moved: Int, rows: [Row], changes: [Change]) {
    self.count = count
    self.changed = changed
    self.moved = moved
    self.rows = rows
    self.changes = changes
  }
}
