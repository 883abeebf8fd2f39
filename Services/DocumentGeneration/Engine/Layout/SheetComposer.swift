/// Turns a document into strips from top to bottom: heading, parties, terms, tables, totals, declaration.
struct SheetComposer: ~Copyable {
  static let left = 42.0
  static let right = Canvas.width - 42
  private static var width: Double { right - left }

  private let document: PrintedDocument
  private let typesetter: Typesetter

  init(_ document: PrintedDocument, _ typesetter: consuming Typesetter) {
    self.document = document
    self.typesetter = typesetter
  }

  func blocks() throws(DocumentError) -> [Block] {
    var blocks = [try heading(), .space(14), try parties(), .space(12)]
    blocks += try facts()
    blocks.append(.space(14))
    for section in document.sections {
      blocks += try strips(of: section)
      blocks.append(.space(10))
    }
    blocks[blocks.count - 2].keepsWithNext = true
    blocks[blocks.count - 1].keepsWithNext = true
    blocks.append(try totals())
    blocks.append(.space(18))
    blocks.append(try declaration())
    return blocks
  }

  // MARK: - Heading

  private func heading() throws(DocumentError) -> Block {
    let half = SheetComposer.width / 2 - 10
    let issuer = try typesetter.layout(document.issuer, width: half)
    let title = try typesetter.layout(PrintedText(label: document.title, .title))
    let number = try typesetter.layout(document.number, width: half, alignment: .right)
    let date = try typesetter.layout(PrintedText(label: "Issued \(document.issuedOn)", .body))
    let height = max(issuer.height, title.height + number.height + date.height) + 10
    return Block(height: height, field: "documentNumber") { canvas, top in
      issuer.draw(on: canvas, x: SheetComposer.left, y: top + 9)
      var y = top
      for layout in [title, number, date] {
        layout.draw(on: canvas, x: SheetComposer.right - layout.width, y: y)
        y += layout.height
      }
      canvas.rule(from: SheetComposer.left, to: SheetComposer.right, y: top + height, width: 1.4, .accent)
    }
  }

  private func parties() throws(DocumentError) -> Block {
    let gap = 24.0
    let width = (SheetComposer.width - gap) / 2
    var columns: [[TextLayout]] = []
    for party in document.parties {
      var layouts = [try typesetter.layout(PrintedText(label: party.label))]
      for text in party.texts { layouts.append(try typesetter.layout(text, width: width)) }
      columns.append(layouts)
    }
    let height = columns.map(SheetComposer.height).max() ?? 0
    return Block(height: height, field: "shipment.seller.address") { canvas, top in
      for (index, column) in columns.enumerated() {
        SheetComposer.draw(column, on: canvas, x: SheetComposer.left + Double(index) * (width + gap), top: top)
      }
    }
  }

  /// Four to a row, each under its label.
  private func facts() throws(DocumentError) -> [Block] {
    let gap = 14.0
    let width = (SheetComposer.width - 3 * gap) / 4
    var cells: [[TextLayout]] = []
    for fact in document.facts {
      cells.append([
        try typesetter.layout(PrintedText(label: fact.label)), try typesetter.layout(fact.value, width: width),
      ])
    }
    return stride(from: 0, to: cells.count, by: 4).map { start in
      let row = Array(cells[start..<min(start + 4, cells.count)])
      let height = (row.map(SheetComposer.height).max() ?? 0) + 6
      return Block(height: height, field: "shipment.incotermPlace") { canvas, top in
        for (index, cell) in row.enumerated() {
          SheetComposer.draw(cell, on: canvas, x: SheetComposer.left + Double(index) * (width + gap), top: top)
        }
      }
    }
  }

  // MARK: - Tables and what follows

  private func strips(of section: PrintedDocument.Section) throws(DocumentError) -> [Block] {
    var blocks: [Block] = []
    if let title = section.title {
      let layout = try typesetter.layout(PrintedText(label: title, .strong))
      blocks.append(
        Block(height: layout.height + 2, field: "label", keepsWithNext: true) { canvas, top in
          layout.draw(on: canvas, x: SheetComposer.left, y: top)
        })
    }
    let table = try Table(
      columns: section.columns, rows: section.rows, from: SheetComposer.left, to: SheetComposer.right, typesetter)
    return blocks + table.blocks
  }

  private func totals() throws(DocumentError) -> Block {
    var rows: [(label: TextLayout, value: TextLayout, isGrand: Bool)] = []
    for total in document.totals {
      let label = try typesetter.layout(PrintedText(label: total.label, total.isGrand ? .grandTotal : .total))
      rows.append((label, try typesetter.layout(total.value), total.isGrand))
    }
    let start = SheetComposer.right - 230
    let height = rows.reduce(0) { $0 + SheetComposer.height($1.value, $1.isGrand) }
    return Block(height: height, field: "totals") { canvas, top in
      var y = top
      for row in rows {
        if row.isGrand { canvas.rule(from: start, to: SheetComposer.right, y: y + 3, width: 0.9, .accent) }
        let inset = row.isGrand ? 6.0 : 0
        row.label.draw(on: canvas, x: start, y: y + inset)
        row.value.draw(on: canvas, x: SheetComposer.right - row.value.width, y: y + inset)
        y += SheetComposer.height(row.value, row.isGrand)
      }
    }
  }

  private static func height(_ layout: TextLayout, _ isGrand: Bool) -> Double {
    layout.height + (isGrand ? 8 : 2)
  }

  private func declaration() throws(DocumentError) -> Block {
    let text = try typesetter.layout(
      PrintedText(label: Declaration.text(document.kind), .body), width: SheetComposer.width)
    let labels = ["Name and position", "Place and date", "Signature"]
    var lines: [TextLayout] = []
    for label in labels { lines.append(try typesetter.layout(PrintedText(label: label))) }
    let height = text.height + 46 + lines[0].height
    return Block(height: height, field: "label") { canvas, top in
      text.draw(on: canvas, x: SheetComposer.left, y: top)
      let gap = 20.0
      let width = (SheetComposer.width - 2 * gap) / 3
      for (index, line) in lines.enumerated() {
        let x = SheetComposer.left + Double(index) * (width + gap)
        canvas.rule(from: x, to: x + width, y: top + text.height + 42, width: 0.5, .muted)
        line.draw(on: canvas, x: x, y: top + text.height + 44)
      }
    }
  }

  // MARK: - Columns of text

  private static func height(_ layouts: [TextLayout]) -> Double { layouts.reduce(0) { $0 + $1.height } }

  private static func draw(_ layouts: [TextLayout], on canvas: borrowing Canvas, x: Double, top: Double) {
    var y = top
    for layout in layouts {
      layout.draw(on: canvas, x: x, y: y)
      y += layout.height
    }
  }
}
