import Domain
import Testing

@testable import OperatorCommands

@Suite struct CaseFileTextTests {
  @Test func `of a candidate's evidence only words are cut short`() {
    let words = (1...6).map { ClassificationEvidence(kind: .wordFor, text: "word \($0)") }
    let rest = [ClassificationEvidence.Kind.note, .rule, .question, .secondOpinion, .precedent].map {
      ClassificationEvidence(kind: $0, text: $0.rawValue)
    }
    #expect((words + rest).withFewWords.map(\.text) == words.prefix(4).map(\.text) + rest.map(\.text))
  }

  @Test func `an answer says how far its heading and a set of its codes can be relied on`() throws {
    let candidate = Candidate(code: try #require(HSCode("691200")), title: "Mug", confidence: Confidence(0.6))
    func said(_ three: Double) -> String? {
      let certainty = Certainty(
        chapter: Confidence(0.97), heading: Confidence(0.8), amongTwo: Confidence(0.7), amongThree: Confidence(three),
        amongFive: Confidence(0.98))
      return Classification(candidates: [candidate], isTooVague: false, modelVersion: "m", certainty: certainty)
        .sureness
    }
    #expect(said(0.96) == "Heading 6912 with 80.0 %, chapter 69 with 97.0 %; one of the first three with 96.0 %.")
    #expect(said(0.9)?.hasSuffix("one of these with 98.0 %.") == true)
  }
}
