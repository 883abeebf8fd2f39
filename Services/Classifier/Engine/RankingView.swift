import Glibc

/// What a ranking looks like from outside: how clear the first place is, and how much of the text was understood.
struct RankingView {
  let first: Int
  let inputs: [Double]
  /// Share of the title's words (by weight) that the model knows.
  let knownShare: Double

  static let inputCount = 7

  init(known: [LinearModel.Known], tokenWeights: [Float], scores: [Float], model: LinearModel) {
    var first = 0
    for topic in scores.indices where scores[topic] > scores[first] { first = topic }
    var second = first == 0 ? 1 : 0
    for topic in scores.indices where topic != first && scores[topic] > scores[second] { second = topic }
    var rival = -1
    let heading = model.levels[1].labelOfTopic
    for topic in scores.indices where heading[topic] != heading[first] {
      if rival < 0 || scores[topic] > scores[rival] { rival = topic }
    }
    var isKnown = [Bool](repeating: false, count: tokenWeights.count)
    for item in known where !item.isPiece { isKnown[Int(item.token)] = true }
    var total: Float = 0
    var understood: Float = 0
    for token in tokenWeights.indices {
      total += tokenWeights[token]
      if isKnown[token] { understood += tokenWeights[token] }
    }
    knownShare = total > 0 ? Double(understood / total) : 0
    self.first = first
    let top = Double(scores[first])
    let margin = top - Double(scores[second])
    let rivalMargin = rival < 0 ? margin : top - Double(scores[rival])
    inputs = [
      1, log1p(margin), log1p(rivalMargin), knownShare, log1p(max(0, top)), Double(min(understood, 6)) / 6,
      margin / (1 + max(0, top)),
    ]
  }
}
