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
    let isTooVague = model.history == nil && !saysSomething(reading) && rulings.accepted == nil
    guard !isTooVague, !model.topics.isEmpty else {
      return Classification(candidates: [], isTooVague: true, modelVersion: model.version)
    }
    let supplied = SuppliedCode(product.suppliedCode)
    let rules = Rules(reading.stream, materials: product.materials)
    var scores = reading.scores
    supplied.add(to: &scores, codes: model.scorer.nomenclature.codes)
    rules.add(to: &scores, demands: model.rules, in: model.scorer.nomenclature)
    let standing = standing(reading, scores)
    let confidences = confidences(standing, supplied)
    var candidates = standing.ranked.enumerated().map { rank, code in
      let topic = model.topic(code)
      var evidence = standing.explanation.evidence(rank: rank, notes: topic?.guidance.notes ?? [])
      if let place = model.scorer.nomenclature.place(of: code) {
        evidence += rules.evidence(code, place: place, demands: model.rules)
      }
      if let remark = supplied.evidence(code) { evidence.append(remark) }
      return Candidate(
        code: code, title: topic?.title ?? code.dotted, confidence: Confidence(confidences[rank]), evidence: evidence)
    }
    if let question = model.questions.evidence(between: standing.ranked) { candidates[0].evidence.append(question) }
    rulings.apply(to: &candidates) { model.topic($0)?.title }
    return Classification(
      candidates: Array(candidates.prefix(ClassificationModel.candidateCount)), isTooVague: false,
      modelVersion: model.version)
  }

  /// The best codes, how they share, how far the first is to be trusted, and why.
  private struct Standing {
    var ranked: [HSCode]
    var shares: [Double]
    var logOdds: Double
    var explanation: Explanation
  }

  private func standing(_ reading: CodeScorer.Reading, _ scores: [Float]) -> Standing {
    let count = ClassificationModel.candidateCount
    if let history = model.history {
      let answer = history.answer(reading.stream, base: reading, baseScores: scores)
      let codes = answer.view.ranked.prefix(count).map { history.nomenclature.codes[$0] }
      let confidence = min(max(history.confidence(answer), 1e-6), 1 - 1e-6)
      return Standing(
        ranked: codes, shares: Array(answer.view.shares.prefix(count)), logOdds: log(confidence / (1 - confidence)),
        explanation: Explanation(reading: answer.reading, scorer: history.scorer, ranked: codes))
    }
    let view = RankingView(reading, scores: scores, in: model.scorer.nomenclature)
    let codes = view.ranked.prefix(count).map { model.scorer.nomenclature.codes[$0] }
    return Standing(
      ranked: codes, shares: Array(view.shares.prefix(count)), logOdds: model.calibration.logOdds(view),
      explanation: Explanation(reading: reading, scorer: model.scorer, ranked: codes))
  }

  /// Whether any word tells codes apart. "Women", "accessories" and "gift" are known, and say nothing alone.
  private func saysSomething(_ reading: CodeScorer.Reading) -> Bool {
    reading.known.contains { item in
      item.kind == .word && !model.words.vague.contains(FeatureHash.word(reading.stream.text(at: Int(item.token))))
    }
  }

  /// The first is calibrated; the others share what is left as their scores do, less what belongs to codes not shown.
  private func confidences(_ standing: Standing, _ supplied: SuppliedCode) -> [Double] {
    let remark = supplied.logOdds(first: standing.ranked[0], isKnown: { model.knows($0) })
    let first = sigmoid(standing.logOdds + remark)
    let rest = max(1 - standing.shares[0], standing.shares.dropFirst().reduce(0, +), 1e-9)
    return [first] + standing.shares.dropFirst().map { min(first * 0.99, (1 - first) * 0.7 * $0 / rest) }
  }
}
