import Domain
import Glibc

/// A model of a tenant's history and the model of the knowledge, brought together over the codes of both.
struct HistoryReader: Sendable {
  /// All codes of the knowledge and of the history.
  let nomenclature: Nomenclature
  let scorer: CodeScorer
  private let placeOfHistory: [Int]
  private let placeOfBase: [Int]
  /// How many lines of the history have each of its codes.
  private let lineCounts: [Int]

  struct Blend: Sendable, Hashable {
    var nearness: Float
    var knowledge: Float
  }

  struct Answer {
    let reading: CodeScorer.Reading
    let view: RankingView
    let ranked: [HSCode]
    let inputs: [Double]
  }

  private static let least: Float = -9

  init(_ scorer: CodeScorer, base: ClassificationModel) {
    self.scorer = scorer
    let (own, known) = (scorer.nomenclature.codes, base.scorer.nomenclature.codes)
    let nomenclature = Nomenclature(Set(own).union(known).sorted())
    self.nomenclature = nomenclature
    placeOfHistory = own.map { nomenclature.place(of: $0)! }
    placeOfBase = known.map { nomenclature.place(of: $0)! }
    lineCounts = scorer.examples.textCounts
  }

  /// - Parameter own: what the history's scorer read.
  /// - Parameter known: the scores that the knowledge gives.
  func answer(_ own: CodeScorer.Reading, known: [Float], blend: Blend) -> Answer {
    let views = own.views.map { view in
      CodeScorer.View(
        linear: spread(view.linear, placeOfHistory, LinearModel.least),
        nearness: spread(view.nearness, placeOfHistory, 0), nearest: view.nearest)
    }
    let known = spread(HistoryReader.logShares(known), placeOfBase, HistoryReader.least)
    var ownScores = [Float](repeating: 0, count: nomenclature.codes.count)
    for view in views {
      for place in ownScores.indices {
        ownScores[place] += (view.linear[place] + blend.nearness * view.nearness[place]) / Float(views.count)
      }
    }
    ownScores = HistoryReader.logShares(ownScores)
    var scores = ownScores
    for place in scores.indices { scores[place] += blend.knowledge * known[place] }
    let reading = CodeScorer.Reading(
      stream: own.stream, tokenWeights: own.tokenWeights, known: own.known, views: views, scores: scores)
    let view = RankingView(reading, scores: scores, in: nomenclature)
    let first = view.ranked[0]
    let witnesses = [
      Double(expf(known[first])), Double(expf(ownScores[first])), known.max() == known[first] ? 1 : 0,
    ]
    return Answer(
      reading: reading, view: view, ranked: view.ranked.map { nomenclature.codes[$0] },
      inputs: view.inputs + witnesses + neighbourhood(reading.nearest, first: first))
  }

  static let inputCount = RankingView.inputNames.count + 3 + 7

  /// What the nearest lines of the history say about the first code.
  private func neighbourhood(_ nearest: [ExampleIndex.Neighbour], first: Int) -> [Double] {
    let own = nearest.filter { placeOfHistory[$0.label] == first }
    let others = nearest.filter { placeOfHistory[$0.label] != first }
    func weight(_ list: [ExampleIndex.Neighbour]) -> Double {
      list.reduce(0) { $0 + pow(Double(min($1.nearness, 1)), 6) }
    }
    let (near, far) = (Double(own.first?.nearness ?? 0), Double(others.first?.nearness ?? 0))
    let (agreeing, opposing) = (weight(own), weight(others))
    let count = placeOfHistory.firstIndex(of: first).map { lineCounts[$0] } ?? 0
    return [
      near, far, pow(min(near, 1), 3), agreeing / (agreeing + opposing + 0.05), log(1 + agreeing), log(1 + opposing),
      log(1 + Double(count)),
    ]
  }

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
}
