import Testing

@testable import ClassifierEngine

struct ErrorBoundsTests {
  /// Answers whose chance of being right is their confidence.
  private func outcomes(_ count: Int, chapter: String = "61", chance: inout Shuffle) -> [ErrorBounds.Outcome] {
    (0..<count).map { _ in
      let confidence = 1 - Double(chance.next(below: 1000)) / 1000 * Double(chance.next(below: 1000)) / 1000
      return ErrorBounds.Outcome(
        confidence: confidence, isRight: Double(chance.next(below: 100_000)) / 100_000 < confidence, chapter: chapter)
    }
  }

  @Test func `an upper bound is that of Clopper and Pearson`() {
    #expect(abs(Binomial.upperBound(wrong: 0, of: 100) - 0.022_763) < 1e-5)
    #expect(abs(Binomial.upperBound(wrong: 5, of: 200) - 0.045_849) < 1e-4)
    #expect(abs(Binomial.atMost(5, of: 200, share: 0.045_849) - 0.1) < 1e-3)
    #expect(Binomial.upperBound(wrong: 7, of: 7) == 1)
    #expect(Binomial.upperBound(wrong: 1500, of: 6000) < 0.26)
  }

  @Test func `a budget is kept on answers never seen, nine times in ten and more`() {
    var chance = Shuffle()
    var broken = 0
    var coverage = 0.0
    for _ in 0..<100 {
      let bounds = ErrorBounds(outcomes(1000, chance: &chance))
      let unseen = outcomes(4000, chance: &chance)
      let cleared = unseen.filter { (bounds.bound(confidence: $0.confidence, chapter: "61") ?? 1) <= 0.05 }
      coverage += Double(cleared.count) / 4000
      if Double(cleared.count { !$0.isRight }) > 0.05 * Double(cleared.count) { broken += 1 }
    }
    #expect(broken <= 12)
    #expect(coverage / 100 > 0.2, "a bound that clears nothing keeps every budget")
  }

  @Test func `a chapter with answers enough speaks for itself, one without goes by all`() {
    var chance = Shuffle()
    let good = outcomes(3000, chance: &chance).map {
      ErrorBounds.Outcome(confidence: $0.confidence, isRight: true, chapter: "61")
    }
    let bad = outcomes(600, chance: &chance).map {
      ErrorBounds.Outcome(confidence: $0.confidence, isRight: false, chapter: "62")
    }
    let bounds = ErrorBounds(good + bad)
    #expect((bounds.bound(confidence: 0.95, chapter: "61") ?? 1) < 0.01)
    #expect((bounds.bound(confidence: 1, chapter: "62") ?? 1) > 0.9)
    let other = bounds.bound(confidence: 0.95, chapter: "95") ?? 1
    #expect(other > 0.1 && other < 0.25, "by all together")
  }

  @Test func `too few answers prove nothing`() {
    var chance = Shuffle()
    #expect(ErrorBounds(outcomes(30, chance: &chance)).bound(confidence: 1, chapter: "61") == nil)
    #expect(ErrorBounds([]).bound(confidence: 1, chapter: "61") == nil)
    let few = (0..<60).map { _ in ErrorBounds.Outcome(confidence: 0.99, isRight: true, chapter: "61") }
    #expect((ErrorBounds(few).bound(confidence: 0.99, chapter: "61") ?? 1) > 0.02, "not even without an error")
  }
}
