import CSV
import Domain

/// A listing and its true code.
public struct LabelledListing: Sendable {
  public var product: Product
  public var code: HSCode

  public init(product: Product, code: HSCode) {
    self.product = product
    self.code = code
  }
}

/// Labelled listings from CSV with the columns `title,attributes,category,hs6`, in any order and among others;
/// attributes as `name: value; …`, categories as `wide > narrow`.
public enum LabelledListings {
  public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String
  }

  /// What a file holds.
  public struct Contents: Sendable {
    public var items: [LabelledListing] = []
    /// Of rows without a code, or with other columns than the header: there is nothing to learn from them, nor to score.
    public var linesLeftOut: [Int] = []
  }

  public static func items(csv: String, market: Market) throws(Problem) -> [LabelledListing] {
    try contents(csv: csv, market: market).items
  }

  public static func contents(csv: String, market: Market) throws(Problem) -> Contents {
    let rows = DelimitedText(Array(csv.utf8), delimiter: separator(csv)).rows
    let header = (rows.first?.cells ?? []).map { TokenStream($0).words.joined() }
    func column(_ name: String) -> Int? { header.firstIndex(of: name) }
    guard let title = column("title"), let label = column("hs6") else {
      throw Problem(
        description: "the first line must name the columns title and hs6, and may name attributes, category")
    }
    let (attributes, category) = (column("attributes"), column("category"))
    var contents = Contents()
    for row in rows.dropFirst() {
      guard row.cells.count == header.count, let code = code(row[label]) else {
        contents.linesLeftOut.append(row.line)
        continue
      }
      let product = product(title: row[title], attributes: row[attributes], category: row[category], market: market)
      contents.items.append(LabelledListing(product: product, code: code))
    }
    return contents
  }

  /// What spreadsheets of some countries write instead of commas.
  private static func separator(_ csv: String) -> Unicode.Scalar {
    let header = csv.unicodeScalars.prefix { $0 != "\n" }
    return [",", ";", "\t"].first { header.contains($0) } ?? ","
  }

  /// A spreadsheet drops the zero that a code begins with.
  private static func code(_ text: String) -> HSCode? {
    let digits = trimmed(text[...])
    guard let code = HSCode(digits.utf8.count == 5 ? "0\(digits)" : digits), code.digits.utf8.count >= 6 else {
      return nil
    }
    return code
  }

  /// The first column of each row.
  public static func titles(csv: String) -> [String] { DelimitedText(Array(csv.utf8)).rows.compactMap(\.cells.first) }

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

  static func trimmed(_ text: Substring) -> String {
    var bytes = text.utf8.drop { $0 == UInt8(ascii: " ") }
    while bytes.last == UInt8(ascii: " ") { bytes = bytes.dropLast() }
    return String(Substring(bytes))
  }
}

extension ProductDescription {
  func product(market: Market) -> Product {
    LabelledListings.product(title: title, attributes: attributes, category: category, market: market)
  }
}
