import ComplianceScreeningEngine
import Domain
import Testing

/// The promise of the whole decision: screening and router together clear no case that anything speaks against, whatever
/// else is true of it.
struct NothingClearsTests {
  private struct Scene {
    var product = Fixtures.product("Mug")
    var market = "SG"
    var classification = Fixtures.classified("691200", 0.97)
    var policy = Policy(
      name: "p",
      defaults: .init(
        autoClearAt: Confidence(0.9), suggestAt: Confidence(0.5), requiredFields: ["origin", "unitValue"]),
      triggers: [Trigger(id: "new", isNewSupplier: true, reason: "New.", roles: [.legal])])
    var familiarity = Familiarity.known
    var ownLists: PartyScreen?
    var requiredLists = RequiredLists.named([])
    var elsewhere: [ChosenCode] = []
    var ownRules: OwnRuleBook?
    var history: DutyHistory?
    var date = Fixtures.today

    var outcome: (screening: Screening, routing: Routing) {
      let screening = Fixtures.screener.screen(
        product, market: Fixtures.market(market), classification: classification, on: date, ownLists: ownLists,
        duty: policy.duty, history: history, ownRules: ownRules, elsewhere: elsewhere, familiarity: familiarity,
        requiredLists: requiredLists)
      let routing = LaneRouter(policy: policy, policyVersion: 1)
        .route(product, in: Fixtures.market(market), classification, screening, familiarity: familiarity)
      return (screening, routing)
    }
  }

  /// Each of them alone keeps a case from clearing.
  private enum Obstacle: CaseIterable {
    case vague, noCandidate, unsure, noPack, overduePack, staleList, unknownDuty, noOrigin, noValue, embargo
    case deniedSupplier, deniedManufacturer, deniedBrand, prohibitedWord, battery, otherCode, newSupplier, newMarket
    case implausibleWeight, implausibleValue, noAuthoritysList, missingList, supplierInRegion, codesDiffer, ownRule
    case unusualDuty, wantedField

    func put(in scene: inout Scene) {
      switch self {
      case .vague: scene.classification.isTooVague = true
      case .noCandidate: scene.classification.candidates = []
      case .unsure:
        scene.classification.candidates = scene.classification.candidates.map {
          Candidate(code: $0.code, title: $0.title, confidence: Confidence(0.7))
        }
      case .noPack: scene.market = "JP"
      case .overduePack: scene.date = Fixtures.date("2028-01-01")
      case .staleList: scene.ownLists = NothingClearsTests.staleList
      case .unknownDuty:
        // Dear enough that the low-value regime does not take the rate's place.
        scene.market = scene.market == "JP" ? "JP" : "MY"
        scene.product.unitValue = Fixtures.money("900.00 USD")
        scene.classification.candidates = scene.classification.candidates.map {
          Candidate(code: Fixtures.code("392690"), title: "", confidence: $0.confidence)
        }
      case .noOrigin: scene.product.origin = nil
      case .noValue: scene.product.unitValue = nil
      case .embargo: scene.product.origin = Fixtures.country("KP")
      case .deniedSupplier: scene.product.supplier = Party(name: "Zarvanian Obsidian Trading Co.")
      case .deniedManufacturer: scene.product.manufacturer = Party(name: "ZARVANIAN OBSIDIAN TRADING COMPANY LTD")
      case .deniedBrand: scene.product.brand = "Zarvanian Obsidian Trading"
      case .supplierInRegion:
        scene.product.manufacturer = Party(name: "Works", country: CountryCode("UA"), address: "Sevastopol")
      case .noAuthoritysList:
        // Beside a list that is missing by name this one would take its place.
        if scene.requiredLists == .named([]) { scene.requiredLists = .anyPublished }
      case .missingList: scene.requiredLists = .named(["un-consolidated"])
      case .codesDiffer:
        scene.elsewhere = [ChosenCode(market: Fixtures.market("BN"), code: Fixtures.code("010121"), isDecided: true)]
      case .ownRule: scene.ownRules = NothingClearsTests.ownRules
      case .unusualDuty: scene.history = DutyHistory(partsPerMillion: Array(repeating: 5_000_000, count: 6))
      case .wantedField: scene.policy.defaults.requiredFields.append("intendedUse")
      case .newMarket:
        scene.policy.triggers.append(Trigger(id: "market", isNewMarket: true, reason: "New."))
        scene.familiarity.isMarketKnown = false
      case .implausibleValue:
        scene.product.unitValue = scene.product.unitValue.map { _ in Fixtures.money("90000.00 USD") }
      case .prohibitedWord: scene.product.descriptions.append(LocalizedText("with a flick knife and a vape"))
      case .battery: scene.product.attributes.append(Attribute("Battery", "40,000mAh power bank lithium, 148 Wh"))
      case .otherCode: scene.product.suppliedCode = Fixtures.code("870899")
      case .newSupplier: scene.familiarity.isSupplierKnown = false
      case .implausibleWeight: scene.product.netWeightGrams = 900_000
      }
    }
  }

  private static let ownRules = OwnRuleBook(
    OwnRules(
      name: "own",
      rules: [
        ScreeningRule(
          id: "mugs", version: "1", effect: .review, match: [RuleTest(words: ["mug"])],
          summary: "We look at mugs.", source: RuleSource(authority: "Us", instrument: "House rules"), roles: [.legal])
      ]), version: 1)

  private static let staleList = PartyScreen(lists: [
    PartyList(
      id: "own", version: "1",
      source: RuleSource(authority: "A", instrument: "I", asOf: Fixtures.date("2020-01-01")), entries: [])
  ])

  @Test func `without an obstacle the case clears`() {
    #expect(Scene().outcome.routing.lane == .auto)
  }

  @Test func `each obstacle alone keeps the case from clearing`() {
    for obstacle in Obstacle.allCases {
      var scene = Scene()
      obstacle.put(in: &scene)
      #expect(scene.outcome.routing.lane != .auto, "\(obstacle)")
    }
  }

  @Test func `no combination of thousands clears with an obstacle, and each says why and to whom`() {
    var generator = SeededGenerator(seed: 20_261_121)
    for _ in 0..<6_000 {
      let obstacles = Obstacle.allCases.filter { _ in Int.random(in: 0..<6, using: &generator) == 0 }
      guard !obstacles.isEmpty else { continue }
      var scene = Scene()
      scene.market = ["SG", "ID", "TH", "VN", "PH"].randomElement(using: &generator) ?? "SG"
      for obstacle in obstacles.shuffled(using: &generator) { obstacle.put(in: &scene) }
      let (screening, routing) = scene.outcome
      if routing.lane == .auto || routing.reasons.isEmpty || routing.roles.isEmpty {
        Issue.record("\(routing.lane) with \(obstacles) in \(scene.market)")
        return
      }
      let blocking = screening.findings.filter(\.blocksClearance)
      #expect(blocking.allSatisfy { finding in routing.reasons.contains { $0.text == finding.summary } })
      #expect(blocking.flatMap(\.roles).allSatisfy(routing.roles.contains))
    }
  }
}
