import Domain

/// Labelled listings from CSV with the columns `title,attributes,category,hs6`; attributes as `name: value; …`,
/// categories as `wide > narrow`.
public enum LabelledListings {
  public static func items(csv: String, market: Market) -> [Evaluation.Item] {
    rows(csv).dropFirst().compactMap { row in
      guard row.count == 4, let code = HSCode(row[3]) else { return nil }
      return Evaluation.Item(
        product: product(title: row[0], attributes: row[1], category: row[2], market: market), code: code)
    }
  }

  /// The first column of each row.
  public static func titles(csv: String) -> [String] { rows(csv).compactMap(\.first) }

  public static func product(title: String, attributes: String = "", category: String = "", market: Market) -> Product {
    var product = Product(sku: "listing", titles: [LocalizedText(title)], markets: [market])
    product.categoryPath = parts(category, UInt8(ascii: ">"))
    product.attributes = parts(attributes, UInt8(ascii: ";")).compactMap { pair in
      guard let colon = pair.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
      return Attribute(trimmed(pair[..<colon]), trimmed(pair[pair.index(after: colon)...]))
    }
    return product
  }

  private static func parts(_ text: String, _ separator: UInt8) -> [String] {
    text.utf8.split(separator: separator).map { trimmed(Substring($0)) }.filter { !$0.isEmpty }
  }

  private static func trimmed(_ text: Substring) -> String {
    var bytes = text.utf8.drop { $0 == UInt8(ascii: " ") }
    while bytes.last == UInt8(ascii: " ") { bytes = bytes.dropLast() }
    return String(Substring(bytes))
  }

  /// RFC 4180: quoted fields may hold commas, line ends and doubled quotes.
  private static func rows(_ csv: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var wasQuote = false
    func finishField() {
      row.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
    }
    for byte in csv.utf8 {
      switch byte {
      case UInt8(ascii: "\""):
        if wasQuote && !isQuoted { field.append(byte) }
        isQuoted.toggle()
        wasQuote = true
        continue
      case UInt8(ascii: ",") where !isQuoted: finishField()
      case UInt8(ascii: "\n") where !isQuoted:
        finishField()
        rows.append(row)
        row = []
      case UInt8(ascii: "\r") where !isQuoted: break
      default: field.append(byte)
      }
      wasQuote = false
    }
    if !field.isEmpty || !row.isEmpty {
      finishField()
      rows.append(row)
    }
    return rows
  }
}
