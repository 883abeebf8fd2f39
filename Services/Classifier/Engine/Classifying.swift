import Domain
import Glibc

/// One classification under way: score, rank, weigh the precedents, explain.
struct Classifying {
  let model: ClassificationModel
  let product: Product
  let market: Market
  let precedents: PrecedentIndex?

  func classification() -> Classification {
    let reading = model.scorer.read(TokenStream(product).withoutQuestion(model.words))
    let matches = precedents?.matches(product, market: market) ?? PrecedentIndex.Matches()
    let settled = PrecedentReading(matches.same, .same)
    let isKnown = settled.accepted != nil || (matches.similar.first?.likeness ?? 0) >= 0.7
    let saysSomething = saysSomething(reading)
    let isTooVague = model.history == nil && !saysSomething && !isKnown
    let supplied = SuppliedCode(product.suppliedCode, editions: model.editions)
    guard !isTooVague, !model.topics.isEmpty else {
      return Classification(
        candidates: [], isTooVague: true, modelVersion: model.version, supplied: supplied.conversion)
    }
    let rules = Rules(reading.stream, materials: product.materials)
    let stated = model.scores(reading, rules)
    var scores = stated
    supplied.add(to: &scores, codes: model.scorer.nomenclature.codes)
    let standing = standing(reading, scores, stated: stated)
    let remark = supplied.logOdds(first: standing.ranked[0], isKnown: { model.knows($0) })
    let isAlone = model.history == nil && remark == 0 && matches.isEmpty
    let first = sigmoid(standing.claims[.code] + remark)
    let confidences = confidences(standing, first: isAlone ? ConfidenceSteps.said(first) : first)
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
    if let line = standing.nearest { candidates.name(line) }
    heed(matches, settled, most: saysSomething ? 1 : Classifying.vagueMost, &candidates)
    candidates.keep(ClassificationModel.candidateCount)
    candidates[0].evidence += questions(candidates) + supplied.questions
    return Classification(
      candidates: candidates, isTooVague: false, modelVersion: model.version,
      certainty: candidates.first.map { certainty(of: $0, standing, calibrated: confidences[0]) },
      supplied: supplied.conversion)
  }

  /// What to ask to tell the first two apart. Where the knowledge knows no question, their titles are the answers.
  private func questions(_ candidates: [Candidate]) -> [ClassificationEvidence] {
    let set = GoodsSet(product, scorer: model.scorer)?.evidence(first: candidates[0].code, title: candidates[0].title)
    let authored = model.questions.evidence(between: candidates.map(\.code)).map { [$0] } ?? []
    let asked = authored + (set ?? [])
    if asked.contains(where: { $0.kind == .question }) { return asked }
    return asked + Questions.byTitles(candidates)
  }

  /// Of a text that says nothing by itself: other goods may be called the same.
  private static let vagueMost = 0.85

  /// What was decided about the same product settles it, about a variant nearly so; about similar ones it is a voice.
  private func heed(
    _ matches: PrecedentIndex.Matches, _ settled: PrecedentReading, most: Double, _ candidates: inout [Candidate]
  ) {
    func title(_ code: HSCode) -> String? { model.topic(code)?.title }
    let variant = PrecedentReading(matches.variants, .variant)
    if let accepted = settled.accepted ?? variant.accepted {
      if settled.accepted == nil { variant.apply(to: &candidates, most: most, title: title) }
      settled.apply(to: &candidates, most: most, title: title)
      cite(matches.similar.map(\.precedent).filter { $0.isRuling(beside: accepted) }, &candidates, title)
    } else {
      LikenessVote(toldApart(matches.similar.filter { !model.learnt.contains($0.precedent.id) })).apply(
        to: &candidates, market: market, title: title)
      settled.apply(to: &candidates, most: most, title: title)
    }
  }

  /// Goods that the knowledge tells apart, or that state other materials, are less alike than their words.
  private func toldApart(
    _ similar: [(precedent: Precedent, likeness: Float)]
  ) -> [(precedent: Precedent, likeness: Float)] {
    guard similar.contains(where: { $0.likeness > Classifying.likenessToCheck }) else { return similar }
    let own = Kind(ProductDescription(product).product(market: market), model)
    return similar.map { precedent, likeness in
      guard likeness > Classifying.likenessToCheck,
        Kind(precedent.description.product(market: market), model).isApart(from: own)
      else { return (precedent, likeness) }
      return (precedent, Classifying.likenessToldApart)
    }
  }

  /// What the knowledge makes of a description without any precedent.
  private struct Kind {
    /// The place of the code that comes first; nil where the words say nothing.
    let code: Int?
    let materials: MaterialRule.Family

    init(_ product: Product, _ model: ClassificationModel) {
      let stream = TokenStream(product)
      let reading = model.scorer.read(stream)
      let scores = model.scores(reading, Rules(stream, materials: product.materials))
      code = reading.known.isEmpty ? nil : scores.places(ofLargest: 1).first
      materials = stream.tokens.indices.reduce(into: []) { $0.formUnion(MaterialRule.family(at: $1, in: stream)) }
    }

    func isApart(from other: Kind) -> Bool {
      code != other.code || !materials.isEmpty && !other.materials.isEmpty && materials != other.materials
    }
  }

  /// What is less alike never makes a code sure enough to clear.
  private static let likenessToCheck: Float = 0.8
  private static let likenessToldApart: Float = 0.7

  /// What authorities elsewhere ruled on goods like these is told beside what settles them here.
  private func cite(_ rulings: [Precedent], _ candidates: inout [Candidate], _ title: (HSCode) -> String?) {
    guard let best = candidates.first else { return }
    let rest = Confidence(1 - best.confidence.probability)
    for ruling in rulings where !candidates.contains(where: { $0.cites(ruling) }) {
      if !candidates.contains(where: { $0.code.subheading == ruling.code.subheading }) {
        candidates.append(
          Candidate(code: ruling.code, title: title(ruling.code) ?? ruling.description.title, confidence: rest))
      }
      guard let place = candidates.firstIndex(where: { $0.code.subheading == ruling.code.subheading }) else { continue }
      let after = candidates[place].evidence.prefix { $0.kind == .precedent || $0.kind == .ruling }.count
      candidates[place].evidence.insert(ruling.evidence("A similar product"), at: after)
      candidates[place].confidence = max(candidates[place].confidence, rest)
    }
    candidates[1...].sort { ($0.confidence, $1.code) > ($1.confidence, $0.code) }
  }

  /// The best codes, how they share, how far the first is to be trusted, and why.
  private struct Standing {
    var ranked: [HSCode]
    var shares: [Double]
    var claims: Claims
    var explanation: Explanation
    /// The line of the history that is nearest.
    var nearest: LabelledListing?
  }

  private func standing(_ reading: CodeScorer.Reading, _ scores: [Float], stated: [Float]) -> Standing {
    let count = ClassificationModel.candidateCount
    if let history = model.history {
      let answer = history.answer(reading.stream, known: scores)
      let codes = Array(answer.ranked.prefix(count))
      return Standing(
        ranked: codes, shares: Array(answer.view.shares.prefix(count)), claims: history.claims(answer),
        explanation: Explanation(reading: answer.reading, scorer: history.reader.scorer, ranked: codes),
        nearest: history.nearest(answer))
    }
    let view = RankingView(reading, scores: scores, stated: stated, in: model.scorer.nomenclature)
    let codes = view.ranked.prefix(count).map { model.scorer.nomenclature.codes[$0] }
    let explanation = Explanation(reading: reading, scorer: model.scorer, ranked: codes)
    let tokens = product.titles.count > 1 ? TokenStream(product.titles[0].text).tokens.count : .max
    let goods = NamedGoods(explanation, words: model.words, tokens: tokens)
    return Standing(
      ranked: codes, shares: Array(view.shares.prefix(count)), claims: model.calibration.claims(view, goods),
      explanation: explanation)
  }

  /// Whether any word tells codes apart. "Women", "accessories" and "gift" are known, and say nothing alone.
  private func saysSomething(_ reading: CodeScorer.Reading) -> Bool {
    reading.known.contains { item in
      item.kind == .word && !model.words.roles(of: reading.stream.hash(at: Int(item.token))).contains(.vague)
    }
  }

  /// The first is calibrated; the others share what is left as their scores do, less what belongs to codes not shown.
  private func confidences(_ standing: Standing, first: Double) -> [Double] {
    let rest = max(1 - standing.shares[0], standing.shares.dropFirst().reduce(0, +), 1e-9)
    return [first] + standing.shares.dropFirst().map { min(first * 0.99, (1 - first) * 0.7 * $0 / rest) }
  }

  /// What holds of a code holds of its heading, and a wider set is never less likely than a narrower one.
  private func certainty(of best: Candidate, _ standing: Standing, calibrated: Double) -> Certainty {
    let code = best.confidence.probability
    let isCalibrated =
      best.code.subheading == standing.ranked[0].subheading && code == Confidence(calibrated).probability
    func among(_ claims: [Claim], said: (Double) -> Double = { $0 }) -> [Confidence] {
      var least = code
      return claims.map { claim in
        if isCalibrated { least = max(least, said(standing.claims.probability(claim))) }
        return Confidence(least)
      }
    }
    let places = among([.heading, .chapter], said: model.history == nil ? ConfidenceSteps.said : { $0 })
    let sets = among([.amongTwo, .amongThree, .amongFive])
    return Certainty(
      chapter: places[1], heading: places[0], amongTwo: sets[0], amongThree: sets[1], amongFive: sets[2],
      errorBound: isCalibrated ? bound(best, standing).map { Confidence($0) } : Confidence(1 - code))
  }

  /// What the code that a seller supplied adds was not held back, and proves nothing.
  private func bound(_ best: Candidate, _ standing: Standing) -> Double? {
    model.history?.fit.bounds.bound(
      confidence: min(best.confidence.probability, standing.claims.probability(.code)), chapter: best.code.chapter)
  }
}

extension [Candidate] {
  /// The first, and among them what an authority ruled, however unlikely it is: whoever decides must know it.
  fileprivate mutating func keep(_ count: Int) {
    let ruled = dropFirst(count).filter { $0.evidence.contains { $0.kind == .ruling } }.prefix(2)
    self = Array(prefix(count - ruled.count)) + ruled
  }

  /// The line of the history that looks most like the product stands with the code it has.
  fileprivate mutating func name(_ line: LabelledListing) {
    guard let place = firstIndex(where: { $0.code.subheading == line.code.subheading }) else { return }
    let title = line.product.titles.first?.text ?? ""
    self[place].evidence.append(
      ClassificationEvidence(kind: .precedent, text: "The history has it with this code: \(title)"))
  }
}

extension Precedent {
  /// Whether it has to be told though another settles the product: what a person decided later was decided knowing it.
  fileprivate func isRuling(beside accepted: Precedent) -> Bool {
    source == .ruling && (accepted.source != .decision || decidedAt > accepted.decidedAt)
  }
}

extension Candidate {
  fileprivate func cites(_ precedent: Precedent) -> Bool {
    evidence.contains { $0.reference == precedent.id.description }
  }
}
