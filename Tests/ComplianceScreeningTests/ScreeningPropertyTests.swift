import ComplianceScreeningEngine
import Domain
import JSON
import Testing

/// The promise of screening: what a rule bars is never silently clear, in whatever dress the seller puts it.
struct ScreeningPropertyTests {
  @Test(arguments: Fixtures.allMarkets) func `no product with a barring word ends without a blocking finding`(
    _ market: String
  ) {
    var generator = SeededGenerator(seed: 20_261_120)
    for rule in Fixtures.pack(market).rules where rule.effect == .prohibit {
      for test in rule.match where test.withWords.isEmpty && test.numbers.isEmpty && test.hsPrefixes.isEmpty {
        for word in test.words.isEmpty ? test.components.flatMap(\.names) : test.words {
          var product = ScreeningPropertyTests.disguised(word, &generator)
          if !test.words.isEmpty, let component = test.components.first {
            product.ingredients.append(Component(component.names.randomElement(using: &generator) ?? ""))
          }
          let screening = Fixtures.screen(product, market)
          #expect(screening.findings.contains { $0.ruleID == rule.id && $0.blocksClearance }, "\(rule.id): \(word)")
        }
      }
    }
  }

  @Test(arguments: Fixtures.allMarkets) func `no product with a barred code ends without a blocking finding`(
    _ market: String
  ) {
    for rule in Fixtures.pack(market).rules where rule.effect == .prohibit {
      for test in rule.match where test.words.isEmpty && test.components.isEmpty {
        for prefix in test.hsPrefixes {
          let code = prefix.utf8.count < 6 ? prefix + String(repeating: "0", count: 6 - prefix.utf8.count) : prefix
          let screening = Fixtures.screen(Fixtures.product("An article"), market, code: code)
          #expect(screening.finding(rule.id)?.blocksClearance == true, "\(rule.id): \(prefix)")
        }
      }
    }
  }

  /// The word in a random field, case and company.
  private static func disguised(_ word: String, _ generator: inout SeededGenerator) -> Product {
    let fillers = ["new", "set of 2", "premium", "kit", "for home", "best price"]
    func filler() -> String { fillers.randomElement(using: &generator) ?? "" }
    let shown = Bool.random(using: &generator) ? word.uppercased() : word
    let text = "\(filler()), \(shown) / \(filler())"
    var product = Fixtures.product("Article 4711")
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: product.titles = [LocalizedText(text)]
    case 1: product.descriptions = [LocalizedText(text)]
    case 2: product.categoryPath = ["Home", text]
    case 3: product.attributes = [Attribute("Type", text)]
    case 4: product.intendedUse = text
    default: product.materials = [Component(text)]
    }
    return product
  }

  @Test func `the same case gives the same bytes`() {
    for market in Fixtures.allMarkets {
      let product = Fixtures.product("Power bank 30000mAh, vape, python skin case")
      let first = Fixtures.screen(product, market).json.canonicalBytes
      let again = Screener(
        packs: Fixtures.packs.reversed(), parties: Fixtures.parties, embargo: Fixtures.embargo,
        tariffs: Fixtures.tariffs
      )
      .screen(
        product, market: Fixtures.market(market), classification: Fixtures.classified("392690"), on: Fixtures.today)
      #expect(again.json.canonicalBytes == first)
    }
  }

  @Test func `no product text makes the screener fail`() {
    var generator = SeededGenerator(seed: 7)
    let alphabet = Array("aZ0 9.,%-/mAhWhvV\u{0}\u{301}é\u{200D}ไทย电ﷺ🧨\n\t\"(").map(String.init)
    for _ in 0..<2_000 {
      let text = (0..<Int.random(in: 0..<60, using: &generator))
        .map { _ in alphabet.randomElement(using: &generator) ?? "" }.joined()
      var product = Fixtures.product(text)
      product.attributes = [Attribute(text, "1.5"), Attribute("abv", text)]
      product.brand = text
      product.netWeightGrams = Decimal(.random(in: 0...1_000_000_000_000_000_000_000, using: &generator), scale: 12)
      product.unitValue = Money(
        minorUnits: .random(in: .min ... .max, using: &generator), currency: Fixtures.money("1 USD").currency)
      _ = Fixtures.screen(product, "SG")
    }
  }
}
