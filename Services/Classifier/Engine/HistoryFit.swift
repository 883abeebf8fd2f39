import Domain

/// What was found on parts of a history held back: how much nearness and knowledge count beside it, how far its answers
/// are to be trusted, and which error they are proven to stay within.
struct HistoryFit: Sendable {
  let blend: HistoryReader.Blend
  let claims: ClaimModel
  let bounds: ErrorBounds

  private static let blends = [Float(1.5), 4].flatMap { near in
    [Float(0), 0.15, 0.3, 0.6, 1.2, 2.4].map { HistoryReader.Blend(nearness: near, knowledge: $0) }
  }
  private static let foldCount = 10
  /// Lines held back beyond these add little but time.
  private static let heldBackMost = 4000

  /// A line held back, and what each blend answered.
  private struct Answered {
    var code: HSCode
    var trials: [Trial]
    var chapters: [String]
  }

  init(_ history: HistoryLines, base: ClassificationModel) {
    let answered = HistoryFit.answers(history, base: base)
    let right = HistoryFit.blends.indices.map { blend in answered.count { $0.trials[blend].isRight } }
    let best = right.indices.max { (right[$0], $1) < (right[$1], $0) }!
    let trials = answered.map { $0.trials[best] }
    let claims = ClaimModel(fitting: trials, width: HistoryReader.inputCount)
    blend = HistoryFit.blends[best]
    self.claims = claims
    bounds = ErrorBounds(
      zip(trials, answered).map { trial, answer in
        .init(
          confidence: claims.claims(trial.inputs).probability(.code), isRight: trial.isRight,
          chapter: answer.chapters[best])
      })
  }

  private static func answers(_ history: HistoryLines, base: ClassificationModel) -> [Answered] {
    var answered: [Answered] = []
    for fold in 0..<foldCount where answered.count < heldBackMost {
      let kept = history.listings.indices.filter { history.fold($0, of: foldCount) != fold }
      guard !kept.isEmpty else { continue }
      let reader = HistoryReader(history.scorer(kept), base: base)
      for line in history.listings.indices where history.fold(line, of: foldCount) == fold {
        answered.append(answer(history, line, reader: reader, base: base))
      }
    }
    return answered
  }

  private static func answer(
    _ history: HistoryLines, _ line: Int, reader: HistoryReader, base: ClassificationModel
  ) -> Answered {
    let product = history.listings[line].product
    let stream = TokenStream(product)
    let own = reader.scorer.read(stream)
    let known = base.scores(base.scorer.read(stream), Rules(stream, materials: product.materials))
    let answers = blends.map { reader.answer(own, known: known, blend: $0) }
    let code = history.codes[line]
    return Answered(
      code: code,
      trials: answers.map { Trial(inputs: $0.inputs, ranked: $0.ranked, truth: code, weight: 1) },
      chapters: answers.map { $0.ranked[0].chapter })
  }
}
