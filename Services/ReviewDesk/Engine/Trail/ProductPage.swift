import Domain

/// One product: what it is, what it has in each market, what waits on what, and how it came so far.
public struct ProductPage {
  private let file: ProductFile
  private let visitor: Visitor

  public init(_ file: ProductFile, _ visitor: Visitor) {
    self.file = file
    self.visitor = visitor
  }

  /// Where a product's page is.
  public static func path(of sku: String) -> String { "/products/\(URLText.segment(sku))" }

  public var html: HTML {
    Page(title: .verbatim(file.product.sku), visitor: visitor).render {
      HTML.element("div", .class("heading")) {
        LocalizedTitle(file.product.titles.first).heading
        HTML.element("p", .class("meta")) {
          HTML.element("span", .class("sku")) { file.product.sku }
          if let newest = file.revisions.first {
            HTML.element("span") { "revision \(newest.number), received \(newest.receivedAt)" }
          }
          if let brand = file.product.brand { HTML.element("span", .init("dir", "auto")) { brand } }
          if let origin = file.product.origin { HTML.element("span") { "origin \(origin)" } }
          if let value = file.product.unitValue { HTML.element("span") { "\(value)" } }
        }
      }
      MarketsSection(matrix: file.matrix).html
      waits
      documents
      precedents
      TrailSection(entries: file.trail, isCut: file.isTrailCut).html
    }
  }

  // MARK: Waiting

  private var waits: HTML {
    let cases = file.matrix.rows.compactMap { row in
      row.state.waitsFor(file.rolesAsked[row.market] ?? []).map { (row, $0) }
    }
    return .element("section", .init("aria-labelledby", "waits")) {
      HTML.element("h2", .id("waits")) { "What waits on what" }
      if cases.isEmpty && file.uses.isEmpty {
        HTML.element("p", .class("empty")) { "Nothing waits, and no shipment has this product." }
      }
      HTML.element("ul", .class("plain")) {
        for (row, what) in cases {
          HTML.element("li") {
            HTML.element("a", .init("href", "/cases/\(row.caseID)")) { "The case of \(row.market)" }
            HTML.text(" ")
            "waits for \(what)."
          }
        }
        for use in file.uses { HTML.element("li") { self.use(use) } }
      }
    }
  }

  private func use(_ use: ProductFile.Use) -> [HTML] {
    let link = HTML.element("a", .init("href", "/shipments/\(use.shipmentID)"), .init("dir", "auto")) {
      "Shipment \(use.reference)"
    }
    let words: Phrase =
      switch use.status {
      case "waiting": "waits for line \(use.line), the case of \(use.market)."
      case "rejected": "is held by line \(use.line), which was rejected."
      default: "has line \(use.line) cleared; it is \(use.state.phrase)."
      }
    return [link, .text(" "), .phrase(words)]
  }

  // MARK: Documents and precedents

  private var documents: HTML {
    .element("section", .init("aria-labelledby", "documents")) {
      HTML.element("h2", .id("documents")) { "Documents" }
      Table(
        name: "Documents", columns: ["Market", "Kind", "Name", "SHA-256"],
        rows: file.documents.map { market, document in [.text(market.code)] + DocumentCells(document).cells }
      ).html
    }
  }

  private var precedents: HTML {
    .element("section", .init("aria-labelledby", "precedents")) {
      HTML.element("h2", .id("precedents")) { "Precedents for this very product" }
      Table(
        name: "Precedents", columns: ["Market", "Code", "Outcome", "Title", "When", "Standing"],
        rows: file.precedents.map { precedent in
          [
            .text(precedent.market.code), .text(precedent.code.dotted), .phrase(precedent.outcome.phrase),
            .text(precedent.title), .phrase("\(precedent.decidedAt)"),
            .phrase(precedent.withdrawnAt.map { "withdrawn \($0)" } ?? "stands"),
          ]
        }
      ).html
    }
  }
}

/// How a document stands in a table: kind, name to download, digest.
struct DocumentCells {
  private let document: CaseDocument

  init(_ document: CaseDocument) { self.document = document }

  var cells: [Table.Cell] {
    [
      .phrase(document.kindWords),
      .html(.element("a", [HTMLAttribute("href", "/documents/\(document.id)")], [.text(document.name)])),
      .html(.element("span", [.class("digest")], [.text(document.sha256)])),
    ]
  }
}

/// Text as it stands in a URL.
enum URLText {
  /// Everything that is not a letter, digit, `-`, `_` or `~` is escaped, dots too: a segment is never `.` or `..`.
  static func segment(_ text: String) -> String {
    var escaped = ""
    for byte in text.utf8 {
      let character = Character(Unicode.Scalar(byte))
      if byte < 0x80, character.isLetter || character.isNumber || "-_~".contains(character) {
        escaped.append(character)
      } else {
        escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return escaped
  }
}
