import Domain

/// One shipment: what it waits for, what each line costs at the border, its documents, and how it came so far.
public struct ShipmentPage {
  private let file: ShipmentFile
  private let visitor: Visitor

  public init(_ file: ShipmentFile, _ visitor: Visitor) {
    self.file = file
    self.visitor = visitor
  }

  private var shipment: Shipment { file.shipment }

  public var html: HTML {
    Page(title: .verbatim(shipment.reference), visitor: visitor).render {
      HTML.element("div", .class("why-here \(isDone ? "done" : "waits")")) {
        HTML.element("p") {
          file.standing
          if let reason = file.holdReason, file.state == .held { [.text(" "), HTML.rule(reason)] }
        }
      }
      HTML.element("div", .class("heading")) {
        HTML.element("h1", .init("dir", "auto")) { "Shipment \(shipment.reference)" }
        HTML.element("p", .class("meta")) {
          HTML.element("span") { "market \(shipment.market)" }
          HTML.element("span") { file.state.phrase }
          HTML.element("span") { "received \(file.receivedAt)" }
          HTML.element("span", .init("dir", "auto")) { "from \(shipment.seller.name)" }
          HTML.element("span", .init("dir", "auto")) { "to \(shipment.consignee.name)" }
          for text in terms { HTML.element("span", .init("dir", "auto")) { text } }
        }
      }
      lines
      documents
      deliveries
      TrailSection(entries: file.trail, isCut: file.isTrailCut).html
    }
  }

  private var isDone: Bool { file.state == .writtenBack || file.state == .documented || file.state == .ready }

  private var terms: [Phrase] {
    [
      shipment.incoterm.map { "\($0) \(shipment.incotermPlace ?? "")" }, shipment.transportMode.map(mode),
      shipment.freight.map { "freight \($0)" }, shipment.insurance.map { "insurance \($0)" },
    ].compactMap { $0 }
  }

  private func mode(_ name: String) -> Phrase {
    switch name {
    case "air": "by air"
    case "courier": "by courier"
    case "multimodal": "by several modes of transport"
    case "post": "by post"
    case "rail": "by rail"
    case "road": "by road"
    case "sea": "by sea"
    default: .verbatim(name)
    }
  }

  // MARK: Lines

  private var lines: HTML {
    .element("section", .init("aria-labelledby", "lines")) {
      HTML.element("h2", .id("lines")) { "Lines, and what each costs at the border" }
      HTML.element("p", .class("hint")) {
        """
        Duty and taxes are estimated for each line as if it were sent by itself, with its share of freight and insurance \
        by value. A relief for small consignments may not hold for the whole.
        """
      }
      Table(
        name: "Lines", columns: ["Line", "Product", "Quantity", "Amount", "Code", "Duty and taxes", "Status"],
        rows: file.lines.map(row)
      ).html
    }
  }

  private func row(_ line: ShipmentFile.Line) -> [Table.Cell] {
    [
      .number("\(line.line.number)"), .html(product(line)), .number(quantity(line.line)),
      .number("\(line.line.amount)"), .html(code(line)),
      .html(line.landed.map { DutyLine($0).html } ?? .phrase("no code yet")),
      .html(status(line)),
    ]
  }

  /// Pieces have a word in every language, other units their code of UN/ECE Recommendation 20.
  private func quantity(_ line: ShipmentLine) -> Phrase {
    switch line.unit {
    case "C62": line.quantity == 1 ? "1 piece" : "\(line.quantity) pieces"
    default: "\(line.quantity) \(line.unit)"
    }
  }

  private func product(_ line: ShipmentFile.Line) -> HTML {
    .fragment([
      .element("a", [HTMLAttribute("href", ProductPage.path(of: line.line.sku))], [.text(line.line.sku)]),
      .element("span", [.class("hint"), HTMLAttribute("dir", "auto")], [.text(" \(line.line.description ?? "")")]),
    ])
  }

  private func code(_ line: ShipmentFile.Line) -> HTML {
    guard let code = line.code else { return .phrase("none") }
    return .fragment([
      .element("span", [.class("code")], [.text(code.dotted)]),
      .text(" "), .element("span", [.class("hint")], [.phrase(line.isDecided ? "decided" : "proposed")]),
    ])
  }

  private func status(_ line: ShipmentFile.Line) -> HTML {
    guard let id = line.caseID else { return .phrase("waits for the product itself to arrive") }
    let wait = line.state.flatMap { $0.waitsFor(line.roles) }
    let words: Phrase =
      switch line.status {
      case "cleared": "cleared"
      case "rejected": "rejected"
      default: "waits for \(wait ?? "its case")"
      }
    return .element("a", [HTMLAttribute("href", "/cases/\(id)")], [.phrase(words)])
  }

  // MARK: Documents and deliveries

  private var documents: HTML {
    .element("section", .init("aria-labelledby", "documents")) {
      HTML.element("h2", .id("documents")) { "Documents" }
      Table(
        name: "Documents", columns: ["Kind", "Name", "SHA-256"],
        rows: file.documents.map { DocumentCells($0).cells }
      ).html
    }
  }

  private var deliveries: HTML {
    .element("section", .init("aria-labelledby", "deliveries")) {
      HTML.element("h2", .id("deliveries")) { "Deliveries" }
      Table(
        name: "Deliveries", columns: ["To", "State", "Attempts", "Last answer", "When"],
        rows: file.deliveries.map { delivery in
          [
            .text(delivery.destination), .phrase(delivery.stateWords), .number("\(delivery.attempts)"),
            .text([delivery.lastStatus.map(String.init), delivery.lastError].compactMap { $0 }.joined(separator: " ")),
            .phrase("\(delivery.deliveredAt ?? delivery.createdAt)"),
          ]
        }
      ).html
    }
  }
}

/// The newest shipments, or those whose reference begins as asked.
public struct ShipmentsPage {
  private let entries: [ShipmentEntry]
  private let reference: String
  private let visitor: Visitor

  public static let limit = 100

  public init(_ entries: [ShipmentEntry], reference: String, _ visitor: Visitor) {
    self.entries = entries
    self.reference = reference
    self.visitor = visitor
  }

  public var html: HTML {
    Page(title: "Shipments", visitor: visitor).render {
      HTML.element("h1") { "Shipments" }
      HTML.element("form", .init("method", "get"), .init("action", "/shipments"), .class("filter")) {
        HTML.element("label", .init("for", "reference")) { "Reference begins with" }
        HTML.element(
          "input", .id("reference"), .init("name", "reference"), .init("value", reference), .init("maxlength", "200"))
        HTML.element("button") { "Show" }
      }
      if entries.count == ShipmentsPage.limit {
        HTML.element("p", .class("hint")) { "The newest \(ShipmentsPage.limit)." }
      }
      if entries.isEmpty {
        HTML.element("p", .class("empty")) { "There is no such shipment." }
      } else {
        Table(
          name: "Shipments", columns: ["Reference", "Market", "State", "Lines cleared", "Rejected", "Received"],
          rows: entries.map { entry in
            [
              .html(
                .element(
                  "a", [HTMLAttribute("href", "/shipments/\(entry.id)"), HTMLAttribute("dir", "auto")],
                  [.text(entry.reference)])),
              .text(entry.market.code), .phrase(entry.state.phrase), .number("\(entry.cleared) of \(entry.lines)"),
              .number("\(entry.rejected)"), .phrase("\(entry.receivedAt)"),
            ]
          }
        ).html
      }
    }
  }
}
