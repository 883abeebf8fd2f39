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

  /// Reads `id,name` and any further columns, one entry a line; a name may be quoted as in RFC 4180, within its line.
  public init(csv: [UInt8], id: String, version: String, source: RuleSource) throws(FormatError) {
    guard let text = String(validating: csv, as: UTF8.self) else {
      throw FormatError(line: 1, reason: "the list is not UTF-8")
    }
    var entries: [Entry] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let cells = PartyList.cells(line.last == "\r" ? line.dropLast() : line)
      if index == 0 {
        guard cells.prefix(2) == ["id", "name"] else {
          throw FormatError(line: 1, reason: "the first two columns must be id and name")
        }
      } else if cells != [""] {
        guard cells.count >= 2, !cells[0].isEmpty, !cells[1].isEmpty else {
          throw FormatError(line: index + 1, reason: "an entry needs an id and a name")
        }
        entries.append(Entry(id: cells[0], name: cells[1]))
      }
    }
    self.init(id: id, version: version, source: source, entries: entries)
  }

  private static func cells(_ line: Substring) -> [String] {
    var cells: [String] = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"":
        // A doubled quote inside a quoted cell closes and opens again, and stands for itself.
        isQuoted.toggle()
        if isQuoted, cells[cells.count - 1].hasSuffix("\u{0}") {
          cells[cells.count - 1].removeLast()
          cells[cells.count - 1].append("\"")
        } else if !isQuoted {
          cells[cells.count - 1].append("\u{0}")
        }
      case "," where !isQuoted: cells.append("")
      default: cells[cells.count - 1].append(character)
      }
    }
    return cells.map { String($0.filter { $0 != "\u{0}" }) }
  }
}
