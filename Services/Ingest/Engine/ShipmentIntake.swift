import Domain
import JSON

/// Reads a shipment as an order system sends it, and checks that its lines, prices, totals and packages agree.
public struct ShipmentIntake: Sendable {
  public var knownMarkets: [Market]
  /// The tenant itself, where the order does not repeat who sells.
  public var defaultSeller: Party?

  public static let linesMax = 1_000
  public static let packagesMax = 1_000

  public init(knownMarkets: [Market], defaultSeller: Party? = nil) {
    self.knownMarkets = knownMarkets.sorted()
    self.defaultSeller = defaultSeller
  }

  public func read(_ json: JSONValue) -> IntakeVerdict<Shipment> {
    guard case .object(let object) = json else {
      var log = IssueLog()
      log.refuse(
        "", .invalid, "The shipment is \(described(json)), not an object.", "Send one JSON object per shipment.")
      return log.verdict(nil)
    }
    guard object.members.count <= FieldReader.membersMax else {
      var log = IssueLog()
      log.refuse(
        "", .invalid, "The shipment has \(object.members.count) fields.",
        "Send at most \(FieldReader.membersMax) fields.")
      return log.verdict(nil)
    }
    var reader = FieldReader(object)
    let shipment = read(&reader)
    reader.notifyLeftOver()
    return reader.log.verdict(shipment)
  }

  private func read(_ reader: inout FieldReader) -> Shipment? {
    let reference = reader.required("reference", "Send your order number.") {
      $0.text("reference", "orderNumber", "orderId", "orderReference", max: Limit.code)
    }
    let market = reader.required("market", "Name the market of destination.") { destination(&$0) }
    let seller =
      reader.party("seller", "shipper", "exporter", "consignor")
      ?? reader.required("seller", "Send who sells: name, country and address.") { _ in defaultSeller }
    let consignee = reader.required("consignee", "Send who receives: name, country and address.") {
      $0.party("consignee", "buyer", "recipient", "shipTo", "customer")
    }
    let notifyParty = reader.party("notifyParty", "notify")
    let vessel = reader.text("vessel", "vesselName", max: Limit.name)
    let currency = reader.required("currency", "Send the currency of the prices, such as USD.") {
      $0.currency("currency", "currencyCode")
    }
    let lines = reader.shipmentLines(currency: currency)
    let terms = reader.deliveryTerms()
    let orderDate = reader.date("orderDate", "date")
    let exportCountry = reader.country("exportCountry", "countryOfExport", "shipFromCountry")
    let mode = reader.transportMode()
    let freight = reader.charge("freight", "shippingCost", "shippingCharge", currency: currency)
    let insurance = reader.charge("insurance", "insuranceCost", currency: currency)
    let packages = reader.packages(lines: lines)
    reader.checkTotals(lines, freight: freight, insurance: insurance, currency: currency)
    guard let reference, let market, let seller, let consignee, let currency else { return nil }
    var shipment = Shipment(
      reference: reference, market: market, seller: seller, consignee: consignee, currency: currency, lines: lines)
    shipment.notifyParty = notifyParty
    shipment.vessel = vessel
    shipment.orderDate = orderDate
    shipment.incoterm = terms?.rule
    shipment.incotermPlace = terms?.place
    shipment.exportCountry = exportCountry
    shipment.transportMode = mode
    shipment.freight = freight
    shipment.insurance = insurance
    shipment.packages = packages
    return shipment
  }

  private func destination(_ reader: inout FieldReader) -> Market? {
    guard let field = reader.one(["market", "destination", "destinationMarket", "destinationCountry"]),
      let text = reader.text(field, max: Limit.code)
    else { return nil }
    if let market = Market(text.uppercased()), knownMarkets.contains(market) { return market }
    reader.log.refuse(
      field.pointer, .unknown, "\(quoted(text)) is not a market that is served.",
      "Use one of: \(knownMarkets.map(\.code).joined(separator: ", ")).")
    return nil
  }
}

extension FieldReader {
  mutating func date(_ names: String...) -> CalendarDate? {
    guard let field = one(names), let text = text(field, max: 40) else { return nil }
    if let date = CalendarDate(text) ?? Instant(text)?.date { return date }
    log.refuse(
      field.pointer, .invalid, "\(quoted(text)) is not a date that has one meaning.", "Write it as 2026-01-31.")
    return nil
  }

  mutating func charge(_ names: String..., currency: CurrencyCode?) -> Money? {
    guard let field = one(names), let money = money(field, currency: currency) else { return nil }
    guard money.minorUnits >= 0 else {
      log.refuse(field.pointer, .invalid, "\(money) is negative.", "Send the cost, or leave it out when there is none.")
      return nil
    }
    return money
  }

  mutating func transportMode() -> String? {
    guard let field = one(["transportMode", "modeOfTransport", "shippingMode"]), let text = text(field, max: 50) else {
      return nil
    }
    switch RawRecord.normalised(text) {
    case "sea", "ocean", "maritime", "vessel", "1": return "sea"
    case "rail", "train", "2": return "rail"
    case "road", "truck", "land", "3": return "road"
    case "air", "airfreight", "plane", "4": return "air"
    case "post", "mail", "postal", "5": return "post"
    case "courier", "express": return "courier"
    case "multimodal", "6": return "multimodal"
    default:
      log.refuse(
        field.pointer, .invalid, "\(quoted(text)) is not a mode of transport.",
        "Use sea, air, road, rail, post, courier or multimodal.")
      return nil
    }
  }

  /// A rule of Incoterms 2020 and its named place, in two fields or as `FOB Shenzhen`.
  mutating func deliveryTerms() -> (rule: String, place: String?)? {
    let place = text("incotermPlace", "namedPlace", "incotermsPlace", max: Limit.name)
    guard let field = one(["incoterm", "incoterms", "deliveryTerms", "termsOfDelivery"]),
      let text = text(field, max: Limit.name)
    else {
      if let place {
        log.refuse(
          "\(record.pointer)/incoterm", .missing, "The place \(quoted(place)) has no Incoterms rule.",
          "Send the rule, such as FOB or DAP.")
      }
      return nil
    }
    let rule = String(text.prefix(3)).uppercased()
    let rest = text.dropFirst(3)
    guard FieldReader.incoterms2020.contains(rule), rest.first.map({ !$0.isLetter }) ?? true else {
      log.refuse(
        field.pointer, .invalid, "\(quoted(text)) is not a rule of Incoterms 2020.",
        rule == "DAT"
          ? "Use DPU, which replaced DAT."
          : rule == "DDU" || rule == "DAF" || rule == "DES" || rule == "DEQ"
            ? "Use DAP, which replaced \(rule)."
            : "Use one of: \(FieldReader.incoterms2020.joined(separator: ", ")).")
      return nil
    }
    let named = CleanText.clean(String(rest).replacing("(", ")", ",", ":").withoutYear())
    if let place, !named.isEmpty, place != named {
      log.refuse(
        field.pointer, .conflicting, "The place is \(quoted(named)) here and \(quoted(place)) in another field.",
        "Send one named place.")
    }
    return (rule, place ?? (named.isEmpty ? nil : named))
  }

  static let incoterms2020 = ["EXW", "FCA", "CPT", "CIP", "DAP", "DPU", "DDP", "FAS", "FOB", "CFR", "CIF"]
}

extension String {
  fileprivate func replacing(_ characters: Character...) -> String {
    String(map { characters.contains($0) ? " " : $0 })
  }

  fileprivate func withoutYear() -> String {
    split(separator: " ").filter { !["incoterms", "incoterms®", "incoterm", "2020", "2010"].contains($0.lowercased()) }
      .joined(separator: " ")
  }
}
