import Domain

/// A line of the knowledge: `title [attribute: value; category: wide > narrow]`.
struct ExampleLine {
  enum Part {
    case attribute(name: String, value: String)
    /// Widest first.
    case category([String])
  }

  let title: String
  private(set) var parts: [Part] = []

  init(_ text: String) {
    let bytes = text.utf8
    guard bytes.last == UInt8(ascii: "]"), let open = bytes.lastIndex(of: UInt8(ascii: "[")) else {
      title = text
      return
    }
    title = String(text[..<open])
    for part in bytes[bytes.index(after: open)...].dropLast().split(separator: UInt8(ascii: ";")) {
      guard let colon = part.firstIndex(of: UInt8(ascii: ":")) else { continue }
      let name = String(Substring(part[..<colon]))
      let value = part[part.index(after: colon)...]
      if TokenStream(name).words.contains(where: { ["category", "kategori"].contains($0) }) {
        parts.append(.category(value.split(separator: UInt8(ascii: ">")).map { String(Substring($0)) }))
      } else {
        parts.append(.attribute(name: name, value: String(Substring(value))))
      }
    }
  }

  func product(market: Market) -> Product {
    var product = Product(
      sku: "listing", titles: [LocalizedText(LabelledListings.trimmed(title[...]))], markets: [market])
    for part in parts {
      switch part {
      case .attribute(let name, let value):
        product.attributes.append(
          Attribute(LabelledListings.trimmed(name[...]), LabelledListings.trimmed(value[...])))
      case .category(let path): product.categoryPath = path.map { LabelledListings.trimmed($0[...]) }
      }
    }
    return product
  }
}
