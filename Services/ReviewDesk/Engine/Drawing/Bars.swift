/// Bars beside their names, of one part or several.
struct Bars {
  struct Row {
    var name: Phrase
    var parts: [Double]
    /// Written behind the bar.
    var figure: Phrase
  }

  var rows: [Row]
  var styles: [String]
  var words: Phrase
  /// What the longest bar stands for; the greatest row when absent.
  var whole: Double?

  private static let (width, row, left, right) = (640.0, 26.0, 200.0, 110.0)

  var drawing: Drawing {
    let most = whole ?? rows.map { $0.parts.reduce(0, +) }.max() ?? 0
    let along = Scale(values: 0...max(most, .leastNonzeroMagnitude), from: Bars.left, to: Bars.width - Bars.right)
    var parts: [HTML] = []
    for (index, row) in rows.enumerated() {
      let y = Double(index) * Bars.row
      parts.append(Drawing.text(row.name, Bars.left - 8, y + 17, .end))
      var sum = 0.0
      for (part, style) in zip(row.parts, styles) where part > 0 {
        let (start, end) = (along.place(sum), along.place(sum + part))
        parts.append(Drawing.rectangle(style, x: start, y: y + 4, width: max(end - start, 1), height: Bars.row - 8))
        sum += part
      }
      parts.append(Drawing.text(row.figure, along.place(sum) + 6, y + 17))
    }
    return Drawing(width: Bars.width, height: Double(max(rows.count, 1)) * Bars.row, words: words, parts: parts)
  }
}
