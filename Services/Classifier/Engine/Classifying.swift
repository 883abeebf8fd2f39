import Domain
import Glibc

/// One classification under way: score, rank, weigh the precedents, explain.
struct Classifying {
  let model: ClassificationModel
  let product: Product
  let market: Market
  let precedents: [Precedent]

  func classification() -> Classification {
    let reading = model.scorer.read(TokenStream(product))
    let rulings = PrecedentReading(precedents, product: product, market: market)
    let isTooVague = !saysSomething(reading) && rulings.accepted == nil
    guard !isTooVague else {
      return Classification(candidates: [], isTooVague: true, modelVersion: model.version)
    }
    let supplied = SuppliedCode(product.suppliedCode)
    var scores = reading.scores
    let fibre = FibreRule(product, stream: reading.stream)
    supplied.add(to: &scores, codes: model.codes)
    fibre.add(to: &scores, demands: model.fibreDemands)
    let view = RankingView(reading, scores: scores, linear: model.scorer.linear)
    let explanation = Explanation(
      model: model, reading: reading, ranked: Array(view.ranked.prefix(ClassificationModel.candidateCount)))
    let confidences = confidences(view, supplied)
    var candidates = explanation.ranked.indices.map { rank in
      let index = explanation.ranked[rank]
      let topic = model.topics[index]
      var evidence = explanation.evidence(rank: rank)
      if let rule = fibre.evidence(model.fibreDemands[index], code: topic.code) { evidence.append(rule) }
      if let remark = supplied.evidence(topic.code) { evidence.append(remark) }
      return Candidate(
        code: topic.code, title: topic.title, confidence: Confidence(confidences[rank]), evidence: evidence)
    }
    rulings.apply(to: &candidates) { code in model.title(code) }
    return Classification(
      candidates: Array(candidates.prefix(ClassificationModel.candidateCount)), isTooVague: false,
      modelVersion: model.version)
  }

  /// Whether any word tells codes apart. "Women", "accessories" and "gift" are known, and say nothing alone.
  private func saysSomething(_ reading: CodeScorer.Reading) -> Bool {
    reading.known.contains { item in
      item.kind == .word && !model.words.vague.contains(FeatureHash.word(reading.stream.text(at: Int(item.token))))
    }
  }

  /// The first is calibrated; the others share what is left as their scores do, less what belongs to codes not shown.
  private func confidences(_ view: RankingView, _ supplied: SuppliedCode) -> [Double] {
    let remark = supplied.logOdds(first: model.topics[view.ranked[0]].code, isKnown: { model.knows($0) })
    let first = model.calibration.probability(view, remark: remark)
    let rest = max(1 - view.shares[0], view.shares.dropFirst().reduce(0, +), 1e-9)
    return [first] + view.shares.dropFirst().map { min(first * 0.99, (1 - first) * 0.7 * $0 / rest) }
  }
}
