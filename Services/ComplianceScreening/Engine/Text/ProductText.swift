import Domain

/// The fields of a product that rules read, normalised once for all rules of a market.
struct ProductText {
  struct Field {
    var pointer: String
    var original: String
    var normalised: NormalisedText
    /// Set for a material or ingredient.
    var component: Component?
    var attribute: Attribute?
  }

  private(set) var fields: [Field] = []

  init(_ product: Product) {
    add("/titles", product.titles.map(\.text), suffix: "/text")
    add("/descriptions", product.descriptions.map(\.text), suffix: "/text")
    add(components: product.materials, "/materials")
    add(components: product.ingredients, "/ingredients")
    if let use = product.intendedUse { add("/intendedUse", use) }
    add("/categoryPath", product.categoryPath, suffix: "")
    for (index, attribute) in product.attributes.enumerated() {
      add("/attributes/\(index)", "\(attribute.name): \(attribute.value)", attribute: attribute)
    }
    if let brand = product.brand { add("/brand", brand) }
  }

  private mutating func add(_ pointer: String, _ texts: [String], suffix: String) {
    for (index, text) in texts.enumerated() { add("\(pointer)/\(index)\(suffix)", text) }
  }

  private mutating func add(components: [Component], _ pointer: String) {
    for (index, component) in components.enumerated() {
      add("\(pointer)/\(index)/name", component.name, component: component)
    }
  }

  private mutating func add(
    _ pointer: String, _ text: String, component: Component? = nil, attribute: Attribute? = nil
  ) {
    fields.append(
      Field(
        pointer: pointer, original: text, normalised: NormalisedText(text), component: component, attribute: attribute))
  }

  func observation(_ field: Int, _ range: Range<Int>) -> Observation {
    let field = fields[field]
    return Observation(field: field.pointer, text: field.normalised.excerpt(of: field.original, range))
  }
}
