import Domain
import Testing

@testable import ClassifierEngine

/// How finely the confidence is said where nobody but the knowledge speaks.
struct ConfidenceStepsTests {
  private static let titles = [
    "Women lace push up bra", "ceramic coffee mug", "umbrella, pillow and hair dryer", "zqx 45 stand", "kabel data usb",
    "steel screws", "wax", "men's leather wallet", "adaptor ring", "stainless steel vacuum flask 500 ml",
  ]

  @Test func `the knowledge alone says its confidence in few steps`() {
    let said = Set(Self.titles.compactMap { SharedModel.classify($0).best?.confidence.probability })
    #expect(said.isSubset(of: [0.17, 0.35, 0.57, 0.8, 0.94]), "\(said)")
    #expect(said.count >= 3, "\(said)")
  }

  @Test(arguments: [(0, 0.17), (0.2499, 0.17), (0.25, 0.35), (0.6, 0.57), (0.7, 0.8), (0.9, 0.94), (1, 0.94)])
  func `a step begins at its bound`(probability: Double, said: Double) {
    #expect(ConfidenceSteps.said(probability) == said)
  }

  @Test func `what a seller's code or a precedent adds is weighed finely`() {
    var product = SharedModel.product("ceramic coffee mug")
    product.suppliedCode = HSCode("691200")
    let answer = SharedModel.model.classify(product, market: SharedModel.singapore)
    let confidence = answer.best?.confidence.probability ?? 0
    #expect(answer.best?.code.digits == "691200")
    #expect(confidence > 0.9 && ConfidenceSteps.said(confidence) != confidence)
  }

  @Test func `no candidate is surer than the one before it`() {
    for title in Self.titles {
      let confidences = SharedModel.classify(title).candidates.map(\.confidence)
      #expect(confidences == confidences.sorted(by: >), "\(title)")
    }
  }
}
