import Domain

/// Finds the code of a product. Immutable and built from the knowledge, and a tenant's history where there is one: the
/// same knowledge, history and product give the same bytes on every machine.
public struct ClassificationModel: Sendable {
  public let version: String

  let topics: [Topic]
  let scorer: CodeScorer
  let calibration: Calibration
  let rules: RuleDemands
  let questions: Questions
  private(set) var history: HistoryModel?

  /// Changes with every change of the code that changes an answer.
  private static let revision = 3
  static let candidateCount = 5

  public init(knowledge: Knowledge) {
    version = "hs6.\(ClassificationModel.revision).\(knowledge.version.prefix(12))"
    topics = knowledge.topics
    rules = RuleDemands(knowledge.topics)
    questions = Questions(knowledge)
    scorer = CodeScorer(knowledge)
    calibration = knowledge.calibration ?? Calibration(fitting: knowledge)
  }

  var words: WordLists { scorer.words }

  /// Whether the code (by its six digits) is one the model can give at all.
  public func knows(_ code: HSCode) -> Bool {
    scorer.nomenclature.place(of: code) != nil || history?.knows(code) == true
  }

  /// The same model, having learnt from a tenant's earlier decisions.
  public func learning(from history: [LabelledListing]) -> ClassificationModel {
    var model = self
    model.history = HistoryModel(history, base: self)
    return model
  }

  /// What the words and the stated facts give each code.
  func scores(_ reading: CodeScorer.Reading, product: Product) -> [Float] {
    var scores = reading.scores
    Rules(reading.stream, materials: product.materials)
      .add(to: &scores, demands: rules, in: scorer.nomenclature)
    return scores
  }

  func topic(_ code: HSCode) -> Topic? { scorer.nomenclature.place(of: code).map { topics[$0] } }

  public func classify(_ product: Product, market: Market, precedents: [Precedent] = []) -> Classification {
    Classifying(model: self, product: product, market: market, precedents: precedents).classification()
  }
}
