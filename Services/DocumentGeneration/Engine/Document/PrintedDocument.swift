import Domain

/// What stands on the pages of one document, as texts, before any of it has a place.
struct PrintedDocument {
  struct Party {
    let label: String
    let texts: [PrintedText]
  }

  struct Fact {
    let label: String
    let value: PrintedText
  }

  struct Section {
    /// nil for a document's one table.
    let title: String?
    let columns: [Table.Column]
    let rows: [Table.Row]
  }

  struct Total {
    let label: String
    let value: PrintedText
    let isGrand: Bool
  }

  let kind: GeneratedDocument.Kind
  let input: ShipmentDocumentInput
  let figures: ShipmentFigures
  let inputHash: String

  var title: String { kind.title }
  var number: PrintedText { PrintedText(input.documentNumber, .strong, field: "documentNumber") }
  var issuer: PrintedText { PrintedText(input.tenantName, .issuer, field: "tenantName") }
  var issuedOn: String { input.issuedAt.date.description }

  var watermarks: [String] {
    var texts: [String] = []
    if input.sandbox { texts.append("SANDBOX – NOT FOR CUSTOMS") }
    if input.status == .draft { texts.append("DRAFT") }
    return texts
  }

  var parties: [Party] {
    [
      party("Seller / exporter", input.shipment.seller, "shipment.seller"),
      party("Consignee / importer", input.shipment.consignee, "shipment.consignee"),
    ]
  }

  private func party(_ label: String, _ party: Domain.Party, _ field: String) -> Party {
    var texts = [PrintedText(party.name, .strong, field: "\(field).name")]
    if let address = party.address { texts += PrintedText(address, .body, field: "\(field).address").lines }
    if let country = party.country {
      texts.append(PrintedText(named(country), .body, field: "\(field).country"))
    }
    for identifier in party.identifiers {
      texts.append(PrintedText(identifier, .fine, field: "\(field).identifiers"))
    }
    return Party(label: label, texts: texts)
  }

  private func named(_ country: CountryCode) -> String { "\(CountryName.of(country)) (\(country))" }
}

// MARK: - Terms

extension PrintedDocument {
  var facts: [Fact] {
    let shipment = input.shipment
    var facts: [Fact] = []
    func add(_ label: String, _ text: String?, _ field: String) {
      if let text { facts.append(Fact(label: label, value: PrintedText(text, .body, field: "shipment.\(field)"))) }
    }
    add("Shipment", shipment.reference, "reference")
    add("Order date", shipment.orderDate?.description, "orderDate")
    add("Exported from", shipment.exportCountry.map(named), "exportCountry")
    add("Destination", CountryCode(shipment.market.code).map(named) ?? shipment.market.code, "market")
    add("Transport", shipment.transportMode, "transportMode")
    let terms = [shipment.incoterm, shipment.incotermPlace].compactMap { $0 }
    add("Terms of delivery", terms.isEmpty ? nil : terms.joined(separator: " "), "incoterm")
    if kind == .commercialInvoice { add("Currency", shipment.currency.code, "currency") }
    add("Packages", shipment.packages.isEmpty ? nil : String(shipment.packages.count), "packages")
    add("Net weight", figures.netWeightGrams.map { "\(FigureText.kilograms($0)) kg" }, "lines.netWeightGrams")
    add("Gross weight", figures.grossWeightGrams.map { "\(FigureText.kilograms($0)) kg" }, "packages.grossWeightGrams")
    return facts
  }

  var totals: [Total] {
    switch kind {
    case .commercialInvoice: invoiceTotals
    case .packingList: packingTotals
    }
  }

  private var invoiceTotals: [Total] {
    var totals: [Total] = []
    func add(_ label: String, _ money: Money?, isGrand: Bool = false) {
      guard let money else { return }
      let text = PrintedText(FigureText.amountWithCurrency(money), isGrand ? .grandTotal : .total, field: "totals")
      totals.append(Total(label: label, value: text, isGrand: isGrand))
    }
    let isStated = figures.total != nil
    add("Total of goods", figures.goods, isGrand: !isStated)
    add("Freight", input.shipment.freight)
    add("Insurance", input.shipment.insurance)
    add("Total", figures.total, isGrand: true)
    return totals
  }

  private var packingTotals: [Total] {
    var totals = figures.quantities.map { unit, quantity in
      let text = "\(FigureText.quantity(quantity)) \(FigureText.unit(unit))"
      return Total(label: "Quantity", value: PrintedText(text, .total, field: "shipment.lines.unit"), isGrand: false)
    }
    func add(_ label: String, _ text: String?) {
      guard let text else { return }
      totals.append(Total(label: label, value: PrintedText(text, .total, field: "totals"), isGrand: false))
    }
    add("Packages", input.shipment.packages.isEmpty ? nil : String(input.shipment.packages.count))
    add("Net weight", figures.netWeightGrams.map { "\(FigureText.kilograms($0)) kg" })
    add("Gross weight", figures.grossWeightGrams.map { "\(FigureText.kilograms($0)) kg" })
    return totals
  }
}

// MARK: - Tables

extension PrintedDocument {
  var sections: [Section] {
    switch kind {
    case .commercialInvoice: [invoiceLines]
    case .packingList: input.shipment.packages.isEmpty ? [contents] : [contents, packages]
    }
  }

  private var invoiceLines: Section {
    let currency = input.shipment.currency
    return Section(
      title: nil,
      columns: [
        Table.Column(head: "Line", alignment: .right, widthMax: 30), Table.Column(head: "Goods"),
        Table.Column(head: "HS code", widthMax: 80), Table.Column(head: "Origin", widthMax: 66),
        Table.Column(head: "Quantity", alignment: .right, widthMax: 66), Table.Column(head: "Unit", widthMax: 34),
        Table.Column(head: "Price \(currency)", alignment: .right, widthMax: 84),
        Table.Column(head: "Amount \(currency)", alignment: .right, widthMax: 90),
      ],
      rows: figures.lines.map { line in
        let field = path(line)
        return Table.Row(
          cells: [
            [figure(String(line.source.number), "\(field).number")], goods(line), code(line), origin(line),
            [figure(FigureText.quantity(line.source.quantity), "\(field).quantity")], unit(line),
            [figure(FigureText.amount(line.source.unitPrice), "\(field).unitPrice")],
            [figure(FigureText.amount(line.amount), "\(field).amount")],
          ], note: note(line))
      })
  }

  private var contents: Section {
    Section(
      title: "Contents",
      columns: [
        Table.Column(head: "Line", alignment: .right, widthMax: 30), Table.Column(head: "Goods"),
        Table.Column(head: "HS code", widthMax: 80), Table.Column(head: "Origin", widthMax: 66),
        Table.Column(head: "Quantity", alignment: .right, widthMax: 66), Table.Column(head: "Unit", widthMax: 34),
        Table.Column(head: "Net kg", alignment: .right, widthMax: 66), Table.Column(head: "In package", widthMax: 76),
      ],
      rows: figures.lines.map { line in
        let field = path(line)
        return Table.Row(
          cells: [
            [figure(String(line.source.number), "\(field).number")], goods(line), code(line), origin(line),
            [figure(FigureText.quantity(line.source.quantity), "\(field).quantity")], unit(line),
            [weight(line.source.netWeightGrams, "\(field).netWeightGrams")],
            [PrintedText(line.packageMarks.joined(separator: ", "), .body, field: "shipment.packages.mark")],
          ], note: note(line))
      })
  }

  private var packages: Section {
    Section(
      title: "Packages",
      columns: [
        Table.Column(head: "Mark", widthMax: 160), Table.Column(head: "Lines"),
        Table.Column(head: "Dimensions", alignment: .right, widthMax: 120),
        Table.Column(head: "Gross kg", alignment: .right, widthMax: 80),
      ],
      rows: input.shipment.packages.map { package in
        let field = "shipment.packages[\(package.mark)]"
        let lines = FigureText.lineNumbers(package.lineNumbers)
        return Table.Row(cells: [
          [PrintedText(package.mark, .body, field: "\(field).mark")], [figure(lines, "\(field).lineNumbers")],
          [figure(package.dimensions ?? "–", "\(field).dimensions")],
          [weight(package.grossWeightGrams, "\(field).grossWeightGrams")],
        ])
      })
  }

  private func path(_ line: ShipmentFigures.Line) -> String { "shipment.lines[\(line.source.number)]" }
  private func figure(_ text: String, _ field: String) -> PrintedText { PrintedText(text, .figure, field: field) }

  private func weight(_ grams: Decimal?, _ field: String) -> PrintedText {
    figure(grams.map(FigureText.kilograms) ?? "–", field)
  }

  private func unit(_ line: ShipmentFigures.Line) -> [PrintedText] {
    [PrintedText(FigureText.unit(line.source.unit), .body, field: "\(path(line)).unit")]
  }

  private func code(_ line: ShipmentFigures.Line) -> [PrintedText] {
    [figure(line.decided.code.dotted, "decidedLines[\(line.source.number)].code")]
  }

  private func origin(_ line: ShipmentFigures.Line) -> [PrintedText] {
    [PrintedText(named(line.decided.origin), .body, field: "decidedLines[\(line.source.number)].origin")]
  }

  /// The first title; what else is said stands in the note, which is wider.
  private func goods(_ line: ShipmentFigures.Line) -> [PrintedText] {
    line.decided.titles.prefix(1).map { PrintedText($0.text, .body, field: titlesPath(line)) }
  }

  private func note(_ line: ShipmentFigures.Line) -> [PrintedText] {
    var texts = line.decided.titles.dropFirst().map { PrintedText($0.text, .body, field: titlesPath(line)) }
    if let description = line.source.description, !line.decided.titles.contains(where: { $0.text == description }) {
      texts.append(PrintedText(description, .body, field: "\(path(line)).description"))
    }
    texts.append(PrintedText("SKU \(line.source.sku)", .fine, field: "\(path(line)).sku"))
    if kind == .commercialInvoice {
      let field = "decidedLines[\(line.source.number)].codeTitle"
      texts.append(PrintedText(line.decided.codeTitle, .fine, field: field))
    }
    return texts
  }

  private func titlesPath(_ line: ShipmentFigures.Line) -> String { "decidedLines[\(line.source.number)].titles" }
}
