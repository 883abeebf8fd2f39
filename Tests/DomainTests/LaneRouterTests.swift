import Domain
import JSON
import Testing

@Suite("The lane of a case")
struct LaneRouterTests {
  private static let market = Market("SG")!
  private static let router = LaneRouter(policy: .starterWithoutNovelty, policyVersion: 7)

  private static func product() -> Product {
    var product = Product(
      sku: "A", titles: [LocalizedText("Cotton shirt", language: "en")], markets: [market])
    product.origin = CountryCode("CN")
    product.unitValue = Money(minorUnits: 650, currency: .usd)
    return product
  }

  private static func classification(_ millionths: Int32, code: String = "610910", isTooVague: Bool = false)
    -> Classification
  {
    Classification(
      candidates: [Candidate(code: HSCode(code)!, title: "T-shirts", confidence: Confidence(millionths: millionths))],
      isTooVague: isTooVague, modelVersion: "m1")
  }

  private static let estimate = DutyEstimate(
    code: HSCode("610910")!, customsValue: Money(minorUnits: 650, currency: .usd),
    duty: Money(minorUnits: 0, currency: .usd), total: Money(minorUnits: 58, currency: .usd), regime: "ordinary")

  private static func screening(
    _ effects: [Finding.Effect] = [], pack: String = "SG-1", duties: [DutyEstimate] = [estimate]
  ) -> Screening {
    Screening(
      findings: effects.map {
        Finding(ruleID: "r", ruleVersion: "1", effect: $0, summary: "Something.", roles: [.compliance])
      }, duties: duties, riskScore: 10, packVersion: pack)
  }

  @Test("is automatic when nothing speaks against it, and says why")
  func clear() {
    let routing = Self.router.route(
      Self.product(), in: Self.market, Self.classification(950_000), Self.screening([.inform]))
    #expect(routing.lane == .auto)
    #expect(routing.reasons.map(\.kind) == [.clear])
    #expect(routing.roles.isEmpty)
    #expect(routing.policyVersion == 7)
  }

  @Test("leaves the automatic lane one step below the threshold, and is manual one step below the other")
  func thresholds() {
    func lane(_ millionths: Int32) -> Lane {
      Self.router.route(Self.product(), in: Self.market, Self.classification(millionths), Self.screening()).lane
    }
    #expect(lane(900_000) == .auto)
    #expect(lane(899_999) == .exception)
    #expect(lane(500_000) == .exception)
    #expect(lane(499_999) == .manual)
  }

  @Test("clears within an error budget only what is proven to keep it, and says when nothing proves it")
  func errorBudget() {
    var policy = Policy.starter
    policy.triggers = []
    policy.defaults.errorBudget = Confidence(0.02)
    let router = LaneRouter(policy: policy, policyVersion: 7)
    func routing(_ bound: Double?) -> Routing {
      var classification = Self.classification(950_000)
      let sure = Confidence(0.97)
      classification.certainty = Certainty(
        chapter: sure, heading: sure, amongTwo: sure, amongThree: sure, amongFive: sure,
        errorBound: bound.map { Confidence($0) })
      return router.route(Self.product(), in: Self.market, classification, Self.screening())
    }
    #expect(routing(0.02).lane == .auto)
    #expect(routing(0.021).lane == .exception)
    #expect(
      routing(0.031).reasons.map(\.text) == [
        "Of answers as sure as this up to 0.031 are wrong, above the error budget of 0.020."
      ])
    #expect(routing(nil).lane == .exception)
    #expect(routing(nil).reasons.first?.text.hasPrefix("Too few decisions prove") == true)
  }

  @Test("names every reason and every role, not the first alone")
  func allReasons() {
    var product = Self.product()
    product.origin = nil
    let routing = Self.router.route(
      product, in: Self.market, Self.classification(600_000, code: "930200"), Self.screening([.review, .prohibit]))
    #expect(
      Set(routing.reasons.map(\.kind)) == [.belowAutoClear, .finding, .trigger, .missingField])
    #expect(routing.roles == [.broker, .compliance, .complianceLead])
  }

  @Test("names the gravest reason first")
  func gravestFirst() {
    var screening = Self.screening([.review, .prohibit])
    screening.findings[1].summary = "It is banned."
    let routing = Self.router.route(Self.product(), in: Self.market, Self.classification(600_000), screening)
    #expect(routing.reasons.map(\.kind) == [.finding, .finding, .belowAutoClear])
    #expect(routing.reasons.first?.text == "It is banned.")
  }

  @Test("looks at every suggested code for a trigger, not the best alone")
  func triggersOnSuggestions() {
    var classification = Self.classification(950_000)
    classification.candidates.append(
      Candidate(code: HSCode("930690")!, title: "Ammunition", confidence: Confidence(millionths: 30_000)))
    let routing = Self.router.route(Self.product(), in: Self.market, classification, Self.screening())
    #expect(routing.lane == .exception)
    #expect(routing.reasons.map(\.kind) == [.trigger])
  }

  @Test(
    "is never automatic with a blocking finding, a missing pack, a missing field, a vague text or too little confidence"
  )
  func nothingBypassesAControl() {
    var random = SeededRandom(8)
    var cleared = 0
    for _ in 0..<20_000 {
      var product = Self.product()
      if Bool.random(using: &random) { product.origin = nil }
      if Bool.random(using: &random) { product.unitValue = nil }
      let effects = (0..<Int.random(in: 0...2, using: &random)).map { _ in
        Finding.Effect.allCases.randomElement(using: &random) ?? .prohibit
      }
      let hasPack = Bool.random(using: &random)
      let millionths = Int32.random(in: 0...1_000_000, using: &random)
      let isTooVague = Int.random(in: 0...3, using: &random) == 0
      var classification = Self.classification(millionths, isTooVague: isTooVague)
      if Int.random(in: 0...4, using: &random) == 0 { classification.candidates = [] }
      let auto = Confidence(millionths: Int32.random(in: 0...1_000_000, using: &random))
      let policy = Policy(
        name: "p",
        defaults: .init(
          autoClearAt: auto, suggestAt: Confidence(millionths: auto.millionths / 2),
          requiredFields: ["origin", "unitValue"]))
      let routing = LaneRouter(policy: policy, policyVersion: 1)
        .route(product, in: Self.market, classification, Self.screening(effects, pack: hasPack ? "SG-1" : ""))
      let mayClear =
        product.origin != nil && product.unitValue != nil && effects.allSatisfy { $0 == .inform } && hasPack
        && !isTooVague
        && !classification.candidates.isEmpty && millionths >= auto.millionths
      guard (routing.lane == .auto) == mayClear, !routing.reasons.isEmpty,
        routing.lane == .auto || !routing.roles.isEmpty
      else {
        Issue.record(
          "lane \(routing.lane) for \(effects), pack \(hasPack), vague \(isTooVague), \(millionths) of \(auto)")
        return
      }
      cleared += routing.lane == .auto ? 1 : 0
    }
    #expect(cleared > 100, "the property must meet cases that clear")
  }

  @Test("requires what the market's settings require, a name of no field included")
  func unknownRequiredField() {
    var policy = Policy.starterWithoutNovelty
    policy.defaults.requiredFields = ["colour"]
    let routing = LaneRouter(policy: policy, policyVersion: 1)
      .route(Self.product(), in: Self.market, Self.classification(950_000), Self.screening())
    #expect(routing.lane == .exception)
  }

  @Test("is not automatic while duty is not known, unless the policy only tells it")
  func unknownDuty() {
    var policy = Policy.starter
    policy.triggers = []
    func routing(_ duties: [DutyEstimate]) -> Routing {
      LaneRouter(policy: policy, policyVersion: 1).route(
        Self.product(), in: Self.market, Self.classification(950_000), Self.screening(duties: duties))
    }
    var unknown = Self.estimate
    unknown.total = nil
    #expect(routing([]).reasons.map(\.kind) == [.dutyUnknown])
    #expect(routing([unknown]).lane == .exception)
    #expect(routing([unknown]).roles == [.finance])
    policy.duty.holdsUnknown = false
    #expect(routing([unknown]).lane == .auto)
  }

  @Test("is not automatic where the market has no pack, by either name of none")
  func noPack() {
    for pack in ["", Screening.noPack] {
      let routing = Self.router.route(
        Self.product(), in: Self.market, Self.classification(950_000), Self.screening(pack: pack))
      #expect(routing.reasons.map(\.kind) == [.screeningIncomplete])
    }
  }

  @Test("asks for two people where a trigger that fires says so, and says why")
  func twoPeople() throws {
    var policy = Policy.starter
    policy.triggers = [
      Trigger(
        id: "new", isNewSupplier: true, requiresTwoPeople: true, reason: "The first product of a new supplier.",
        roles: [.broker, .legal])
    ]
    let router = LaneRouter(policy: policy, policyVersion: 1)
    func route(_ familiarity: Familiarity) -> Routing {
      router.route(
        Self.product(), in: Self.market, Self.classification(950_000), Self.screening(), familiarity: familiarity)
    }
    let routing = route(.unknown)
    #expect(routing.requiresTwoPeople)
    #expect(routing.lane == .exception)
    #expect(routing.roles == [.broker, .legal])
    #expect(routing.reasons.last == .init(.fourEyes, "Two people must agree: The first product of a new supplier."))
    #expect(try Routing(json: .init(routing.json)) == routing)
    #expect(route(.known).lane == .auto)
    #expect(!route(.known).requiresTwoPeople)
  }

  @Test("reaches finance, logistics and legal by what the policy says")
  func roles() {
    let screening = Screening(
      findings: ["SG-battery-over-100wh", "SG-counterfeit-wording"].map {
        Finding(ruleID: $0, ruleVersion: "1", effect: .review, summary: "", roles: [.compliance])
      }, duties: [], riskScore: 1, packVersion: "SG-1")
    let routing = Self.router.route(Self.product(), in: Self.market, Self.classification(950_000), screening)
    #expect(routing.roles == [.compliance, .finance, .legal, .logistics])
  }

  @Test("is replayed from what is stored")
  func codable() throws {
    let routing = Self.router.route(
      Self.product(), in: Self.market, Self.classification(600_000), Self.screening([.review]))
    #expect(try Routing(json: .init(routing.json)) == routing)
  }
}
