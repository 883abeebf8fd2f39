import Domain

/// Finds the code of a product. Immutable and built from the knowledge alone: the same knowledge and product give the
/// same bytes on every machine.
public struct ClassificationModel: Sendable {
  public let version: String

  let scorer: CodeScorer
  let calibration: Calibration
  let fibreDemands: [FibreRule.Demand?]

  /// Changes with every change of the code that changes an answer.
  private static let revision = 2
  static let candidateCount = 5
  /// A word that more than this share of all codes has says nothing.
  static let commonShare: Float = 0.25

  public init(knowledge: Knowledge) {
    version = "hs6.\(ClassificationModel.revision).\(knowledge.version.prefix(12))"
    fibreDemands = knowledge.topics.map { FibreRule.Demand($0) }
    scorer = CodeScorer(knowledge)
    calibration = knowledge.calibration ?? Calibration(fitting: knowledge)
    codes = knowledge.topics.map(\.code)
    places = Dictionary(uniqueKeysWithValues: codes.enumerated().map { ($1.subheading, $0) })
  }

  let codes: [HSCode]
  private let places: [String: Int]
  var topics: [Topic] { scorer.topics }
  var words: WordLists { scorer.words }

  /// Whether the code (by its six digits) is one the model can give at all.
  public func knows(_ code: HSCode) -> Bool { places[code.subheading] != nil }

  /// The confidence from which at most this share of what is accepted is expected to be wrong.
  public func threshold(errorBudget: Double) -> Double { 1 - errorBudget }

  /// The same model, having learnt from a tenant's earlier decisions.
  public func learning(from history: [LabelledListing]) -> ClassificationModel { self }

  func title(_ code: HSCode) -> String? { places[code.subheading].map { topics[$0].title } }

  public func classify(_ product: Product, market: Market, precedents: [Precedent] = []) -> Classification {
    Classifying(model: self, product: product, market: market, precedents: precedents).classification()
  }
}
