import Domain

/// Finds the code of a product. Immutable and built from the knowledge alone: the same knowledge and product give the
/// same bytes on every machine.
public struct ClassificationModel: Sendable {
  public let version: String

  let topics: [Topic]
  let words: WordLists
  let linear: LinearModel
  let calibration: Calibration
  let fibreDemands: [FibreRule.Demand?]

  /// Changes with every change of the code that changes an answer.
  private static let revision = 1
  static let candidateCount = 5
  /// A word that speaks for no code more than this says nothing.
  static let leastSpecificity: Float = 1.7

  public init(knowledge: Knowledge) {
    version = "hs6.\(ClassificationModel.revision).\(knowledge.version.prefix(12))"
    topics = knowledge.topics
    words = knowledge.words
    fibreDemands = knowledge.topics.map { FibreRule.Demand($0) }
    let training = TrainingSet(knowledge)
    linear = LinearModel(topics: topics, training: training, leavingOut: { _ in false }, settings: .init())
    calibration = Calibration(knowledge: knowledge, training: training)
  }

  /// Whether the code (by its six digits) is one the model can give at all.
  public func knows(_ code: HSCode) -> Bool { topics.contains { $0.code.subheading == code.subheading } }

  /// The confidence from which at most this share of what is accepted is expected to be wrong.
  public func threshold(errorBudget: Double) -> Double { 1 - errorBudget }

  /// The same model, having learnt from a tenant's earlier decisions.
  public func learning(from history: [LabelledListing]) -> ClassificationModel { self }

  public func classify(_ product: Product, market: Market, precedents: [Precedent] = []) -> Classification {
    Classifying(model: self, product: product, market: market, precedents: precedents).classification()
  }
}
