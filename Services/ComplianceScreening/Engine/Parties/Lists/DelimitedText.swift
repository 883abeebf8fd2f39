/// Rows of RFC 4180 text: cells between commas or tabs, in quotation marks where they hold those or line breaks.
public struct DelimitedText: Sendable {
  public struct Row: Hashable, Sendable {
    /// Where it begins, counted from 1.
    public var line: Int
    public var cells: [String]

    /// Empty beyond the end, as short rows are.
    public subscript(_ index: Int?) -> String {
      guard let index, cells.indices.contains(index) else { return "" }
      return cells[index]
    }
  }

  public let rows: [Row]

  public init(_ text: [UInt8], delimiter: Unicode.Scalar = ",") {
    let separator = UInt8(ascii: delimiter)
    var rows: [Row] = []
    var cells: [String] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var (line, firstLine) = (1, 1)
    var last: UInt8 = 0
    let start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    func decoded(_ cell: [UInt8]) -> String { String(decoding: cell, as: UTF8.self) }
    for byte in text[start...] {
      switch byte {
      case UInt8(ascii: "\""):
        // A quote that follows a closing one stands for itself.
        if !isQuoted, last == byte { cell.append(byte) }
        isQuoted.toggle()
      case separator where !isQuoted:
        cells.append(decoded(cell))
        cell = []
      case UInt8(ascii: "\n") where !isQuoted:
        if cell.last == UInt8(ascii: "\r") { cell.removeLast() }
        rows.append(Row(line: firstLine, cells: cells + [decoded(cell)]))
        (cells, cell, line) = ([], [], line + 1)
        firstLine = line
      default:
        if byte == UInt8(ascii: "\n") { line += 1 }
        cell.append(byte)
      }
      last = byte
    }
    if !cell.isEmpty || !cells.isEmpty { rows.append(Row(line: firstLine, cells: cells + [decoded(cell)])) }
    self.rows = rows.filter { $0.cells != [""] && $0.cells != ["\u{1A}"] }
  }

  /// The columns of a header by their names, in any case.
  public static func columns(_ header: Row) -> [String: Int] {
    var columns: [String: Int] = [:]
    for (index, cell) in header.cells.enumerated() {
      let name = cell.lowercased().filter { !$0.isWhitespace && $0 != "_" && $0 != "-" }
      if columns[name] == nil { columns[name] = index }
    }
    return columns
  }
}
