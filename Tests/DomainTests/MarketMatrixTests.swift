import Domain
import JSON
import Testing

@Suite("One product over its markets")
struct MarketMatrixTests {
  private static func row(_ market: String, candidate: String?, decided: String? = nil, id: UInt64 = 1)
    -> MarketMatrix.Row
  {
    let caseID = CaseID(UniqueID(high: 1, low: id))
    return MarketMatrix.Row(
      caseID: caseID, market: Market(market)!, state: .classified, lane: nil,
      candidate: candidate.map { Candidate(code: HSCode($0)!, title: "", confidence: Confidence(0.8)) },
      decision: decided.map {
        Decision(
          id: DecisionID(UniqueID(high: 2, low: id)), caseID: caseID, sequence: 1, kind: .overridden, code: HSCode($0)!,
          reason: "r", decidedBy: .person("p"), decidedAt: Instant(microseconds: 0))
      },
      screening: Screening(
        findings: [
          Finding(ruleID: "a", ruleVersion: "1", effect: .inform, summary: ""),
          Finding(ruleID: "b", ruleVersion: "1", effect: .review, summary: ""),
          Finding(ruleID: "c", ruleVersion: "1", effect: .prohibit, summary: ""),
        ],
        duties: [
          DutyEstimate(code: HSCode("850760")!, regime: "r"), DutyEstimate(code: HSCode("847130")!, regime: "s"),
        ],
        riskScore: 3, packVersion: "x"))
  }

  private static func matrix(_ rows: [MarketMatrix.Row]) -> MarketMatrix {
    MarketMatrix(sku: "A", title: "T", revision: 1, rows: rows)
  }

  @Test("differs where six digits do, by what was decided before what is likely, and not in national digits")
  func codesDiffer() {
    let sg = Self.row("SG", candidate: "850760")
    #expect(!Self.matrix([sg, Self.row("MY", candidate: "8507609000")]).codesDiffer)
    #expect(!Self.matrix([sg, Self.row("MY", candidate: "8507")]).codesDiffer, "what is shorter may still agree")
    #expect(!Self.matrix([sg, Self.row("MY", candidate: nil)]).codesDiffer)
    #expect(Self.matrix([sg, Self.row("MY", candidate: "847130")]).codesDiffer)
    #expect(Self.matrix([sg, Self.row("MY", candidate: "850760", decided: "847130")]).codesDiffer)
  }

  @Test("shows the markets in order, their restrictions gravest first and the duty of the code that holds")
  func rows() throws {
    let matrix = Self.matrix([
      Self.row("SG", candidate: "850760"), Self.row("MY", candidate: "850760", decided: "847130"),
    ])
    #expect(matrix.rows.map(\.market.code) == ["MY", "SG"])
    #expect(matrix.rows[0].restrictions.map(\.ruleID) == ["c", "b"])
    #expect(matrix.rows.map(\.duty?.regime) == ["s", "r"])
    #expect(matrix.codes.map(\.subheading) == ["847130", "850760"])
    #expect(matrix.json["codesDiffer"]?.boolValue == true)
    #expect(matrix.json["markets"]?.arrayValue?.first?["code"]?.stringValue == "847130")
  }
}
