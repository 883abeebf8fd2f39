import Domain
import Glibc

/// One classification under way: score, rank, weigh the precedents, explain.
struct Classifying {
  let model: ClassificationModel
  let product: Product
  let market: Market
  let precedents: [Precedent]

  func classification() -> Classification {
    let stream = TokenStream(product)
    let features = FeatureList(stream, words: model.words)
    let known = model.linear.known(features.features)
    let rulings = PrecedentReading(precedents, product: product, market: market)
    let isTooVague = !saysSomething(known, stream) && rulings.accepted == nil
    guard !isTooVague else {
      return Classification(candidates: [], isTooVague: true, modelVersion: model.version)
    }
    let supplied = SuppliedCode(product.suppliedCode)
    var scores = model.linear.scores(known)
    let fibre = FibreRule(product, stream: stream)
    for topic in scores.indices {
      scores[topic] += supplied.bonus(model.topics[topic].code) + fibre.bonus(model.fibreDemands[topic])
    }
    let explanation = Explanation(model: model, stream: stream, known: known, ranked: best(scores))
    let confidences = confidences(known, features, scores, explanation.ranked, supplied)
    var candidates = explanation.ranked.indices.map { rank in
      let index = explanation.ranked[rank]
      let topic = model.topics[index]
      var evidence = explanation.evidence(rank: rank)
      if let rule = fibre.evidence(model.fibreDemands[index], code: topic.code) { evidence.append(rule) }
      if let remark = supplied.evidence(topic.code) { evidence.append(remark) }
      return Candidate(
        code: topic.code, title: topic.title, confidence: Confidence(confidences[rank]), evidence: evidence)
    }
    rulings.apply(to: &candidates) { code in model.topics.first { $0.code.subheading == code.subheading }?.title }
    return Classification(
      candidates: Array(candidates.prefix(ClassificationModel.candidateCount)), isTooVague: false,
      modelVersion: model.version)
  }

  /// Whether any word tells codes apart. "Women", "accessories" and "gift" are known, and say nothing alone.
  private func saysSomething(_ known: [LinearModel.Known], _ stream: TokenStream) -> Bool {
    known.contains { item in
      guard !item.isPiece, model.linear.specificity(item.feature) >= ClassificationModel.leastSpecificity else {
        return false
      }
      return !model.words.vague.contains(FeatureHash.word(stream.text(at: Int(item.token))))
    }
  }

  private func best(_ scores: [Float]) -> [Int] {
    var best: [Int] = []
    for topic in scores.indices {
      guard best.count < ClassificationModel.candidateCount || scores[topic] > scores[best[best.count - 1]] else {
        continue
      }
      let place = best.firstIndex { scores[topic] > scores[$0] } ?? best.count
      best.insert(topic, at: place)
      if best.count > ClassificationModel.candidateCount { best.removeLast() }
    }
    return best
  }

  /// The first is calibrated; the others share part of what is left, by their distance. The rest of the probability
  /// belongs to codes that are not shown.
  private func confidences(
    _ known: [LinearModel.Known], _ features: FeatureList, _ scores: [Float], _ ranked: [Int], _ supplied: SuppliedCode
  ) -> [Double] {
    let view = RankingView(known: known, tokenWeights: features.tokenWeights, scores: scores, model: model.linear)
    let remark = supplied.logOdds(first: model.topics[ranked[0]].code, isKnown: { model.knows($0) })
    let first = model.calibration.probability(view, remark: remark)
    let closeness = ranked.dropFirst().map { exp(Double(scores[$0] - scores[ranked[0]]) / 6) }
    let total = closeness.reduce(0.5, +)
    return [first] + closeness.map { min(first * 0.99, (1 - first) * 0.7 * $0 / total) }
  }
}
