/// All rows of a text at once, as the files of authorities are read.
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
    var reader = CSVReader(
      delimiter: UInt8(ascii: delimiter), limits: CSVReader.Limits(rowsMax: .max, columnsMax: .max, cellBytesMax: .max))
    var rows: [Row] = []
    func take(_ row: CSVRow) { rows.append(Row(line: row.startLine, cells: row.repairedTexts)) }
    do throws(CSVError) {
      try reader.read(text, row: take)
      try reader.finish(row: take)
    } catch {
      rows = []
    }
    self.rows = rows.filter { $0.cells != ["\u{1A}"] }
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
