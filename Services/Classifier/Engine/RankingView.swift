import Glibc

/// What a ranking looks like from outside: how clear the first place is, and how much of the text was understood.
struct RankingView {
  let first: Int
  let inputs: [Double]
  /// Share of the title's words (by weight) that the model knows.
  let knownShare: Double

  static let inputCount = 9

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
    let margin = scores.count > 1 ? top - Double(scores[second]) : top
    let rivalMargin = rival < 0 ? margin : top - Double(scores[rival])
    var speaking = [Float](repeating: 0, count: tokenWeights.count)
    for item in known { speaking[Int(item.token)] += model.contribution(item, topic: first) }
    let strongest = speaking.max() ?? 0
    let support = speaking.reduce(0, +)
    // How much of the case rests on more than its best word.
    let corroboration = support > 0 ? Double((support - strongest) / support) : 0
    // A long text adds up more of everything, chance agreement too: what counts is the lead for its length.
    let length = (1 + Double(total)).squareRoot()
    inputs = [
      1, corroboration, Double(min(4, speaking.count { $0 > 1 })) / 4, log1p(margin / length),
      log1p(rivalMargin / length), knownShare, log1p(max(0, top) / length), margin / (1 + max(0, top)),
      Double(min(total, 6)) / 6,
    ]
  }
}
