/// Rows under heads, measured: columns as wide as their figures need, the rest for the words.
struct Table {
  struct Column {
    var head: String
    var alignment = Typesetter.Alignment.left
    /// nil for the one column that takes what the others leave.
    var widthMax: Double?
  }

  struct Row {
    /// One list of texts, one under another, for each column.
    var cells: [[PrintedText]]
    /// Under the cells, from the words' column to the right edge.
    var note: [PrintedText] = []
  }

  private struct Measured {
    let cells: [[TextLayout]]
    var note: [TextLayout] = []

    /// First lines share a baseline, though scripts differ in height.
    var baseline: Double { cells.compactMap { $0.first?.baseline }.max() ?? 0 }

    var cellsHeight: Double {
      let baseline = baseline
      return cells.map { cell in baseline - (cell.first?.baseline ?? 0) + cell.reduce(0) { $0 + $1.height } }.max() ?? 0
    }

    var height: Double { cellsHeight + note.reduce(0) { $0 + $1.height } + 2 * Table.padding }
    var tallest: TextLayout? { (cells.joined() + note).max { $0.height < $1.height } }
  }

  private static let gap = 9.0
  private static let padding = 3.5

  private let columns: [Column]
  private let head: Measured
  private let rows: [Measured]
  private let widths: [Double]
  private let left: Double
  private let right: Double
  private let noteLeft: Double

  init(
    columns: [Column], rows: [Row], from left: Double, to right: Double, _ typesetter: borrowing Typesetter
  ) throws(DocumentError) {
    self.columns = columns
    self.left = left
    self.right = right
    head = try Table.measured(Row(cells: columns.map { [PrintedText(label: $0.head)] }), columns, typesetter)
    var measured: [Measured] = []
    for row in rows { measured.append(try Table.measured(row, columns, typesetter)) }
    self.rows = measured
    widths = Table.widths(columns, [head] + measured, within: right - left)
    let wordsColumn = columns.firstIndex { $0.widthMax == nil } ?? 0
    noteLeft = left + widths[..<wordsColumn].reduce(0) { $0 + $1 + Table.gap }
    for row in [head] + measured {
      for (cell, width) in zip(row.cells, widths) { cell.forEach { $0.wrap(to: width) } }
      row.note.forEach { $0.wrap(to: right - noteLeft) }
    }
  }

  var blocks: [Block] {
    let repeated = Block.Head(height: head.height) { canvas, top in
      draw(head, on: canvas, top: top)
      canvas.rule(from: left, to: right, y: top + head.height, width: 0.9, .accent)
    }
    let opening = Block(height: repeated.height, field: "label", keepsWithNext: true, draw: repeated.draw)
    return [opening] + rows.map { block(of: $0, under: repeated) }
  }

  private func block(of row: Measured, under head: Block.Head) -> Block {
    let height = row.height
    return Block(height: height, field: row.tallest?.field ?? "label", repeatedHead: head) { canvas, top in
      draw(row, on: canvas, top: top)
      canvas.rule(from: left, to: right, y: top + height, width: 0.4, .rule)
    }
  }

  private func draw(_ row: Measured, on canvas: borrowing Canvas, top: Double) {
    let baseline = top + Table.padding + row.baseline
    var x = left
    for (index, cell) in row.cells.enumerated() {
      var y = baseline - (cell.first?.baseline ?? 0)
      for layout in cell {
        let indent = columns[index].alignment == .right ? widths[index] - layout.width : 0
        layout.draw(on: canvas, x: x + indent, y: y)
        y += layout.height
      }
      x += widths[index] + Table.gap
    }
    var y = top + Table.padding + row.cellsHeight
    for layout in row.note {
      layout.draw(on: canvas, x: noteLeft, y: y)
      y += layout.height
    }
  }

  private static func measured(
    _ row: Row, _ columns: [Column], _ typesetter: borrowing Typesetter
  ) throws(DocumentError) -> Measured {
    var cells: [[TextLayout]] = []
    for (cell, column) in zip(row.cells, columns) {
      var layouts: [TextLayout] = []
      for printed in cell { layouts.append(try typesetter.layout(printed, alignment: column.alignment)) }
      cells.append(layouts)
    }
    var note: [TextLayout] = []
    for printed in row.note { note.append(try typesetter.layout(printed)) }
    return Measured(cells: cells, note: note)
  }

  private static func widths(_ columns: [Column], _ rows: [Measured], within total: Double) -> [Double] {
    var widths = columns.indices.map { index in
      guard let widthMax = columns[index].widthMax else { return 0.0 }
      return min(widthMax, rows.flatMap { $0.cells[index] }.map(\.width).max() ?? 0)
    }
    let free = total - widths.reduce(0, +) - gap * Double(columns.count - 1)
    for index in columns.indices where columns[index].widthMax == nil { widths[index] = free }
    return widths
  }
}
