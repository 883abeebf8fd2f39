import Domain
import Glibc

/// What a ranking looks like from outside: how clear the first place is, whether its witnesses agree, and how much of
/// the text was understood.
struct RankingView {
  /// Best first.
  let ranked: [Int]
  /// The share of probability that the scores give to each of the ranked.
  let shares: [Double]
  let inputs: [Double]
  /// What the words and the stated facts give the first code, without the examples.
  let belief: Double

  static let inputNames = [
    "constant", "share", "lead", "heading", "chapter", "belief", "nearness", "nearer", "agreement", "known", "length",
    "knownShare",
  ]
  static let depth = 8

  /// - Parameter stated: the scores without what a supplied code adds, which is a witness of its own; nil where none was.
  init(_ reading: CodeScorer.Reading, scores: [Float], stated: [Float]? = nil, in nomenclature: Nomenclature) {
    let ranked = scores.places(ofLargest: RankingView.depth)
    self.ranked = ranked
    let first = ranked[0]
    let (total, headingTotal, chapterTotal) = RankingView.totals(scores, first: first, nomenclature)
    let top = scores[first]
    shares = ranked.map { Double(expf(scores[$0] - top) / total) }
    let second = ranked.count > 1 ? Double(top - scores[ranked[1]]) : 5
    let known = RankingView.knownShare(reading)
    let nearness = reading.views.map { $0.nearness[first] }.max() ?? 0
    let nearest = reading.views.map { $0.nearness.largest ?? 0 }.max() ?? 0
    let agreeing = reading.views.filter {
      RankingView.isBest(first, $0.linear) && RankingView.isBest(first, $0.nearness)
    }
    belief = RankingView.belief(reading, stated: stated ?? scores, first: first)
    // How much was understood, from nothing to eight words and more, as a share of that.
    let length = min(Double(reading.tokenWeights.reduce(0, +)) * known, 8) / 8
    inputs = [
      1, log(max(shares[0], 1e-6)), min(second, 5) / 5, Double(headingTotal / total), Double(chapterTotal / total),
      belief, Double(min(nearness, 1.6)), Double(nearest - nearness),
      Double(agreeing.count) / Double(reading.views.count),
      known, length, shares[0] * known,
    ]
  }

  private static func isBest(_ place: Int, _ scores: [Float]) -> Bool { scores[place] == scores.largest }

  /// The mean of the views. Facts have moved the scores; here they move what the words say by as much.
  private static func belief(_ reading: CodeScorer.Reading, stated: [Float], first: Int) -> Double {
    func share(_ linear: [Float]) -> Float {
      var total: Float = 0
      for place in linear.indices where linear[place] > LinearModel.least {
        total += expf(linear[place] + stated[place] - reading.scores[place])
      }
      return expf(linear[first] + stated[first] - reading.scores[first]) / max(total, 1e-6)
    }
    let shares = reading.views.map { min(share($0.linear), 1) }
    return Double(shares.reduce(0, +)) / Double(max(1, shares.count))
  }

  /// The sum of all shares, of those in the first one's heading, and of those in its chapter, as multiples of the first.
  private static func totals(_ scores: [Float], first: Int, _ nomenclature: Nomenclature) -> (Float, Float, Float) {
    let heading = Int(nomenclature.headingOfCode[first])
    let ofChapter = nomenclature.places(ofChapter: nomenclature.codes[first].chapter) ?? first..<first
    func total(_ places: Range<Int>) -> Float { RankingView.total(scores, places, first: scores[first]) }
    return (total(scores.indices), total(nomenclature.codesOfHeading[heading]), total(ofChapter))
  }

  /// Most codes have one of few scores, and stand beside others that have the same.
  private static func total(_ scores: [Float], _ places: Range<Int>, first: Float) -> Float {
    var (total, score, share) = (Float(0), first, Float(1))
    for place in places where scores[place] - first >= -14 {
      if scores[place] != score {
        score = scores[place]
        share = expf(score - first)
      }
      total += share
    }
    return total
  }

  /// Share of the words (by weight) that the model knows.
  private static func knownShare(_ reading: CodeScorer.Reading) -> Double {
    var isKnown = [Bool](repeating: false, count: reading.tokenWeights.count)
    for item in reading.known where item.kind == .word { isKnown[Int(item.token)] = true }
    var (total, understood) = (Float(0), Float(0))
    for token in reading.tokenWeights.indices {
      total += reading.tokenWeights[token]
      if isKnown[token] { understood += reading.tokenWeights[token] }
    }
    return total > 0 ? Double(understood / total) : 0
  }
}
