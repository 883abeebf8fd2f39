import Domain

/// A list of parties with whom trade is denied or restricted: a published one, or a tenant's own.
public struct PartyList: Hashable, Sendable {
  public var id: String
  public var version: String
  public var source: RuleSource
  public var entries: [Entry]

  public struct Entry: Hashable, Sendable {
    public var id: String
    public var name: String

    public init(id: String, name: String) {
      self.id = id
      self.name = name
    }
  }

  public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
    public var line: Int
    public var reason: String
    public var description: String { "line \(line): \(reason)" }
  }

  public init(id: String, version: String, source: RuleSource, entries: [Entry]) {
    self.id = id
    self.version = version
    self.source = source
    self.entries = entries
  }

  /// Reads RFC 4180 with the columns `id,name` first; further columns are for people.
  public init(csv: [UInt8], id: String, version: String, source: RuleSource) throws(FormatError) {
    guard String(validating: csv, as: UTF8.self) != nil else {
      throw FormatError(line: 1, reason: "the list is not UTF-8")
    }
    var rows = PartyList.rows(csv)[...]
    guard let header = rows.popFirst(), header.cells.prefix(2) == ["id", "name"] else {
      throw FormatError(line: 1, reason: "the first two columns must be id and name")
    }
    var entries: [Entry] = []
    for row in rows where row.cells != [""] {
      guard row.cells.count >= 2, !row.cells[0].isEmpty, !row.cells[1].isEmpty else {
        throw FormatError(line: row.line, reason: "an entry needs an id and a name")
      }
      entries.append(Entry(id: row.cells[0], name: row.cells[1]))
    }
    self.init(id: id, version: version, source: source, entries: entries)
  }

  private static func rows(_ csv: [UInt8]) -> [(line: Int, cells: [String])] {
    var rows: [(line: Int, cells: [String])] = []
    var cells: [String] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var (line, firstLine) = (1, 1)
    func text() -> String { String(decoding: cell, as: UTF8.self) }
    for (index, byte) in csv.enumerated() {
      switch byte {
      case UInt8(ascii: "\""):
        // A quote that follows a closing one stands for itself.
        if !isQuoted, index > 0, csv[index - 1] == byte { cell.append(byte) }
        isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted:
        cells.append(text())
        cell = []
      case UInt8(ascii: "\n") where !isQuoted:
        if cell.last == UInt8(ascii: "\r") { cell.removeLast() }
        rows.append((firstLine, cells + [text()]))
        (cells, cell, line) = ([], [], line + 1)
        firstLine = line
      default:
        if byte == UInt8(ascii: "\n") { line += 1 }
        cell.append(byte)
      }
    }
    return cell.isEmpty && cells.isEmpty ? rows : rows + [(firstLine, cells + [text()])]
  }
}
