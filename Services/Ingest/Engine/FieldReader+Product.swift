import Domain
import JSON

extension FieldReader {
  /// A text as one string, as an object by language, as a list, or as fields of their own such as `title_th`.
  mutating func localizedTexts(_ name: String, max: Int, others: [String]) -> [LocalizedText] {
    var texts: [LocalizedText] = []
    var fields: [RawRecord.Field] = []
    for candidate in [name, "\(name)s"] { if let field = one([candidate]) { fields.append(field) } }
    if fields.isEmpty, let field = one(others) { fields.append(field) }
    for field in fields { texts += localizedTexts(field, max: max) }
    for (rest, field) in record.takeLanguages(after: RawRecord.normalised(name)) {
      if let text = text(field, max: max) { texts.append(LocalizedText(text, language: rest)) }
    }
    return distinct(texts, fields.first?.pointer ?? "\(record.pointer)/\(name)")
  }

  private mutating func localizedTexts(_ field: RawRecord.Field, max: Int) -> [LocalizedText] {
    switch field.value {
    case .array(let elements):
      return elements.prefix(Limit.titles + 1).enumerated().flatMap { index, element -> [LocalizedText] in
        let item = RawRecord.Field(pointer: "\(field.pointer)/\(index)", value: element)
        guard element.arrayValue == nil else {
          log.refuse(item.pointer, .invalid, "This is a list in a list.", "Send one text, or one for each language.")
          return []
        }
        return item.isBlank ? [] : localizedTexts(item, max: max)
      }
    case .object(let object) where object["text"] != nil || object["value"] != nil:
      return nested(object, field.pointer) { inner in
        let tag = inner.one(["language", "lang", "locale"])
        guard let content = inner.one(["text", "value"]), let text = inner.text(content, max: max) else { return [] }
        guard let tag else { return [LocalizedText(text)] }
        return inner.language(tag.value.stringValue ?? "", tag.pointer).map { [LocalizedText(text, language: $0)] }
          ?? []
      }
    case .object(let object):
      let members = object.members.prefix(Limit.titles + 1).compactMap { member -> (LocalizedText)? in
        let item = RawRecord.Field(pointer: "\(field.pointer)/\(escaped(member.key))", value: member.value)
        guard !item.isBlank, let language = language(member.key, item.pointer), let text = text(item, max: max) else {
          return nil
        }
        return LocalizedText(text, language: language)
      }
      // Members of an object have no order, so that equal products have one hash; English is shown where there is any.
      return members.sorted { ($0.language == "en" ? "" : $0.language) < ($1.language == "en" ? "" : $1.language) }
    default:
      return text(field, max: max).map { [LocalizedText($0)] } ?? []
    }
  }

  private mutating func language(_ tag: String, _ pointer: String) -> String? {
    if let language = LanguageTag.canonical(tag) { return language }
    log.refuse(
      pointer, .invalid, "\(quoted(tag)) is not a language tag.", "Use a BCP 47 tag, such as en, id, th or zh-Hans.")
    return nil
  }

  private mutating func distinct(_ texts: [LocalizedText], _ pointer: String) -> [LocalizedText] {
    var kept: [LocalizedText] = []
    for text in texts where !kept.contains(text) {
      if let twin = kept.first(where: { $0.language == text.language && $0.language != "und" }) {
        log.refuse(
          pointer, .conflicting, "There are two texts in \(text.language): \(quoted(twin.text)), \(quoted(text.text)).",
          "Send one text per language.")
        continue
      }
      // The same words without a language say nothing more.
      if text.language == "und", kept.contains(where: { $0.text == text.text }) { continue }
      // Nor does a text without a language beside the same with one.
      kept.removeAll { $0.language == "und" && $0.text == text.text }
      kept.append(text)
    }
    guard kept.count <= Limit.titles else {
      log.refuse(pointer, .invalid, "There are \(kept.count) texts.", "Send at most \(Limit.titles), one per language.")
      return []
    }
    return kept
  }

  mutating func categoryPath() -> [String] {
    guard let field = one(["categoryPath", "category", "categories", "productType", "taxonomy"]) else { return [] }
    return strings(field, countMax: Limit.categories, max: Limit.category) { text in
      for separator in [">", "›", "»", "|", " / "] where text.contains(separator) {
        return text.split(separator: separator).map(String.init)
      }
      return [text]
    }
  }

  mutating func imageAddresses() -> [String] {
    var addresses: [String] = []
    for name in ["imageAddresses", "images", "image", "imageUrl", "imageUrls", "imageLink"] {
      guard let field = one([name]) else { continue }
      let found = strings(field, countMax: Limit.images, max: Limit.imageAddress) { text in
        text.split { $0 == " " || $0 == "|" }.flatMap { part -> [String] in
          let pieces = part.split(separator: ",").map(String.init)
          return pieces.allSatisfy { $0.hasPrefix("http") } ? pieces : [String(part)]
        }
      }
      for address in found where !addresses.contains(address) {
        guard FieldReader.isWebAddress(address) else {
          log.refuse(
            field.pointer, .invalid, "\(quoted(address)) is not the address of an image.",
            "Send a full address that begins with https://.")
          continue
        }
        addresses.append(address)
      }
    }
    guard addresses.count <= Limit.images else {
      log.refuse("\(record.pointer)/images", .invalid, "There are too many images.", "Send at most \(Limit.images).")
      return []
    }
    return addresses
  }

  private static func isWebAddress(_ text: String) -> Bool {
    let lower = text.prefix(8).lowercased()
    let scheme = lower.hasPrefix("https://") ? 8 : lower.hasPrefix("http://") ? 7 : 0
    let host = text.dropFirst(scheme).prefix { !"/?#".contains($0) }
    return scheme > 0 && !host.isEmpty && !host.contains("@") && !text.contains(where: { " <>\"\\".contains($0) })
  }

  mutating func unitValue() -> Money? {
    let currency = self.currency("currency", "currencyCode", "priceCurrency", "unitValueCurrency")
    var values: [(pointer: String, money: Money)] = []
    for name in ["unitValue", "price", "unitPrice", "declaredValue", "customsValue"] {
      guard let field = one([name]), let money = money(field, currency: currency) else { continue }
      guard money.minorUnits > 0 else {
        log.refuse(
          field.pointer, .invalid, "A value of \(money) is not possible.",
          "Send the price of one unit; for a free sample, the price it is usually sold at.")
        continue
      }
      values.append((field.pointer, money))
    }
    for other in values.dropFirst() where other.money != values[0].money {
      log.refuse(
        other.pointer, .conflicting, "\(other.money) contradicts \(values[0].pointer), \(values[0].money).",
        "Send one value of one unit.")
    }
    return values.first?.money
  }

  mutating func netWeightGrams() -> Decimal? {
    let plain = weightGrams("weight")
    let net = weightGrams("netWeight")
    if let plain, let net, plain != net {
      log.refuse(
        "\(record.pointer)/netWeight", .conflicting, "The net weight is \(net) g, but the weight is \(plain) g.",
        "Send the net weight once, and the weight with packing as grossWeight.")
    }
    let result = net ?? plain
    if let gross = weightGrams("grossWeight"), let result, result > gross {
      log.refuse(
        "\(record.pointer)/grossWeight", .conflicting, "The net weight, \(result) g, is above the gross, \(gross) g.",
        "Check which of the two includes the packing.")
    }
    return result
  }

  mutating func gtin() -> GTIN? {
    guard let field = one(["gtin", "ean", "ean13", "upc", "barcode", "gtin13", "gtin14", "gtin8", "gtin12"]),
      let text = text(field, max: Limit.code)
    else { return nil }
    let digits = String(text.filter { $0 != " " && $0 != "-" })
    let isPlaceholder = digits.allSatisfy { $0 == "0" }
    if !isPlaceholder, let gtin = GTIN(digits) { return gtin }
    let isNumeric = digits.utf8.allSatisfy(NumberText.isDigit)
    if isNumeric, !isPlaceholder, [8, 12, 13, 14].contains(digits.utf8.count) {
      log.refuse(
        field.pointer, .invalid, "The check digit of \(quoted(text)) is wrong.",
        "Compare it with the number under the barcode.")
    } else {
      log.refuse(
        field.pointer, .invalid, "\(quoted(text)) is not a GTIN.",
        "Send 8, 12, 13 or 14 digits as text, so that zeros at the front are kept.")
    }
    return nil
  }

  mutating func suppliedCode() -> HSCode? {
    guard
      let field = one(["suppliedCode", "hsCode", "hs", "hts", "htsCode", "tariffCode", "commodityCode", "ahtn"]),
      let text = text(field, max: Limit.code)
    else { return nil }
    let digits = text.filter { $0 != "-" }
    let remedy = "Send 6 to 12 digits as text, such as 8517.13 or 01012100."
    guard let code = HSCode(digits) else {
      log.refuse(field.pointer, .invalid, "\(quoted(text)) is not a tariff code.", remedy)
      return nil
    }
    // As a number, 0101.21 arrives as 10121 and would be read as chapter 10.
    if field.value.stringValue == nil, code.digits.utf8.count % 2 == 1 {
      log.refuse(field.pointer, .invalid, "\(quoted(text)) seems to have lost a zero at the front.", remedy)
      return nil
    }
    guard let chapter = Int(code.chapter), (1...97).contains(chapter), chapter != 77 else {
      log.refuse(field.pointer, .invalid, "There is no chapter \(code.chapter) in the tariff.", remedy)
      return nil
    }
    return code
  }

  mutating func variant(of sku: String) -> String? {
    guard let field = one(["variantOf", "parentSku", "parent"]), let parent = text(field, max: Limit.sku) else {
      return nil
    }
    guard parent != sku else {
      log.refuse(
        field.pointer, .conflicting, "The product says that it is a variant of itself.",
        "Send the SKU of the main product, or leave the field out.")
      return nil
    }
    return parent
  }

  /// nil when none is named.
  mutating func markets(known: [Market], otherwise: [Market]) -> [Market]? {
    guard let field = one(["markets", "market", "destinations", "destinationMarkets"]) else {
      return otherwise.isEmpty ? nil : otherwise
    }
    let codes = strings(field, countMax: 100, max: Limit.code) { text in
      text.split { " ,;|/".contains($0) }.map(String.init)
    }
    var markets: Set<Market> = []
    for code in codes {
      guard let market = Market(code.uppercased()), known.contains(market) else {
        log.refuse(
          field.pointer, .unknown, "\(quoted(code)) is not a market that is served.",
          "Use one or more of: \(FieldReader.list(known)).")
        continue
      }
      markets.insert(market)
    }
    return markets.isEmpty ? nil : markets.sorted()
  }

  static func list(_ markets: [Market]) -> String { markets.map(\.code).joined(separator: ", ") }
}

extension RawRecord {
  /// `title_th` and `title-zh-Hant`, but not `titlePage`: only what is a language tag after the name.
  fileprivate mutating func takeLanguages(after name: String) -> [(language: String, field: Field)] {
    take(prefix: name) { LanguageTag.known($0) }.sorted { $0.0 < $1.0 }
  }
}
