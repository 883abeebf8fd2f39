import Domain

/// Where in a product a word stood, and so how much it says about what the product is.
enum Field: UInt8 {
  case title, category, parentCategory, material, attribute, use, description

  var weight: Float {
    switch self {
    case .title: 1
    case .category: 0.9
    case .parentCategory: 0.35
    case .material: 0.8
    case .attribute: 0.3
    case .use: 0.5
    case .description: 0.3
    }
  }
}

extension TokenStream {
  /// What a product is stands at the start of each text; nobody means more words than this.
  private static let scalarLimit = 2000
  private static let descriptionScalarLimit = 400
  private static let tokenLimit = 1000

  init(_ product: Product) {
    self.init()
    for title in product.titles { take(title.text, field: .title) }
    for (depth, name) in product.categoryPath.reversed().enumerated() {
      take(name, field: depth == 0 ? .category : .parentCategory)
    }
    for component in product.materials + product.ingredients { take(component.name, field: .material) }
    for attribute in product.attributes {
      take(attribute.value, field: Field.describesMaterial(attribute.name) ? .material : .attribute)
    }
    if let use = product.intendedUse { take(use, field: .use) }
    for description in product.descriptions { take(description.text, field: .description) }
  }

  /// A line of the knowledge: `title [attribute: value; category: wide > narrow]`.
  init(example: String) {
    let bytes = example.utf8
    guard bytes.last == UInt8(ascii: "]"), let open = bytes.lastIndex(of: UInt8(ascii: "[")) else {
      self.init(example)
      return
    }
    self.init()
    take(String(example[..<open]), field: .title)
    for part in example[bytes.index(after: open)...].utf8.dropLast().split(separator: UInt8(ascii: ";")) {
      guard let colon = part.firstIndex(of: UInt8(ascii: ":")) else { continue }
      let name = String(Substring(part[..<colon]))
      let value = part[part.index(after: colon)...]
      if TokenStream(name).words.contains(where: { ["category", "kategori"].contains($0) }) {
        for (depth, step) in value.split(separator: UInt8(ascii: ">")).reversed().enumerated() {
          take(String(Substring(step)), field: depth == 0 ? .category : .parentCategory)
        }
      } else {
        take(String(Substring(value)), field: Field.describesMaterial(name) ? .material : .attribute)
      }
    }
  }

  private mutating func take(_ text: String, field: Field) {
    guard tokens.count < TokenStream.tokenLimit else { return }
    let limit = field == .description ? TokenStream.descriptionScalarLimit : TokenStream.scalarLimit
    append(text.utf8.count <= limit ? text : String(text.unicodeScalars.prefix(limit)), field: field)
  }
}

extension Field {
  /// Whether an attribute of this name tells the material, as in `Material`, `Main Material`, `Fabric`.
  fileprivate static func describesMaterial(_ name: String) -> Bool {
    let words = TokenStream(name).words
    return words.contains { ["material", "fabric", "bahan", "materials"].contains($0) }
      && !words.contains { ["lining", "package", "packaging", "feature"].contains($0) }
  }
}
