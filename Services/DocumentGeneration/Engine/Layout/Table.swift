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
  }

  private static let gap = 9.0
  private static let padding = 3.5

  private let columns: [Column]
  private let head: [[TextLayout]]
  private let rows: [[[TextLayout]]]
  private let widths: [Double]
  private let left: Double
  private let right: Double

  init(
    columns: [Column], rows: [Row], from left: Double, to right: Double, _ typesetter: borrowing Typesetter
  ) throws(DocumentError) {
    self.columns = columns
    self.left = left
    self.right = right
    head = try Table.layouts([columns.map { [PrintedText(label: $0.head)] }], columns, typesetter)[0]
    self.rows = try Table.layouts(rows.map(\.cells), columns, typesetter)
    widths = Table.widths(columns, [head] + self.rows, within: right - left)
    for row in [head] + self.rows {
      for (cell, width) in zip(row, widths) { cell.forEach { $0.wrap(to: width) } }
    }
  }

  var blocks: [Block] {
    let repeated = Block.Head(height: Table.height(of: head) + 2 * Table.padding) { canvas, top in
      drawHead(on: canvas, top: top)
    }
    let opening = Block(
      height: repeated.height, field: "label", keepsWithNext: true, draw: repeated.draw)
    return [opening] + rows.map { block(of: $0, under: repeated) }
  }

  private func block(of row: [[TextLayout]], under head: Block.Head) -> Block {
    let height = Table.height(of: row) + 2 * Table.padding
    let tallest = row.max { Table.height(of: [$0]) < Table.height(of: [$1]) }?.max { $0.height < $1.height }
    return Block(height: height, field: tallest?.field ?? "label", repeatedHead: head) { canvas, top in
      draw(row, on: canvas, top: top + Table.padding)
      canvas.rule(from: left, to: right, y: top + height, width: 0.4, .rule)
    }
  }

  private func drawHead(on canvas: borrowing Canvas, top: Double) {
    draw(head, on: canvas, top: top + Table.padding)
    canvas.rule(from: left, to: right, y: top + Table.height(of: head) + 2 * Table.padding, width: 0.9, .accent)
  }

  /// First lines share a baseline, though scripts differ in height.
  private func draw(_ row: [[TextLayout]], on canvas: borrowing Canvas, top: Double) {
    let baseline = Table.baseline(of: row)
    var x = left
    for (index, cell) in row.enumerated() {
      var y = top + baseline - (cell.first?.baseline ?? 0)
      for layout in cell {
        let indent = columns[index].alignment == .right ? widths[index] - layout.width : 0
        layout.draw(on: canvas, x: x + indent, y: y)
        y += layout.height
      }
      x += widths[index] + Table.gap
    }
  }

  private static func baseline(of row: [[TextLayout]]) -> Double { row.compactMap { $0.first?.baseline }.max() ?? 0 }

  private static func height(of row: [[TextLayout]]) -> Double {
    let baseline = baseline(of: row)
    return row.map { cell in baseline - (cell.first?.baseline ?? 0) + cell.reduce(0) { $0 + $1.height } }.max() ?? 0
  }

  private static func layouts(
    _ rows: [[[PrintedText]]], _ columns: [Column], _ typesetter: borrowing Typesetter
  ) throws(DocumentError) -> [[[TextLayout]]] {
    var result: [[[TextLayout]]] = []
    for row in rows {
      var cells: [[TextLayout]] = []
      for (cell, column) in zip(row, columns) {
        var layouts: [TextLayout] = []
        for printed in cell { layouts.append(try typesetter.layout(printed, alignment: column.alignment)) }
        cells.append(layouts)
      }
      result.append(cells)
    }
    return result
  }

  private static func widths(_ columns: [Column], _ rows: [[[TextLayout]]], within total: Double) -> [Double] {
    var widths = columns.indices.map { index in
      guard let widthMax = columns[index].widthMax else { return 0.0 }
      return min(widthMax, rows.flatMap { $0[index] }.map(\.width).max() ?? 0)
    }
    let free = total - widths.reduce(0, +) - gap * Double(columns.count - 1)
    for index in columns.indices where columns[index].widthMax == nil { widths[index] = free }
    return widths
  }
}
