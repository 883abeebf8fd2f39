import Domain
import Testing

@testable import ComplianceScreeningEngine

struct CitedRulingsTests {
  private func candidate(_ code: String, _ ruling: String?) -> Candidate {
    let evidence = ruling.map { ClassificationEvidence(kind: .ruling, text: $0) }
    return Candidate(
      code: HSCode(code)!, title: code, confidence: Confidence(0.4), evidence: evidence.map { [$0] } ?? [])
  }

  private func finding(_ candidates: [Candidate]) -> Finding? {
    CitedRulings.finding(Classification(candidates: candidates, isTooVague: false, modelVersion: "test"))
  }

  @Test func `rulings on goods alike that differ hold the case, with what each says`() throws {
    let found = try #require(finding([candidate("940389", "A ruled so"), candidate("442199", "B ruled so")]))
    #expect(found.effect == .review)
    #expect(found.summary == "Authorities have ruled differently on goods like these: 9403.89 and 4421.99.")
    #expect(found.roles == [.complianceLead])
  }

  @Test func `rulings that agree, or one alone, hold nothing`() {
    #expect(finding([candidate("940389", "A ruled so"), candidate("94038910", "B ruled so")]) == nil)
    #expect(finding([candidate("940389", "A ruled so"), candidate("442199", nil)]) == nil)
  }
}
