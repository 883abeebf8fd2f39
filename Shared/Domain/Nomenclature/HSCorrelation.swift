/// What became of the codes of one edition of the Harmonised System in the next. Codes that it does not name are the same
/// in both.
public struct HSCorrelation: Sendable {
  /// A code of the older edition, and the code or codes that it became.
  public struct Change: Hashable, Sendable {
    public var code: HSCode
    public var title: String
    /// Whose answers tell the codes apart where there are several.
    public var question: String?
    public var outcomes: [Outcome]

    public init(code: HSCode, title: String, question: String? = nil, outcomes: [Outcome] = []) {
      self.code = code
      self.title = title
      self.question = question
      self.outcomes = outcomes
    }
  }

  public struct Outcome: Hashable, Sendable {
    /// Empty where there is one outcome alone.
    public var answer: String
    public var code: HSCode

    public init(answer: String = "", code: HSCode) {
      self.answer = answer
      self.code = code
    }
  }

  public let from: HSEdition
  public let to: HSEdition
  /// Of the file, not of the Harmonised System.
  public let version: String
  public let source: RuleSource
  /// By the code of the older edition.
  public let changes: [HSCode: Change]
  /// Codes of the newer edition that drew on more than the changes say.
  public let drawOnOthers: Set<HSCode>
  private let origins: [HSCode: [HSCode]]

  public init(
    from: HSEdition, to: HSEdition, version: String, source: RuleSource, changes: [Change], drawOnOthers: Set<HSCode>
  ) {
    self.from = from
    self.to = to
    self.version = version
    self.source = source
    self.changes = Dictionary(changes.map { ($0.code, $0) }) { first, _ in first }
    self.drawOnOthers = drawOnOthers
    origins = HSCorrelation.origins(changes)
  }

  /// The codes of the older edition that this one of the newer drew on, in order; nil for one that is the same in both.
  public func origins(of code: HSCode) -> [HSCode]? { origins[code] }

  static func origins(_ changes: [Change]) -> [HSCode: [HSCode]] {
    let pairs = changes.flatMap { change in change.outcomes.map { ($0.code, change.code) } }
    return Dictionary(grouping: pairs, by: \.0).mapValues { $0.map(\.1).sorted() }
  }

  public var targets: Set<HSCode> { Set(origins.keys) }
  /// Codes that the older edition did not have.
  public var created: Set<HSCode> { targets.subtracting(changes.keys) }
  /// Codes that the newer edition has no more.
  public var dropped: Set<HSCode> { Set(changes.keys).subtracting(targets) }
}
