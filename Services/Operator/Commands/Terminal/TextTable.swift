/// Rows of text in aligned columns. The last column takes what is left of the line.
struct TextTable {
  enum Alignment { case left, right }

  struct Column {
    var title: String
    var alignment: Alignment = .left
    /// No wider than this; longer text is cut.
    var widthMax = Int.max

    init(_ title: String, _ alignment: Alignment = .left, max: Int = .max) {
      self.title = title
      self.alignment = alignment
      widthMax = max
    }
  }

  var columns: [Column]
  var rows: [[String]] = []

  init(_ columns: [Column]) { self.columns = columns }

  mutating func add(_ cells: String...) { rows.append(cells) }
  mutating func add(_ cells: [String]) { rows.append(cells) }

  func text(_ console: Console, indent: String = "  ") -> String {
    let widths = columns.indices.map { index in
      let widest = ([columns[index].title] + rows.map { $0[index] }).map(DisplayWidth.of).max() ?? 0
      return min(widest, columns[index].widthMax)
    }
    let header = line(columns.map(\.title), widths, console, indent)
    let body = rows.map { line($0, widths, console, indent) + "\n" }.joined()
    return columns.allSatisfy { $0.title.isEmpty } ? body : console.dim(header) + "\n" + body
  }

  private func line(_ cells: [String], _ widths: [Int], _ console: Console, _ indent: String) -> String {
    var text = indent
    for (index, cell) in cells.enumerated() {
      let isLast = index == cells.count - 1
      var width = widths[index]
      if isLast, columns[index].alignment == .left {
        // A pipe has no edge; a terminal would break the line in the middle of a row.
        if console.isTerminal { width = min(width, max(console.width - DisplayWidth.of(text) - 1, 12)) }
        text += DisplayWidth.cut(cell, to: width)
        continue
      }
      let shown = DisplayWidth.cut(cell, to: width)
      let space = String(repeating: " ", count: max(0, width - DisplayWidth.of(shown)))
      text += columns[index].alignment == .left ? shown + space : space + shown
      if !isLast { text += "  " }
    }
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }
}
