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
  /// Descriptions can be pages long; what the product is stands at their start.
  private static let descriptionLimit = 400

  init(_ product: Product) {
    self.init()
    for title in product.titles { append(title.text, field: .title) }
    for (depth, name) in product.categoryPath.reversed().enumerated() {
      append(name, field: depth == 0 ? .category : .parentCategory)
    }
    for component in product.materials + product.ingredients { append(component.name, field: .material) }
    for attribute in product.attributes {
      append(attribute.value, field: Field.describesMaterial(attribute.name) ? .material : .attribute)
    }
    if let use = product.intendedUse { append(use, field: .use) }
    for description in product.descriptions {
      append(String(description.text.unicodeScalars.prefix(TokenStream.descriptionLimit)), field: .description)
    }
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
