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
    let attributes = product.attributes.map { (field: Field(attribute: $0.name), value: $0.value) }
    for (field, value) in attributes where field == .title { take(value, field: field) }
    for (depth, name) in product.categoryPath.reversed().enumerated() {
      take(name, field: depth == 0 ? .category : .parentCategory)
    }
    for component in product.materials + product.ingredients { take(component.name, field: .material) }
    for (field, value) in attributes where field != .title { take(value, field: field) }
    if let use = product.intendedUse { take(use, field: .use) }
    for description in product.descriptions { take(description.text, field: .description) }
  }

  init(_ line: ExampleLine) {
    self.init()
    take(line.title, field: .title)
    for case .attribute(let name, let value) in line.parts where Field(attribute: name) == .title {
      take(value, field: .title)
    }
    for part in line.parts {
      switch part {
      case .attribute(let name, let value):
        let field = Field(attribute: name)
        if field != .title { take(value, field: field) }
      case .category(let path):
        for (depth, step) in path.reversed().enumerated() {
          take(step, field: depth == 0 ? .category : .parentCategory)
        }
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
  /// Where the value of an attribute of this name belongs.
  fileprivate init(attribute name: String) {
    if Field.namesArticle(name) {
      self = .title
    } else {
      self = Field.describesMaterial(name) ? .material : .attribute
    }
  }

  /// Whether an attribute of this name says what the article is, as in `Item Type: saucepan`: many a title is only a
  /// model and a size.
  private static func namesArticle(_ name: String) -> Bool {
    articleNames.contains(LabelledListings.trimmed(name[...]).lowercased())
  }

  private static let articleNames: Set<String> = [
    "type", "types", "item type", "product type", "jenis", "jenis produk", "jenis barang", "tipe produk", "loại",
    "loại sản phẩm", "uri", "ชนิด", "ประเภท", "ประเภทสินค้า", "类型", "种类", "产品类型", "商品类型",
  ]

  /// Whether an attribute of this name tells the material, as in `Material`, `Main Material`, `Fabric`.
  static func describesMaterial(_ name: String) -> Bool {
    let words = TokenStream(name).words
    return words.contains { ["material", "fabric", "bahan", "materials"].contains($0) }
      && !words.contains { ["lining", "package", "packaging", "feature"].contains($0) }
  }
}
