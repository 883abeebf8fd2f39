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

  /// Rows without a code are left out: there is nothing to learn from them, nor to score.
  public static func items(csv: String, market: Market) throws(Problem) -> [LabelledListing] {
    let rows = DelimitedText(Array(csv.utf8)).rows.map(\.cells)
    let header = (rows.first ?? []).map { TokenStream($0).words.joined() }
    func column(_ name: String) -> Int? { header.firstIndex(of: name) }
    guard let title = column("title"), let label = column("hs6") else {
      throw Problem(
        description: "the first line must name the columns title and hs6, and may name attributes, category")
    }
    let (attributes, category) = (column("attributes"), column("category"))
    return rows.dropFirst().compactMap { row in
      guard row.count == header.count, let code = code(row[label]) else { return nil }
      let product = product(
        title: row[title], attributes: attributes.map { row[$0] } ?? "", category: category.map { row[$0] } ?? "",
        market: market)
      return LabelledListing(product: product, code: code)
    }
  }

  /// The numbers of the lines that `items` leaves out.
  public static func linesLeftOut(csv: String) -> [Int] {
    let rows = DelimitedText(Array(csv.utf8)).rows
    let header = (rows.first?.cells ?? []).map { TokenStream($0).words.joined() }
    guard let label = header.firstIndex(of: "hs6") else { return [] }
    return rows.dropFirst().filter { $0.cells.count != header.count || code($0.cells[label]) == nil }.map(\.line)
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
