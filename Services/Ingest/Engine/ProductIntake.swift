import Domain
import JSON

/// Reads a product as an ERP sends it. The reading is lenient, the meaning strict: many ways to write one fact are
/// understood, but nothing is guessed, and everything that is wrong is told at once.
public struct ProductIntake: Sendable {
  public var knownMarkets: [Market]
  /// The fields that a product for a market must have, by their names in the canonical form. A name that is no field
  /// is an attribute that must be there.
  public var requiredFields: [Market: [String]]
  /// Where a product goes whose sender does not say.
  public var defaultMarkets: [Market]

  public init(knownMarkets: [Market], requiredFields: [Market: [String]] = [:], defaultMarkets: [Market] = []) {
    self.knownMarkets = knownMarkets.sorted()
    self.requiredFields = requiredFields
    self.defaultMarkets = defaultMarkets.sorted()
  }

  public func read(_ json: JSONValue) -> IntakeVerdict<Product> {
    guard case .object(let object) = json else {
      var log = IssueLog()
      log.refuse("", .invalid, "The product is \(described(json)), not an object.", "Send one JSON object per product.")
      return log.verdict(nil)
    }
    var reader = FieldReader(object)
    let product = read(&reader)
    reader.notifyLeftOver()
    return reader.log.verdict(product)
  }

  private func read(_ reader: inout FieldReader) -> Product {
    var product = Product(
      sku: reader.sku("sku", "itemNumber", "itemCode", "productCode") ?? "", titles: [], markets: [])
    product.titles = reader.localizedTexts("title", max: Limit.title, others: ["name", "productName"])
    product.descriptions = reader.localizedTexts(
      "description", max: Limit.description, others: ["longDescription", "body"])
    product.materials = reader.components("materials", "material", "composition", "fabric")
    product.ingredients = reader.components("ingredients", "ingredient")
    product.intendedUse = reader.text("intendedUse", "use", "usage", "purpose", max: Limit.intendedUse)
    product.categoryPath = reader.categoryPath()
    product.attributes = reader.attributes()
    product.imageAddresses = reader.imageAddresses()
    product.origin = reader.country("origin", "countryOfOrigin", "originCountry", "madeIn", "coo")
    product.unitValue = reader.unitValue()
    product.netWeightGrams = reader.netWeightGrams()
    product.gtin = reader.gtin()
    product.brand = reader.text("brand", "brandName", max: Limit.name)
    product.supplier = reader.party("supplier", "vendor")
    product.manufacturer = reader.party("manufacturer", "maker")
    product.variantOf = reader.variant(of: product.sku)
    product.suppliedCode = reader.suppliedCode()
    product.markets = reader.markets(known: knownMarkets, otherwise: defaultMarkets)
    checkRequired(product, &reader.log)
    if !product.titles.isEmpty { VagueTitle.check(product, &reader.log) }
    return product
  }

  private func checkRequired(_ product: Product, _ log: inout IssueLog) {
    if product.sku.isEmpty, !log.concerns("/sku") {
      log.refuse("/sku", .missing, "The SKU is missing.", "Send your own stock number of the product as sku.")
    }
    if product.titles.isEmpty, !log.concerns("/title") {
      log.refuse(
        "/title", .missing, "The title is missing.", "Say what the product is, such as men's knitted cotton T-shirt.")
    }
    var marketsByField: [String: [Market]] = [:]
    for market in product.markets {
      for field in requiredFields[market] ?? [] { marketsByField[field, default: []].append(market) }
    }
    for (field, markets) in marketsByField.sorted(by: { $0.key < $1.key }) where !field.isEmpty {
      let required = RequiredField(field)
      guard !required.stands(in: product), !log.concerns(required.pointer) else { continue }
      let names = Set(markets).sorted().map(\.code).joined(separator: ", ")
      log.refuse(
        required.pointer, .missing, "\(required.pointer.dropFirst()) is required for \(names).", required.remedy)
    }
  }
}

extension IssueLog {
  /// Whether a field, under any of its spellings that start alike, has been refused already.
  fileprivate func concerns(_ pointer: String) -> Bool {
    let name = RawRecord.normalised(String(pointer.dropFirst()))
    return issues.contains { RawRecord.normalised(String($0.field.dropFirst())).hasPrefix(name) }
  }
}

/// One entry of a market's table of required fields.
private struct RequiredField {
  var name: String
  var remedy: String
  private var isPresent: @Sendable (Product) -> Bool

  init(_ name: String) {
    self.name = name
    (isPresent, remedy) =
      switch RawRecord.normalised(name) {
      case "sku": ({ !$0.sku.isEmpty }, "Send your stock number.")
      case "title", "titles": ({ !$0.titles.isEmpty }, "Say what the product is.")
      case "description", "descriptions":
        ({ !$0.descriptions.isEmpty }, "Describe what it is, what it is made of and what it is for.")
      case "materials", "material":
        ({ !$0.materials.isEmpty }, "Send the materials, such as 60% cotton, 40% polyester.")
      case "ingredients": ({ !$0.ingredients.isEmpty }, "Send the ingredients, the largest share first.")
      case "intendeduse": ({ $0.intendedUse != nil }, "Say what the product is used for.")
      case "category", "categorypath": ({ !$0.categoryPath.isEmpty }, "Send the category, such as Apparel > T-shirts.")
      case "attributes": ({ !$0.attributes.isEmpty }, "Send the attributes as names and values.")
      case "images", "imageaddresses": ({ !$0.imageAddresses.isEmpty }, "Send the address of at least one image.")
      case "origin": ({ $0.origin != nil }, "Send the country where it was made, such as CN.")
      case "unitvalue", "price", "value": ({ $0.unitValue != nil }, "Send the price of one unit with its currency.")
      case "netweightgrams", "netweight", "weight":
        ({ $0.netWeightGrams != nil }, "Send the net weight of one unit, such as 250 g.")
      case "gtin": ({ $0.gtin != nil }, "Send the number under the barcode.")
      case "brand": ({ $0.brand != nil }, "Send the brand, or 'unbranded'.")
      case "supplier": ({ $0.supplier != nil }, "Send who supplied it: name and country.")
      case "manufacturer": ({ $0.manufacturer != nil }, "Send who made it: name and country.")
      case "suppliedcode", "hscode":
        ({ $0.suppliedCode != nil }, "Send the tariff code that you use, at least 6 digits.")
      default:
        (
          { product in
            product.attributes.contains { RawRecord.normalised($0.name) == RawRecord.normalised(name) }
          }, "Send it as an attribute: its name and its value."
        )
      }
    let isField = RequiredField.fields.contains(RawRecord.normalised(name))
    pointer = isField ? "/\(name)" : "/attributes/\(escaped(name))"
  }

  let pointer: String
  func stands(in product: Product) -> Bool { isPresent(product) }

  private static let fields: Set<String> = [
    "sku", "title", "titles", "description", "descriptions", "materials", "material", "ingredients", "intendeduse",
    "category", "categorypath", "attributes", "images", "imageaddresses", "origin", "unitvalue", "price", "value",
    "netweightgrams", "netweight", "weight", "gtin", "brand", "supplier", "manufacturer", "suppliedcode", "hscode",
  ]
}
