import Domain

/// One entry of a market's list of required fields. A name that is no field of a product is an attribute's.
struct RequiredField {
  let name: String
  let field: ProductField?

  init(_ name: String) {
    self.name = name
    field = ProductField(rawValue: name) ?? RequiredField.shortNames[name]
  }

  var pointer: String { field == nil ? "/attributes/\(escaped(name))" : "/\(name)" }

  func isPresent(in product: Product) -> Bool {
    if let field { return field.isPresent(in: product) }
    return product.attributes.contains { RawRecord.normalised($0.name) == RawRecord.normalised(name) }
  }

  var remedy: String { field.map(RequiredField.remedy) ?? "Send it as an attribute: its name and its value." }

  static func remedy(_ field: ProductField) -> String {
    switch field {
    case .titles: "Say what the product is, such as men's knitted cotton T-shirt."
    case .descriptions: "Describe what it is, what it is made of and what it is for."
    case .materials: "Send the materials, such as 60% cotton, 40% polyester."
    case .ingredients: "Send the ingredients, the largest share first."
    case .intendedUse: "Say what the product is used for."
    case .categoryPath: "Send the category, such as Apparel > T-shirts."
    case .attributes: "Send the attributes as names and values."
    case .imageAddresses: "Send the address of at least one image."
    case .origin: "Send the country where it was made, such as CN."
    case .unitValue: "Send the price of one unit with its currency, such as 12.50 USD."
    case .netWeightGrams: "Send the net weight of one unit, such as 250 g."
    case .gtin: "Send the number under the barcode."
    case .brand: "Send the brand, or 'unbranded'."
    case .supplier: "Send who supplied it: name and country."
    case .manufacturer: "Send who made it: name and country."
    case .suppliedCode: "Send the tariff code that you use, at least six digits."
    }
  }

  private static let shortNames: [String: ProductField] = [
    "title": .titles, "description": .descriptions, "category": .categoryPath, "images": .imageAddresses,
    "price": .unitValue, "netWeight": .netWeightGrams, "weight": .netWeightGrams, "hsCode": .suppliedCode,
  ]
}
