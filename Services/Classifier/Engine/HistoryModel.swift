import Domain
import Glibc

/// What a tenant decided before, as a model of its own beside the knowledge: both score, and how much each counts, how
/// far their answer is to be trusted, and from where it may clear, is found on parts of the history held back.
struct HistoryModel: Sendable {
  /// All codes of the knowledge and of the history.
  let nomenclature: Nomenclature
  let scorer: CodeScorer
  let titles: [String]
  private let placeOfHistory: [Int]
  private let placeOfBase: [Int]
  private let blend: Blend
  private let calibration: LogisticRegression
  /// Held-back answers, the most confident first.
  private let proofs: [Proof]

  struct Blend: Sendable, Hashable {
    var nearness: Float
    var knowledge: Float
  }

  private struct Proof: Sendable {
    var confidence: Double
    var isRight: Bool
  }

  /// Two readings of one product brought together, over the codes of both.
  struct Answer {
    let reading: CodeScorer.Reading
    let view: RankingView
    let inputs: [Double]
  }

  private static let blends = [Float(1.5), 4].flatMap { near in
    [Float(0), 0.15, 0.3, 0.6].map { Blend(nearness: near, knowledge: $0) }
  }
  /// Held-back listings beyond these add little but time.
  private static let proofCount = 4000
  private static let least: Float = -9
  /// Syllables written apart, as in Vietnamese, mean something in pairs; a history has enough of them to learn from.
  private static let settings = CodeScorer.Settings(pair: 0.8)

  init?(_ listings: [LabelledListing], base: ClassificationModel) {
    guard !listings.isEmpty else { return nil }
    let history = Labelled(listings, words: base.words)
    let trials = HistoryModel.trials(history, base: base)
    let best = HistoryModel.blends.indices.max { left, right in
      (trials.map { $0[left].isRight ? 1 : 0 }.reduce(0, +), right)
        < (trials.map { $0[right].isRight ? 1 : 0 }.reduce(0, +), left)
    }
    blend = HistoryModel.blends[best ?? 0]
    let samples = trials.map { $0[best ?? 0] }
    let calibration = LogisticRegression(fitting: samples, width: HistoryModel.inputCount)
    self.calibration = calibration
    proofs = samples.map { Proof(confidence: calibration.probability($0.inputs), isRight: $0.isRight) }
      .sorted { ($0.confidence, $0.isRight ? 0 : 1) > ($1.confidence, $1.isRight ? 0 : 1) }
    let all = Array(history.listings.indices)
    scorer = history.scorer(all)
    titles = all.map { history.listings[$0].product.title }
    (nomenclature, placeOfHistory, placeOfBase) = HistoryModel.union(scorer.nomenclature, base.scorer.nomenclature)
  }

  private init(scorer: CodeScorer, base: ClassificationModel, blend: Blend) {
    self.scorer = scorer
    self.blend = blend
    (titles, proofs, calibration) = ([], [], LogisticRegression(weights: []))
    (nomenclature, placeOfHistory, placeOfBase) = HistoryModel.union(scorer.nomenclature, base.scorer.nomenclature)
  }

  private static func union(_ one: Nomenclature, _ other: Nomenclature) -> (Nomenclature, [Int], [Int]) {
    let both = Nomenclature(Set(one.codes).union(other.codes).sorted())
    return (both, one.codes.map { both.place(of: $0)! }, other.codes.map { both.place(of: $0)! })
  }

  // MARK: Answering

  func answer(_ stream: TokenStream, base: CodeScorer.Reading, baseScores: [Float]) -> Answer {
    answer(scorer.read(stream), baseScores: baseScores, blend: blend)
  }

  func confidence(_ answer: Answer) -> Double { calibration.probability(answer.inputs) }

  private func answer(_ own: CodeScorer.Reading, baseScores: [Float], blend: Blend) -> Answer {
    let views = own.views.map { view in
      CodeScorer.View(
        linear: spread(view.linear, placeOfHistory, LinearModel.least),
        nearness: spread(view.nearness, placeOfHistory, 0),
        scores: [], nearest: view.nearest)
    }
    let known = spread(HistoryModel.logShares(baseScores), placeOfBase, HistoryModel.least)
    var ownScores = [Float](repeating: 0, count: nomenclature.codes.count)
    for view in views {
      for place in ownScores.indices {
        ownScores[place] += (view.linear[place] + blend.nearness * view.nearness[place]) / Float(views.count)
      }
    }
    ownScores = HistoryModel.logShares(ownScores)
    var scores = ownScores
    for place in scores.indices { scores[place] += blend.knowledge * known[place] }
    let reading = CodeScorer.Reading(
      stream: own.stream, tokenWeights: own.tokenWeights, known: own.known, views: views, scores: scores,
      nearest: own.nearest)
    let view = RankingView(reading, scores: scores, in: nomenclature)
    let first = view.ranked[0]
    let inputs = view.inputs + [Double(expf(known[first])), Double(expf(ownScores[first]))]
    return Answer(reading: reading, view: view, inputs: inputs)
  }

  private static let inputCount = RankingView.inputNames.count + 2

  private func spread(_ values: [Float], _ places: [Int], _ rest: Float) -> [Float] {
    var result = [Float](repeating: rest, count: nomenclature.codes.count)
    for (index, place) in places.enumerated() { result[place] = values[index] }
    return result
  }

  /// Scores as logarithms of shares of one, down to a least.
  private static func logShares(_ scores: [Float]) -> [Float] {
    let largest = scores.max() ?? 0
    var sum: Float = 0
    for score in scores where score - largest > -16 { sum += expf(score - largest) }
    let total = largest + logf(max(sum, 1))
    return scores.map { max($0 - total, least) }
  }

  // MARK: Holding back

  /// The confidence from which the held-back answers kept within the budget, chance allowed for. None: nothing clears.
  func threshold(errorBudget: Double) -> Double {
    var threshold = 2.0
    var wrong = 0.0
    for (place, proof) in proofs.enumerated() {
      if !proof.isRight { wrong += 1 }
      let count = Double(place + 1)
      let isEnd = place + 1 == proofs.count || proofs[place + 1].confidence < proof.confidence
      let chance = (errorBudget * (1 - errorBudget) / count).squareRoot()
      if isEnd, count >= 20, wrong / count + chance <= errorBudget { threshold = proof.confidence }
    }
    // The model that answers has learnt from all of the history, and is surer or less sure by a hair.
    return threshold - 0.002
  }

  /// For each listing held back, what each blend would have answered.
  private static func trials(_ history: Labelled, base: ClassificationModel) -> [[LogisticRegression.Sample]] {
    let folds = 5
    var trials: [[LogisticRegression.Sample]] = []
    for fold in 0..<folds where trials.count < proofCount {
      let kept = history.listings.indices.filter { history.fold($0, of: folds) != fold }
      guard !kept.isEmpty else { continue }
      let model = HistoryModel(scorer: history.scorer(kept), base: base, blend: blends[0])
      for place in history.listings.indices where history.fold(place, of: folds) == fold {
        let stream = TokenStream(history.listings[place].product)
        let own = model.scorer.read(stream)
        let baseScores = base.scorer.read(stream).scores
        trials.append(
          blends.map { blend in
            let answer = model.answer(own, baseScores: baseScores, blend: blend)
            let code = model.nomenclature.codes[answer.view.ranked[0]]
            return LogisticRegression.Sample(
              inputs: answer.inputs, isRight: code == history.codes[place], weight: 1)
          })
      }
    }
    return trials
  }

  /// Listings in the order of their codes.
  private struct Labelled {
    let listings: [LabelledListing]
    let codes: [HSCode]
    private let features: [FeatureList]
    private let words: WordLists
    private let folds: [Int]

    init(_ listings: [LabelledListing], words: WordLists) {
      let sorted = listings.enumerated().sorted {
        ($0.element.code.subheading, $0.offset) < ($1.element.code.subheading, $1.offset)
      }
      self.listings = sorted.map(\.element)
      self.words = words
      codes = sorted.map { HSCode($0.element.code.subheading)! }
      features = self.listings.map { FeatureList(TokenStream($0.product), words: words) }
      folds = sorted.map(\.offset)
    }

    /// By the order they were given in, scattered: a file may come back to a code every so many lines.
    func fold(_ place: Int, of count: Int) -> Int {
      Int((UInt32(truncatingIfNeeded: folds[place]) &* 2_654_435_761) >> 16) % count
    }

    func scorer(_ places: [Int]) -> CodeScorer {
      let nomenclature = Nomenclature(Set(places.map { codes[$0] }).sorted())
      var training = TrainingSet()
      for place in places {
        training.append(
          features[place], label: nomenclature.place(of: codes[place])!, isExample: true, pair: settings.pair)
      }
      return CodeScorer(nomenclature, training, words: words, settings: settings)
    }
  }
}
