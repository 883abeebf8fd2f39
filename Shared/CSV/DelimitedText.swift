/// The rows of a text, as the files of authorities are read.
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

  /// Takes what is malformed as it stands: who reads the rows says what is wrong with them.
  public init(_ text: [UInt8], delimiter: Unicode.Scalar = ",") {
    var rows: [Row] = []
    do throws(CSVError) { try DelimitedText.read(text, delimiter: delimiter) { rows.append($0) } } catch { rows = [] }
    self.rows = rows
  }

  /// The rows one after the other, of a text with too many to hold at once.
  public static func read(
    _ text: [UInt8], delimiter: Unicode.Scalar = ",", row: (Row) -> Void
  ) throws(CSVError) {
    var reader = CSVReader(
      delimiter: UInt8(ascii: delimiter), limits: CSVReader.Limits(rowsMax: .max, columnsMax: .max, cellBytesMax: .max))
    func take(_ read: CSVRow) {
      let cells = read.repairedTexts
      if cells != ["\u{1A}"] { row(Row(line: read.startLine, cells: cells)) }
    }
    try reader.read(text, row: take)
    try reader.finish(row: take)
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
