import Domain
import Glibc

/// One classification under way.
struct Classifying {
  let model: ClassificationModel
  let product: Product
  let market: Market
  let precedents: [Precedent]

  func classification() -> Classification {
    let stream = TokenStream(product)
    let features = FeatureList(stream, words: model.words)
    let known = model.linear.known(features.features)
    let scores = model.linear.scores(known)
    let view = RankingView(
      known: known, tokenWeights: features.tokenWeights, scores: scores, model: model.linear)
    let probability = model.calibration.probability(view)
    let ranked = scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }.prefix(
      ClassificationModel.candidateCount)
    let candidates = ranked.enumerated().map { rank, topic in
      Candidate(
        code: model.topics[topic].code, title: model.topics[topic].title,
        confidence: Confidence(rank == 0 ? probability : probability / 10))
    }
    return Classification(candidates: candidates, isTooVague: false, modelVersion: model.version)
  }
}
