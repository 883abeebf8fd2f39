/// Columns along time, each made of parts in one order.
struct StackedColumns {
  struct Column {
    var label: Phrase
    var parts: [Int64]
  }

  var columns: [Column]
  /// The styles of the parts, from below upward.
  var styles: [String]
  var words: Phrase

  private static let (width, height, left, bottom, top) = (640.0, 220.0, 44.0, 24.0, 8.0)

  var drawing: Drawing {
    let (width, height) = (StackedColumns.width, StackedColumns.height)
    let ticks = Scale.ticks(upTo: Double(columns.map { $0.parts.reduce(0, +) }.max() ?? 0))
    let up = Scale(
      values: 0...(ticks.last ?? 1), from: height - StackedColumns.bottom, to: StackedColumns.top)
    var parts = ticks.flatMap { tick in
      [
        Drawing.line("grid", StackedColumns.left, up.place(tick), width, up.place(tick)),
        Drawing.text("\(Int64(tick))", StackedColumns.left - 6, up.place(tick) + 4, .end),
      ]
    }
    let step = (width - StackedColumns.left) / Double(max(columns.count, 1))
    let labelled = max(1, Int((64 / step).rounded(.up)))
    for (index, column) in columns.enumerated() {
      let x = StackedColumns.left + Double(index) * step
      parts += bars(column, x: x + step * 0.1, width: step * 0.8, up)
      if index % labelled == 0 { parts.append(Drawing.text(column.label, x + step * 0.1, height - 8)) }
    }
    return Drawing(width: width, height: height, words: words, parts: parts)
  }

  private func bars(_ column: Column, x: Double, width: Double, _ up: Scale) -> [HTML] {
    var below: Int64 = 0
    var bars: [HTML] = []
    for (part, style) in zip(column.parts, styles) where part > 0 {
      let (top, bottom) = (up.place(Double(below + part)), up.place(Double(below)))
      bars.append(Drawing.rectangle(style, x: x, y: top, width: width, height: bottom - top))
      below += part
    }
    return bars
  }
}
