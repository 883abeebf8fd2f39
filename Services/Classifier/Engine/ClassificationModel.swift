import Crypto
import Domain

/// Finds the code of a product. Immutable and built from the knowledge, and a tenant's history where there is one: the
/// same knowledge, history and product give the same bytes on every machine.
public struct ClassificationModel: Sendable {
  public private(set) var version: String

  let topics: [Topic]
  let scorer: CodeScorer
  let calibration: Calibration
  let rules: RuleDemands
  let questions: Questions
  let editions: HSEditions?
  private(set) var history: HistoryModel?
  /// The precedents that the history was made of: they need not be heard again.
  private(set) var learnt: Set<UniqueID> = []

  /// Changes with every change of the code that changes an answer.
  private static let revision = 6
  static let candidateCount = 5

  /// - Parameter knowledge: given up while its texts are learnt, where nobody else holds it.
  public init(knowledge: consuming Knowledge) {
    let content = SHA256.hash(knowledge.version + knowledge.editionsVersion).hex
    version = "hs6.\(ClassificationModel.revision).\(content.prefix(12))"
    editions = knowledge.editions
    calibration = knowledge.calibration ?? Calibration(fitting: copy knowledge)
    topics = knowledge.topics.map(\.withoutTexts)
    rules = RuleDemands(knowledge.topics)
    questions = Questions(copy knowledge)
    scorer = CodeScorer(knowledge)
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

  func learning(from lessons: [Precedent], hash: [UInt8]) -> ClassificationModel {
    var model = learning(
      from: lessons.map { LabelledListing(product: $0.description.product(market: $0.market), code: $0.code) })
    model.learnt = Set(lessons.map(\.id))
    model.version += "+" + Hex.encode(hash).prefix(12)
    return model
  }

  /// What the words and the stated facts give each code.
  func scores(_ reading: CodeScorer.Reading, _ rules: Rules) -> [Float] {
    var scores = reading.scores
    rules.add(to: &scores, demands: self.rules, in: scorer.nomenclature)
    return scores
  }

  func topic(_ code: HSCode) -> Topic? { scorer.nomenclature.place(of: code).map { topics[$0] } }

  public func classify(_ product: Product, market: Market, precedents: PrecedentIndex? = nil) -> Classification {
    Classifying(model: self, product: product, market: market, precedents: precedents).classification()
  }
}
