import ComplianceScreeningEngine
import Domain
import Testing

@Suite("A simulation") struct SimulationTests {
  private static func subject(_ title: String, _ code: String, _ confidence: Double, in market: String = "SG")
    -> Simulation.Subject
  {
    let product = Fixtures.product(title)
    return Simulation.Subject(
      caseID: CaseID(UniqueID(digest: Array(repeating: UInt8(title.utf8.count), count: 32))), product: product,
      market: Fixtures.market(market), classification: Fixtures.classified(code, confidence))
  }

  private static func controls(
    clearAt: Double = 0.9, _ packs: [MarketPack] = Fixtures.packs, triggers: [Trigger] = []
  ) -> Simulation.Controls {
    let policy = Policy(
      name: "test", defaults: .init(autoClearAt: Confidence(clearAt), suggestAt: Confidence(0.5)), triggers: triggers,
      duty: DutyLimits(holdsUnknown: false), requiredLists: .named([]))
    let screener = Screener(
      packs: packs, parties: Fixtures.parties, embargo: Fixtures.embargo, tariffs: Fixtures.tariffs)
    return Simulation.Controls(screener: screener, policy: policy, policyVersion: 1)
  }

  private static let subjects = [
    subject("Ceramic mug", "691200", 0.95), subject("Ceramic coffee mug", "691200", 0.92),
    subject("Power bank 30000 mAh 111 Wh", "850760", 0.97),
  ]

  @Test("of what is in force already changes nothing")
  func same() {
    let simulation = Simulation(
      Self.subjects, inForce: Self.controls(), proposed: Self.controls(), on: Fixtures.today)
    #expect(simulation.count == 3 && simulation.changes.isEmpty)
    #expect(simulation.before == simulation.after)
    #expect(simulation.share(.auto, simulation.before) == 2.0 / 3)
  }

  @Test("of a stricter threshold shows who would be held, and for whom")
  func stricter() throws {
    let simulation = Simulation(
      Self.subjects, inForce: Self.controls(), proposed: Self.controls(clearAt: 0.94), on: Fixtures.today)
    let change = try #require(simulation.changes.first)
    #expect(simulation.changes.count == 1 && change.subject.product.title == "Ceramic coffee mug")
    #expect(change.before.lane == .auto && change.after.lane == .exception)
    #expect(change.after.reasons.first?.contains("below the 0.94") == true)
    #expect(simulation.before.workload[.broker, default: 0] + 1 == simulation.after.workload[.broker])
  }

  @Test("of a pack without rules puts first what would clear without a person")
  func looser() throws {
    var pack = Fixtures.pack("SG")
    pack.rules = []
    let proposed = Self.controls([pack] + Fixtures.packs.filter { $0.market != pack.market })
    let simulation = Simulation(Self.subjects, inForce: Self.controls(), proposed: proposed, on: Fixtures.today)
    let first = try #require(simulation.changes.first)
    #expect(first.subject.product.title.hasPrefix("Power bank"))
    #expect(first.before.lane != .auto && first.after.lane == .auto)
    #expect(first.before.rules.isStrictSuperset(of: first.after.rules))
    #expect(simulation.before.rules.count > simulation.after.rules.count)
  }

  @Test("adds up duty and taxes by currency, and counts what is unknown")
  func duties() throws {
    let simulation = Simulation(
      Self.subjects, inForce: Self.controls(), proposed: Self.controls(), on: Fixtures.today)
    let total = Self.subjects.map { subject in
      Self.controls().screener.screen(
        subject.product, market: subject.market, classification: subject.classification, on: Fixtures.today
      ).duties.first?.total?.amount
    }
    #expect(simulation.before.landed.values.first == total.compactMap(\.self).reduce(0, +))
    #expect(simulation.before.unknownDuties == total.count { $0 == nil })
  }
}
