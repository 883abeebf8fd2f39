import JSON

/// A part of a product that a market or a rule may ask for.
public enum ProductField: String, Sendable, CaseIterable {
  case titles, descriptions, materials, ingredients, intendedUse, categoryPath, attributes, imageAddresses, origin
  case unitValue, netWeightGrams, gtin, brand, supplier, manufacturer, suppliedCode

  public func isPresent(in product: Product) -> Bool {
    switch self {
    case .titles: !product.titles.isEmpty && !product.title.isEmpty
    case .descriptions: !product.descriptions.isEmpty
    case .materials: !product.materials.isEmpty
    case .ingredients: !product.ingredients.isEmpty
    case .intendedUse: product.intendedUse != nil
    case .categoryPath: !product.categoryPath.isEmpty
    case .attributes: !product.attributes.isEmpty
    case .imageAddresses: !product.imageAddresses.isEmpty
    case .origin: product.origin != nil
    case .unitValue: product.unitValue != nil
    case .netWeightGrams: product.netWeightGrams != nil
    case .gtin: product.gtin != nil
    case .brand: product.brand != nil
    case .supplier: product.supplier != nil
    case .manufacturer: product.manufacturer != nil
    case .suppliedCode: product.suppliedCode != nil
    }
  }
}

extension ProductField: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) { self = try json.named(ProductField.self) }
  public var json: JSONValue { .string(rawValue) }
}
