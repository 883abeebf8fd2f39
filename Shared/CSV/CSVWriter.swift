/// Writes RFC 4180 CSV that no spreadsheet takes for formulas: a cell that begins with `=`, `+`, `-`, `@`, in wide form
/// too, with a tab or a line break, gets an apostrophe in front. Negative numbers get it as well; none are written.
public struct CSVWriter: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public mutating func append(_ cells: [String]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(cell)
    }
    bytes += [0x0D, 0x0A]
  }

  private mutating func append(_ cell: String) {
    let isFormula = CSVWriter.isFormula(cell)
    let needsQuotes = isFormula || cell.utf8.contains { ",;\t\"\r\n".utf8.contains($0) }
    guard needsQuotes else {
      bytes += cell.utf8
      return
    }
    bytes.append(UInt8(ascii: "\""))
    if isFormula { bytes.append(UInt8(ascii: "'")) }
    for byte in cell.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Spreadsheets skip spaces before a formula.
  private static func isFormula(_ cell: String) -> Bool {
    guard let first = cell.unicodeScalars.first(where: { $0 != " " }) else { return false }
    return "=+-@＝＋－＠\t\r\n".unicodeScalars.contains(first)
  }
}
