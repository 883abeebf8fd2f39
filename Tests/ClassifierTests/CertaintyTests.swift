import Domain
import Testing

@testable import ClassifierEngine

/// What is promised beside the first code, on texts that neither the model nor its calibration has read.
struct CertaintyTests {
  /// Trials of half the codes, and claims fitted on those of the other half.
  private static let (unseen, model): ([Trial], ClaimModel) = {
    do {
      let whole = try SharedModel.knowledge(ofChapters: ["33", "42", "61", "69", "85", "95"])
      let trials = Calibration.trials(whole)
      let isUnseen = trials.indices.map { $0 / 100 % 2 == 0 }
      func part(_ wanted: Bool) -> [Trial] { trials.indices.filter { isUnseen[$0] == wanted }.map { trials[$0] } }
      return (part(true), ClaimModel(fitting: part(false), width: Calibration.inputNames.count))
    } catch { fatalError("\(error)") }
  }()

  @Test(arguments: Claim.allCases)
  func `each claim holds as often as it says`(claim: Claim) {
    var error = 0.0
    let promises = CertaintyTests.unseen.map {
      (CertaintyTests.model.claims($0.inputs).probability(claim), claim.holds($0))
    }
    for bin in 0..<10 {
      let inside = promises.filter { min(9, Int($0.0 * 10)) == bin }
      error += abs(inside.reduce(0) { $0 + $1.0 } - Double(inside.count { $0.1 }))
    }
    #expect(error / Double(promises.count) < 0.04)
  }

  @Test(arguments: [Claim.amongTwo, .amongThree, .amongFive])
  func `a set named as sure holds the code as often`(claim: Claim) {
    let named = CertaintyTests.unseen.filter { CertaintyTests.model.claims($0.inputs).probability(claim) >= 0.8 }
    #expect(named.count >= 50)
    #expect(Double(named.count { claim.holds($0) }) >= 0.8 * Double(named.count))
  }

  @Test func `what a supplied code adds is not taken for what the words say`() throws {
    let model = SharedModel.model
    let reading = model.scorer.read(TokenStream("ceramic coffee mug"))
    let alone = RankingView(reading, scores: reading.scores, in: model.scorer.nomenclature)
    var supplied = reading.scores
    supplied[alone.ranked[0]] += 2
    let both = RankingView(reading, scores: supplied, stated: reading.scores, in: model.scorer.nomenclature)
    #expect(both.belief == alone.belief)
    #expect(both.shares[0] > alone.shares[0])
  }

  @Test func `wider claims are never less likely than narrower ones`() throws {
    for title in ["Ceramic coffee mug", "case for phone", "cotton t-shirt women", "gift"] {
      let answer = SharedModel.classify(title)
      guard let best = answer.best else { continue }
      let certainty = try #require(answer.certainty)
      #expect(best.confidence <= certainty.heading && certainty.heading <= certainty.chapter)
      #expect(best.confidence <= certainty.amongTwo && certainty.amongTwo <= certainty.amongThree)
      #expect(certainty.amongThree <= certainty.amongFive)
      #expect(certainty.errorBound == nil, "knowledge alone proves no error")
    }
  }

  @Test func `the smallest set is the first that is sure enough`() {
    let certainty = Certainty(
      chapter: Confidence(0.99), heading: Confidence(0.97), amongTwo: Confidence(0.9), amongThree: Confidence(0.96),
      amongFive: Confidence(0.98))
    #expect(certainty.smallestSet(with: Confidence(0.95), first: Confidence(0.8)) == 3)
    #expect(certainty.smallestSet(with: Confidence(0.95), first: Confidence(0.95)) == 1)
    #expect(certainty.smallestSet(with: Confidence(0.99), first: Confidence(0.8)) == nil)
  }
}
