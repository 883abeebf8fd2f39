import ComplianceScreeningEngine
import Domain
import JSON
import Testing

/// What orders the queue.
struct RiskScoreTests {
  private static func score(
    _ effects: [Finding.Effect] = [], confidence: Double = 0.95, second: Double? = nil, vague: Bool = false,
    totals: [Int64?] = [90], dollars: Decimal? = 10, familiarity: Familiarity = .known, model: RiskModel? = nil
  ) -> RiskScore {
    var classification = Fixtures.classified("691200", confidence)
    classification.isTooVague = vague
    if let second {
      classification.candidates.append(
        Candidate(code: Fixtures.code("691110"), title: "", confidence: Confidence(second)))
    }
    let usd = Fixtures.money("1.00 USD").currency
    return RiskScore(
      findings: effects.map { Finding(ruleID: "r", ruleVersion: "1", effect: $0, summary: "") },
      duties: totals.map { total in
        DutyEstimate(
          code: Fixtures.code("691200"), customsValue: Money(minorUnits: 1000, currency: usd),
          total: total.map { Money(minorUnits: $0, currency: usd) }, regime: "r")
      }, classification: classification, dollars: dollars, familiarity: familiarity, model: model)
  }

  private static func points(_ score: RiskScore, _ name: Risk.Part.Name) -> Int {
    score.parts.first { $0.name == name }?.points ?? 0
  }

  @Test func `is what is at stake times how unsure it is, each the sum of its parts`() {
    let score = RiskScoreTests.score([.review, .review], confidence: 0.7, second: 0.6, dollars: 300)
    #expect(score.impact == score.parts.filter { $0.name.isImpact }.reduce(0) { $0 + $1.points })
    #expect(score.uncertainty == score.parts.filter { !$0.name.isImpact }.reduce(0) { $0 + $1.points })
    #expect(score.total == (score.impact * score.uncertainty + 50) / 100)
    #expect((0...100).contains(score.total))
  }

  @Test(arguments: [
    (Risk.Part.Name.penalties, RiskScoreTests.score([.prohibit]), RiskScoreTests.score([.review])),
    (.findings, RiskScoreTests.score([.review, .review]), RiskScoreTests.score([.review])),
    (.uncertainCode, RiskScoreTests.score(confidence: 0.6), RiskScoreTests.score(confidence: 0.9)),
    (
      .nearSecond, RiskScoreTests.score(confidence: 0.5, second: 0.45),
      RiskScoreTests.score(confidence: 0.5, second: 0.1)
    ),
    (.vague, RiskScoreTests.score(vague: true), RiskScoreTests.score()),
    (.dutyAtStake, RiskScoreTests.score(totals: [90, 900]), RiskScoreTests.score(totals: [90, 90])),
    (.dutyAtStake, RiskScoreTests.score(totals: [nil]), RiskScoreTests.score(totals: [90])),
    (.value, RiskScoreTests.score(dollars: 5000), RiskScoreTests.score(dollars: 40)),
    (.value, RiskScoreTests.score(dollars: nil), RiskScoreTests.score(dollars: 40)),
    (
      .newSupplier, RiskScoreTests.score(familiarity: Familiarity(isSupplierKnown: false, isMarketKnown: true)),
      RiskScoreTests.score()
    ),
    (
      .newMarket, RiskScoreTests.score(familiarity: Familiarity(isSupplierKnown: true, isMarketKnown: false)),
      RiskScoreTests.score()
    ),
  ]) func `rises with each thing that makes a case graver or less sure`(
    _ part: Risk.Part.Name, _ more: RiskScore, _ less: RiskScore
  ) {
    #expect(RiskScoreTests.points(more, part) > RiskScoreTests.points(less, part))
    #expect(more.impact * more.uncertainty > less.impact * less.uncertainty)
  }

  @Test func `what is informed of adds nothing`() {
    #expect(RiskScoreTests.score([.inform]) == RiskScoreTests.score())
  }

  @Test func `is stored with its parts by name`() throws {
    let screening = Fixtures.screen(Fixtures.product("Vape and flick knife"), "SG")
    let risk = try #require(screening.risk)
    #expect(risk.parts.contains { $0.name == .penalties && $0.points == 50 })
    #expect(screening.json["risk"]?["parts"]?["penalty exposure"]?.integerValue == 50)
    #expect(try Screening(json: .init(screening.json)) == screening)
    #expect(screening.riskScore > Fixtures.screen(Fixtures.product("Mug"), "SG", code: "691200").riskScore)
    #expect(screening.json["risk"]?.canonicalBytes.count ?? 0 < 400)
  }

  /// People overturn what came from a new supplier and approve the rest, with a little noise.
  private static func examples(_ count: Int) -> [RiskModel.Example] {
    var generator = SeededGenerator(seed: 4)
    return (0..<count).map { _ in
      let isNew = Bool.random(using: &generator)
      let isNoise = Int.random(in: 0..<10, using: &generator) == 0
      let score = score(
        Bool.random(using: &generator) ? [.review] : [.prohibit], confidence: .random(in: 0.5...1, using: &generator),
        familiarity: Familiarity(isSupplierKnown: !isNew, isMarketKnown: true))
      return RiskModel.Example(parts: score.parts, isOverturned: isNew != isNoise)
    }
  }

  @Test func `learns from decisions what they go by`() throws {
    let model = try #require(RiskModel.fit(RiskScoreTests.examples(600), version: 3))
    let stranger = Familiarity(isSupplierKnown: false, isMarketKnown: true)
    let (new, known) = (
      RiskScoreTests.score([.review], familiarity: stranger, model: model),
      RiskScoreTests.score([.review], model: model)
    )
    #expect((75...97).contains(new.uncertainty), "\(new.uncertainty)")
    #expect((3...25).contains(known.uncertainty), "\(known.uncertainty)")
    #expect(new.risk.model == 3)
    #expect(try RiskModel(json: JSONCursor(JSONParser.parse(model.json.canonicalBytes))) == model)
    #expect(RiskModel.fit(RiskScoreTests.examples(600), version: 3) == model, "the same decisions, the same weights")
  }

  @Test func `keeps to rules of thumb while decisions are few or all alike`() {
    #expect(RiskModel.fit(RiskScoreTests.examples(RiskModel.casesMin - 1), version: 1) == nil)
    let alike = RiskScoreTests.examples(400).map { RiskModel.Example(parts: $0.parts, isOverturned: false) }
    #expect(RiskModel.fit(alike, version: 1) == nil)
  }
}
