import Domain

/// What the seller said about the product, and what the seller did not say.
struct FactsSection {
  let file: CaseFile

  private var product: Product { file.product }

  var html: HTML {
    .element("section", .init("aria-labelledby", "facts")) {
      HTML.element("h2", .id("facts")) { "Product" }
      HTML.element("dl", .class("facts")) {
        for field in ProductField.allCases where field.isPresent(in: product) { fact(field) }
      }
      if !file.missingFields.isEmpty {
        HTML.element("p", .class("missing")) {
          HTML.element("strong") { "Missing: " }
          Phrase.list(file.missingFields.map(\.phrase))
        }
      }
    }
  }

  private func fact(_ field: ProductField) -> HTML {
    .fragment([
      .element("dt", [], [.phrase(field.phrase)]),
      .element("dd", [], value(field)),
    ])
  }

  private func value(_ field: ProductField) -> [HTML] {
    switch field {
    case .titles: lines(product.titles.map { localized($0) })
    case .descriptions: lines(product.descriptions.map { localized($0) })
    case .materials: [plain(product.materials.map(\.words).joined(separator: ", "))]
    case .ingredients: [plain(product.ingredients.map(\.words).joined(separator: ", "))]
    case .intendedUse: [plain(product.intendedUse)]
    case .categoryPath: [plain(product.categoryPath.joined(separator: " › "))]
    case .attributes: lines(product.attributes.map { [plain("\($0.name): \($0.value)")] })
    case .imageAddresses: lines(product.imageAddresses.map { [link($0)] })
    case .origin: [plain(product.origin?.description)]
    case .unitValue: product.unitValue.map { [.phrase("\($0)")] } ?? []
    case .netWeightGrams: product.netWeightGrams.map { [.phrase("\($0) g net")] } ?? []
    case .gtin: [plain(product.gtin?.description)]
    case .brand: [plain(product.brand)]
    case .supplier: [plain(product.supplier?.words)]
    case .manufacturer: [plain(product.manufacturer?.words)]
    case .suppliedCode: [plain(product.suppliedCode?.dotted)]
    }
  }

  private func plain(_ text: String?) -> HTML { .element("span", [HTMLAttribute("dir", "auto")], [.text(text ?? "")]) }

  /// The seller's server learns who looks only when somebody does, and not from which case.
  private func link(_ address: String) -> HTML {
    guard address.hasPrefix("https://") || address.hasPrefix("http://") else { return plain(address) }
    return .element(
      "a",
      [HTMLAttribute("href", address), HTMLAttribute("rel", "noreferrer"), HTMLAttribute("target", "_blank")],
      [.text(address)])
  }

  private func localized(_ text: LocalizedText) -> [HTML] {
    guard text.language != "und" else { return [LocalizedTitle(text).inline] }
    return [LocalizedTitle(text).inline, .element("span", [.class("hint")], [.text(" (\(text.language))")])]
  }

  private func lines(_ values: [[HTML]]) -> [HTML] { values.map { .element("div", [], $0) } }
}

extension Component {
  fileprivate var words: String { percent.map { "\(name) \($0) %" } ?? name }
}

extension Party {
  fileprivate var words: String { [name, address, country?.description].compactMap { $0 }.joined(separator: ", ") }
}
