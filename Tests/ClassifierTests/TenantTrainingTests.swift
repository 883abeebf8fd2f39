import Domain
import Testing

@testable import ClassifierEngine

struct TenantTrainingTests {
  private static let base: ClassificationModel = {
    do {
      return ClassificationModel(knowledge: try SharedModel.knowledge(ofChapters: ["42", "69", "85"]))
    } catch { fatalError("\(error)") }
  }()

  /// Goods under names that only this tenant has, each with a code of its own.
  private func precedents(_ count: Int, codes: [String] = ["420212", "691200", "851830", "850760"]) -> [Precedent] {
    let names = ["brumzel", "flonk", "dravik", "quosh"]
    return (0..<count).map { place in
      Precedent(
        id: UniqueID(digest: [UInt8(place / 256), UInt8(place % 256)] + [UInt8](repeating: 7, count: 30)),
        source: .submission,
        description: ProductDescription(title: "\(names[place % 4]) model \(place / 4) deluxe"),
        code: HSCode(codes[place % 4])!, decidedAt: Instant(microseconds: Int64(place) * 1_000_000), outcome: .approved,
        market: SharedModel.singapore)
    }
  }

  @Test func `the same precedents make the same model, in whatever order they come`() {
    let given = precedents(200)
    let (one, two) = (TenantTraining(given), TenantTraining(given.reversed()))
    #expect(one.contentHash == two.contentHash)
    let (first, second) = (one.model(on: Self.base), two.model(on: Self.base))
    #expect(first.version == second.version)
    #expect(first.version.hasPrefix(Self.base.version + "+"), "a case's record names what the tenant had learnt")
    let product = SharedModel.product("flonk model 7 deluxe wide")
    let answer = first.classify(product, market: SharedModel.singapore)
    #expect(answer == second.classify(product, market: SharedModel.singapore))
    #expect(answer.best?.code.digits == "691200")
    #expect(TenantTraining(precedents(199)).contentHash != one.contentHash)
  }

  @Test func `what was refused since is not learnt`() {
    let given = precedents(120)
    var refused = given[3]
    refused.id = UniqueID(digest: [UInt8](repeating: 9, count: 32))
    refused.outcome = .rejected
    refused.decidedAt = Instant(microseconds: 500_000_000)
    #expect(TenantTraining(given + [refused]).lessons.count == 119)
    refused.code = HSCode("851762")!
    #expect(TenantTraining(given + [refused]).lessons.count == 120, "another code was refused")
  }

  @Test func `of each product the newest decision is learnt; refusals and rulings are not`() {
    var given = precedents(3)
    given[1].description = given[0].description
    given[1].outcome = .corrected
    given[2].source = .ruling
    var refused = precedents(4)[3]
    refused.outcome = .rejected
    let training = TenantTraining(given + [refused])
    #expect(training.lessons.map(\.id) == [given[1].id])
  }

  @Test func `what has learnt the tenant's own words beats the knowledge, and is not beaten by itself`() {
    let training = TenantTraining(precedents(200))
    let first = training.contest(with: nil, on: Self.base)
    #expect(first.heldBack == 40)
    #expect(first.challenger.right >= 38)
    #expect(first.champion.right < 20)
    #expect(first.isWon)
    let second = training.contest(with: training, on: Self.base)
    #expect(second.challenger == second.champion)
    #expect(!second.isWon)
  }

  @Test func `one that has learnt wrong decisions does not replace the one in force`() {
    let right = precedents(400)
    let champion = TenantTraining(Array(right.prefix(320)))
    // What was learnt before is taken back by mistake, the newest decisions are as they were.
    var wrong = right
    for place in 0..<320 { wrong[place].code = HSCode(place % 4 == 1 ? "850760" : "691200")! }
    let contest = TenantTraining(wrong).contest(with: champion, on: Self.base)
    #expect(contest.challenger.right < contest.champion.right)
    #expect(!contest.isWon)
  }
}
