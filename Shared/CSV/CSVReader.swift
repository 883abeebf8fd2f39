/// Reads RFC 4180 CSV in chunks, as they arrive. Rows are handed out one by one in a buffer that is used again, so that
/// a file of any length costs the memory of its longest row.
public struct CSVReader: Sendable {
  public struct Limits: Sendable {
    public var rowsMax: Int
    public var columnsMax: Int
    public var cellBytesMax: Int

    public init(rowsMax: Int = 1_000_000, columnsMax: Int = 300, cellBytesMax: Int = 131_072) {
      self.rowsMax = rowsMax
      self.columnsMax = columnsMax
      self.cellBytesMax = cellBytesMax
    }
  }

  private enum State: Sendable {
    case cellStart, plain, quoted, afterQuote
  }

  private static let quote = UInt8(ascii: "\"")
  private static let carriageReturn: UInt8 = 0x0D
  private static let lineFeed: UInt8 = 0x0A
  /// A header that is longer tells nothing more about the separator.
  private static let headBytesMax = 65_536

  private let limits: Limits
  private var delimiter: UInt8?
  /// The bytes before the separator is known: the first line.
  private var head: [UInt8] = []
  private var state = State.cellStart
  private var skipsLineFeed = false
  private var row = CSVRow()
  private var line = 1
  private var rowsRead = 0

  /// - Parameter delimiter: nil to find out from the first line whether it is a comma, a semicolon or a tab.
  public init(delimiter: UInt8? = nil, limits: Limits = Limits()) {
    self.limits = limits
    self.delimiter = delimiter
    row.startLine = 1
  }

  public mutating func read(_ chunk: [UInt8], row handle: (CSVRow) -> Void) throws(CSVError) {
    if isHeadRead {
      try parse(chunk, handle)
    } else {
      head += chunk
      if CSVReader.firstLine(head) != nil || head.count >= CSVReader.headBytesMax { try parseHead(handle) }
    }
  }

  /// Hands out the last row, which need not end with a line break.
  public mutating func finish(row handle: (CSVRow) -> Void) throws(CSVError) {
    if !isHeadRead { try parseHead(handle) }
    if state == .quoted { row.note("A quotation mark is opened and never closed.") }
    if state != .cellStart || row.count > 0 { try endRow(handle) }
  }

  private var isHeadRead = false

  private mutating func parseHead(_ handle: (CSVRow) -> Void) throws(CSVError) {
    isHeadRead = true
    let bytes = head
    head = []
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { throw .notUTF8 }
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let content = hasMark ? Array(bytes.dropFirst(3)) : bytes
    if delimiter == nil { delimiter = CSVReader.detect(content[..<(CSVReader.firstLine(content) ?? content.count)]) }
    try parse(content, handle)
  }

  /// Where the first line break outside quotation marks stands.
  private static func firstLine(_ bytes: [UInt8]) -> Int? {
    var isQuoted = false
    for (index, byte) in bytes.enumerated() {
      if byte == quote { isQuoted.toggle() }
      if !isQuoted, byte == lineFeed || byte == carriageReturn { return index }
    }
    return nil
  }

  private static func detect(_ line: ArraySlice<UInt8>) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in line {
      if byte == quote { isQuoted.toggle() }
      if !isQuoted, byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "\t") {
        counts[byte, default: 0] += 1
      }
    }
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    return candidates.max {
      (counts[$0] ?? 0, $0 == candidates[0] ? 1 : 0) < (counts[$1] ?? 0, $1 == candidates[0] ? 1 : 0)
    }
      ?? candidates[0]
  }

  private mutating func parse(_ chunk: [UInt8], _ handle: (CSVRow) -> Void) throws(CSVError) {
    let delimiter = delimiter ?? UInt8(ascii: ",")
    let end = chunk.count
    var position = 0
    while position < end {
      let byte = chunk[position]
      if skipsLineFeed {
        skipsLineFeed = false
        if byte == CSVReader.lineFeed {
          position += 1
          continue
        }
      }
      switch state {
      case .quoted:
        let start = position
        while position < end, chunk[position] != CSVReader.quote {
          if chunk[position] == CSVReader.lineFeed { line += 1 }
          position += 1
        }
        append(chunk[start..<position])
        if position < end {
          state = .afterQuote
          position += 1
        }
      case .cellStart where byte == CSVReader.quote:
        state = .quoted
        position += 1
      case .afterQuote where byte == CSVReader.quote:
        append(chunk[position...position])
        state = .quoted
        position += 1
      default:
        if byte == delimiter {
          endCell()
          state = .cellStart
          // The cell after a separator is there even when it is empty.
          row.endsWithDelimiter = true
          position += 1
        } else if byte == CSVReader.lineFeed || byte == CSVReader.carriageReturn {
          skipsLineFeed = byte == CSVReader.carriageReturn
          position += 1
          try endRow(handle)
        } else {
          if state == .afterQuote { row.note("Text follows a closing quotation mark; double the marks inside a cell.") }
          state = .plain
          let start = position
          while position < end, chunk[position] != delimiter, chunk[position] != CSVReader.lineFeed,
            chunk[position] != CSVReader.carriageReturn
          {
            position += 1
          }
          append(chunk[start..<position])
        }
      }
    }
  }

  private mutating func append(_ bytes: ArraySlice<UInt8>) {
    guard row.openCellBytes + bytes.count <= limits.cellBytesMax else {
      row.note("A cell is longer than \(limits.cellBytesMax) bytes; perhaps a quotation mark is not closed.")
      return
    }
    row.append(bytes)
  }

  private mutating func endCell() {
    guard row.count < limits.columnsMax else {
      row.note("The row has more than \(limits.columnsMax) cells.")
      row.dropOpenCell()
      return
    }
    row.endCell()
  }

  private mutating func endRow(_ handle: (CSVRow) -> Void) throws(CSVError) {
    if state != .cellStart || row.endsWithDelimiter { endCell() }
    state = .cellStart
    line += 1
    defer { row.reset(startLine: line) }
    // An empty line is no row.
    guard row.count > 0 else { return }
    rowsRead += 1
    guard rowsRead <= limits.rowsMax else { throw .tooManyRows(limits.rowsMax) }
    handle(row)
  }
}
