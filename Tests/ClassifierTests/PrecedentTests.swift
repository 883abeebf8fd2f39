import ClassifierEngine
import Domain
import Testing

struct PrecedentTests {
  private let product = SharedModel.product("Ceramic coffee mug printed")

  private func precedent(
    _ id: String, _ code: String, _ outcome: Precedent.Outcome, day: Int64, market: String? = nil,
    of other: Product? = nil
  ) -> Precedent {
    Precedent(
      id: id, fingerprint: ProductFingerprint.of(other ?? product), title: "Mug as decided", code: HSCode(code)!,
      decidedAt: Instant(microseconds: day * 86_400_000_000), outcome: outcome, market: market.flatMap { Market($0) })
  }

  private func classify(_ precedents: [Precedent]) -> Classification {
    SharedModel.model.classify(product, market: SharedModel.singapore, precedents: precedents)
  }

  @Test func `an approved precedent of the same product gives its code with high confidence and is named`() throws {
    let best = try #require(classify([precedent("case-7", "69111000", .approved, day: 20_000)]).best)
    #expect(best.code.digits == "69111000")
    #expect(best.confidence >= Confidence(0.95))
    let reason = try #require(best.evidence.first)
    #expect(reason.kind == .precedent)
    #expect(reason.reference == "case-7")
    #expect(reason.text == "The same product was approved with this code on 2024-10-04: Mug as decided")
  }

  @Test func `a precedent settles even a vague description`() {
    let vague = SharedModel.product("accessories")
    let decided = precedent("p", "711719", .approved, day: 1, of: vague)
    let answer = SharedModel.model.classify(vague, market: SharedModel.singapore, precedents: [decided])
    #expect(!answer.isTooVague)
    #expect(answer.best?.code.digits == "711719")
  }

  @Test func `the newest correction outweighs older approvals, in whatever order they come`() {
    let older = [precedent("a", "691110", .approved, day: 1), precedent("b", "691110", .approved, day: 2)]
    let newest = precedent("c", "732393", .corrected, day: 3)
    for given in [older + [newest], [newest] + older, [older[0], newest, older[1]]] {
      let answer = classify(given)
      #expect(answer.best?.code.digits == "732393")
      #expect(answer.best?.evidence.first?.reference == "c")
      #expect((answer.best?.confidence ?? Confidence(1)) < Confidence(0.95), "older decisions dissent")
    }
  }

  @Test func `a rejected precedent lowers its code and is named`() {
    let before = classify([])
    let after = classify([precedent("r", "691200", .rejected, day: 1)])
    #expect(before.best?.code.digits == "691200")
    #expect(after.best?.code.digits != "691200")
    let refused = after.candidates.first { $0.code.digits == "691200" }
    #expect((refused?.confidence ?? Confidence(1)) < Confidence(0.06))
    #expect(refused?.evidence.first?.reference == "r")
  }

  @Test func `a rejection after an approval revokes it, an approval after a rejection stands`() {
    let revoked = classify([
      precedent("a", "691110", .approved, day: 1), precedent("r", "691110", .rejected, day: 2),
    ])
    #expect(revoked.best?.code.digits != "691110")
    let standing = classify([
      precedent("r", "691110", .rejected, day: 1), precedent("a", "691110", .approved, day: 2),
    ])
    #expect(standing.best?.code.digits == "691110")
  }

  @Test func `precedents of other products and other markets do not count`() {
    let plain = classify([])
    let elsewhere = precedent("m", "691110", .approved, day: 1, market: "TH")
    let other = precedent("o", "691110", .approved, day: 1, of: SharedModel.product("Steel mug"))
    #expect(classify([elsewhere, other]) == plain)
    #expect(classify([precedent("s", "691110", .approved, day: 1, market: "SG")]).best?.code.digits == "691110")
  }

  @Test func `a fingerprint ignores case, accents, punctuation and word order, and nothing else`() {
    func of(_ title: String) -> ProductFingerprint { ProductFingerprint.of(SharedModel.product(title)) }
    #expect(of("Café Mug, 350ml!") == of("mug CAFE 350ML"))
    #expect(of("Mug red 350ml") != of("Mug blue 350ml"))
    #expect(of("Mug 350ml") != of("Mug 450ml"))
    var cotton = SharedModel.product("Shirt")
    cotton.materials = [Component("Cotton")]
    #expect(ProductFingerprint.of(cotton) != of("Shirt"))
    #expect(ProductFingerprint.of(cotton).bytes.count == 16)
    #expect(ProductFingerprint(bytes: ProductFingerprint.of(cotton).bytes) == ProductFingerprint.of(cotton))
  }
}
