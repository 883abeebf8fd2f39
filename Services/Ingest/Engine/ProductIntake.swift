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
    guard object.members.count <= FieldReader.membersMax else {
      var log = IssueLog()
      log.refuse(
        "", .invalid, "The product has \(object.members.count) fields.",
        "Send at most \(FieldReader.membersMax) fields; what else describes it goes under attributes.")
      return log.verdict(nil)
    }
    var reader = FieldReader(object)
    let product = read(&reader)
    reader.notifyLeftOver()
    return reader.log.verdict(product)
  }

  private func read(_ reader: inout FieldReader) -> Product {
    let sku = reader.required("sku", "Send your own stock number of the product.") {
      $0.text("sku", "itemNumber", "itemCode", "productCode", max: Limit.sku)
    }
    var product = Product(sku: sku ?? "", titles: [], markets: [])
    product.titles = reader.field(.titles) {
      $0.localizedTexts("title", max: Limit.title, others: ["name", "productName"])
    }
    product.descriptions = reader.field(.descriptions) {
      $0.localizedTexts("description", max: Limit.description, others: ["longDescription", "body"])
    }
    product.materials = reader.field(.materials) { $0.components("materials", "material", "composition", "fabric") }
    product.ingredients = reader.field(.ingredients) { $0.components("ingredients", "ingredient") }
    product.intendedUse = reader.field(.intendedUse) {
      $0.text("intendedUse", "use", "usage", "purpose", max: Limit.intendedUse)
    }
    product.categoryPath = reader.field(.categoryPath) { $0.categoryPath() }
    product.attributes = reader.field(.attributes) { $0.attributes() }
    product.imageAddresses = reader.field(.imageAddresses) { $0.imageAddresses() }
    product.origin = reader.field(.origin) {
      $0.country("origin", "countryOfOrigin", "originCountry", "madeIn", "coo")
    }
    product.unitValue = reader.field(.unitValue) { $0.unitValue() }
    product.netWeightGrams = reader.field(.netWeightGrams) { $0.netWeightGrams() }
    product.gtin = reader.field(.gtin) { $0.gtin() }
    product.brand = reader.field(.brand) { $0.text("brand", "brandName", max: Limit.name) }
    product.supplier = reader.field(.supplier) { $0.party("supplier", "vendor") }
    product.manufacturer = reader.field(.manufacturer) { $0.party("manufacturer", "maker") }
    product.variantOf = reader.variant(of: product.sku)
    product.suppliedCode = reader.field(.suppliedCode) { $0.suppliedCode() }
    let remedy = "Name the markets it is sold to, of: \(FieldReader.list(knownMarkets))."
    product.markets =
      reader.required("markets", remedy) { $0.markets(known: knownMarkets, otherwise: defaultMarkets) } ?? []
    checkRequired(product, &reader)
    if !product.titles.isEmpty { VagueTitle.check(product, &reader.log) }
    return product
  }

  private func checkRequired(_ product: Product, _ reader: inout FieldReader) {
    if product.titles.isEmpty, !reader.refusedFields.contains(.titles) {
      reader.log.refuse("/title", .missing, "The title is missing.", RequiredField.remedy(.titles))
    }
    var marketsByName: [String: [Market]] = [:]
    for market in product.markets {
      for name in Set(requiredFields[market] ?? []) { marketsByName[name, default: []].append(market) }
    }
    for (name, markets) in marketsByName.sorted(by: { $0.key < $1.key }) {
      let required = RequiredField(name)
      guard required.field != .titles, !required.isPresent(in: product) else { continue }
      if let field = required.field, reader.refusedFields.contains(field) { continue }
      let codes = markets.map(\.code).joined(separator: ", ")
      reader.log.refuse(required.pointer, .missing, "\(name) is required for \(codes).", required.remedy)
    }
  }
}
