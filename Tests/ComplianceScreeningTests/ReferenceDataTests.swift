import Domain
import JSON
import Testing

@testable import ComplianceScreeningEngine

struct ReferenceDataTests {
  @Test func `every market has a pack`() {
    #expect(Fixtures.packs.map(\.market.code) == Fixtures.allMarkets.sorted())
  }

  @Test(arguments: Fixtures.packs) func `a pack survives writing and reading`(_ pack: MarketPack) throws {
    #expect(try MarketPack.parse(pack.json.bytes) == pack)
  }

  @Test(arguments: Fixtures.packs) func `a full market has at least 62 rules, a basic one 25`(_ pack: MarketPack) {
    #expect(pack.rules.count >= (Fixtures.fullMarkets.contains(pack.market.code) ? 62 : 25))
  }

  @Test(arguments: Fixtures.packs) func `every rule says how sure it is, and an unsure one bars nothing`(
    _ pack: MarketPack
  ) {
    for rule in pack.rules {
      let excerpt = rule.source.excerpt ?? ""
      let confidence = ["high", "medium", "low"].first { excerpt.hasSuffix(" Confidence: \($0).") }
      #expect(confidence != nil, "\(rule.id)")
      #expect(confidence != "low" || rule.effect <= .review, "\(rule.id)")
    }
  }

  /// Tests that ask for words alone, so that the word must be enough: no exception, and no form of it, may hide it.
  @Test(arguments: Fixtures.packs) func `every word of a rule makes it speak`(_ pack: MarketPack) {
    for rule in pack.rules where rule.validity.contains(Fixtures.today) {
      let book = RuleBook([rule])
      for word in rule.match.filter({ $0 == RuleTest(words: $0.words) }).flatMap(\.words) {
        let facts = Facts(
          Fixtures.product(word), Fixtures.classified("392690"), pack, book, on: Fixtures.today)
        #expect(book.findings(facts).map(\.ruleID) == [rule.id], "\(rule.id): \(word)")
      }
    }
  }

  @Test func `no two rules of any market share an id`() {
    let ids = Fixtures.packs.flatMap(\.rules).map(\.id)
    #expect(Set(ids).count == ids.count)
  }

  @Test(arguments: Fixtures.packs) func `every rule names its authority, its day and an excerpt`(_ pack: MarketPack) {
    for rule in pack.rules {
      #expect(rule.source.asOf != nil, "\(rule.id)")
      #expect((rule.source.excerpt ?? "").utf8.count > 20, "\(rule.id)")
      #expect(rule.summary.hasSuffix("."), "\(rule.id)")
    }
  }

  @Test(arguments: Fixtures.packs) func `no word of a rule is swallowed by its own exceptions`(_ pack: MarketPack) {
    for rule in pack.rules {
      for word in rule.match.flatMap(\.words) { #expect(!rule.except.contains(word), "\(rule.id): \(word)") }
    }
  }

  /// Without accents a short Vietnamese or Malay word is some other language's everyday word: `nỏ` is `no`.
  @Test(arguments: Fixtures.packs) func `no word of a rule is too short to tell`(_ pack: MarketPack) {
    let everyday: Set<String> = ["no", "sung", "keo", "can", "ban", "sake", "dao", "bia", "son", "use", "new", "set"]
    for rule in pack.rules {
      for word in rule.match.flatMap({ $0.words + $0.withWords + $0.components.flatMap(\.names) }) {
        let form = String(decoding: NormalisedText(word).bytes, as: UTF8.self)
        #expect(form.utf8.count >= 3, "\(rule.id): \(word)")
        #expect(!everyday.contains(form), "\(rule.id): \(word)")
      }
    }
  }

  @Test(arguments: Fixtures.packs) func `exchange rates are marked as samples and are dated`(_ pack: MarketPack) {
    #expect(pack.taxation.exchangeRates.isSample)
    #expect(pack.taxation.exchangeRates.rates.allSatisfy { $0.from <= Fixtures.today })
  }

  @Test func `the embargo survives writing and reading`() throws {
    #expect(try Embargo.parse(Fixtures.embargo.json.bytes) == Fixtures.embargo)
  }

  @Test func `a folder that is not there is an error with its path`() {
    #expect(throws: ReferenceFolder.ReadError.self) { try ReferenceFolder("/nowhere").packs() }
  }
}
