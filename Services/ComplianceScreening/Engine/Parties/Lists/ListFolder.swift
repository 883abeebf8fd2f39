import CSV
import Domain

/// Lists as their authorities publish them, known by what stands in the files.
public struct ListFolder: Sendable {
  public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    public var file: String
    public var reason: String
    public var description: String { "\(file): \(reason)" }
  }

  private enum Content {
    case ofacEntries, ofacNames, ofacAddresses, ofacComments, un, deniedPersons, consolidated, plain
  }

  private let files: [(file: ListFile, content: Content)]
  private let published: CalendarDate?

  /// - Parameter published: for the lists that do not say it themselves.
  public init(_ files: [ListFile], published: CalendarDate?) throws(Problem) {
    var known: [(file: ListFile, content: Content)] = []
    for file in files.sorted(by: { $0.name < $1.name }) {
      guard let content = ListFolder.content(file) else {
        throw Problem(file: file.name, reason: "is no list of a known form")
      }
      known.append((file, content))
    }
    self.files = known
    self.published = published
  }

  /// Other files of a folder are left alone.
  public static func mayBeList(_ name: String) -> Bool {
    [".csv", ".xml", ".txt", ".tsv"].contains(where: name.lowercased().hasSuffix)
  }

  public func lists() throws(Problem) -> [PartyList] {
    var lists: [PartyList] = []
    for (file, content) in files {
      switch content {
      case .ofacEntries: lists.append(try ofac(file))
      case .ofacNames, .ofacAddresses, .ofacComments: break
      case .un:
        let list = try ListFolder.reading(file) { () throws(XMLReader.FormatError) in try UNList(file.bytes) }
        lists.append(
          make(
            "un-consolidated", "United Nations Security Council", "Consolidated list", [file], list.entries,
            published: list.published))
      case .deniedPersons:
        let list = try ListFolder.reading(file) { () throws(PartyList.FormatError) in try DeniedPersonsList(file.bytes)
        }
        lists.append(
          make(
            "us-denied-persons", "US Bureau of Industry and Security", "Denied persons list", [file], list.entries))
      case .consolidated:
        let list = try ListFolder.reading(file) { () throws(PartyList.FormatError) in try USConsolidatedList(file.bytes)
        }
        lists.append(
          make(
            "us-consolidated", "US International Trade Administration", "Consolidated screening list", [file],
            list.entries))
      case .plain:
        let entries = try ListFolder.reading(file) { () throws(PartyList.FormatError) in
          try PlainList.entries(file.bytes)
        }
        lists.append(make(ListFolder.slug(file.name), "Own list", file.name, [file], entries))
      }
    }
    return lists
  }

  private static func reading<T, E: Error>(_ file: ListFile, _ read: () throws(E) -> T) throws(Problem) -> T {
    do { return try read() } catch { throw Problem(file: file.name, reason: "\(error)") }
  }

  private func ofac(_ entries: ListFile) throws(Problem) -> PartyList {
    let isSDN = !entries.name.lowercased().hasPrefix("cons")
    let prefix = isSDN ? "" : "cons"
    func beside(_ content: Content) -> ListFile? {
      files.first { $0.content == content && $0.file.name.lowercased().hasPrefix("cons") == !prefix.isEmpty }?.file
    }
    let (names, addresses, comments) = (beside(.ofacNames), beside(.ofacAddresses), beside(.ofacComments))
    let list = OFACList(entries: entries, names: names, addresses: addresses, comments: comments)
    let parties = try ListFolder.reading(entries) { () throws(PartyList.FormatError) in try list.entries() }
    return make(
      isSDN ? "us-ofac-sdn" : "us-ofac-consolidated", "US Office of Foreign Assets Control",
      isSDN ? "Specially designated nationals list" : "Consolidated sanctions list",
      [entries, names, addresses, comments].compactMap { $0 }, parties)
  }

  private func make(
    _ id: String, _ authority: String, _ instrument: String, _ files: [ListFile], _ entries: [ListedParty],
    published own: CalendarDate? = nil
  ) -> PartyList {
    let published = own ?? self.published
    return PartyList(
      id: id, version: PartyList.version(of: files, published: published),
      source: RuleSource(authority: authority, instrument: instrument, asOf: published), entries: entries)
  }

  private static func slug(_ name: String) -> String {
    let stem = name.split(separator: ".").first ?? "list"
    return String(stem.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
  }

  // MARK: What a file is

  private static func content(_ file: ListFile) -> Content? {
    let head = String(decoding: file.bytes.prefix(4096), as: UTF8.self)
    if head.contains("<CONSOLIDATED_LIST") { return .un }
    let name = file.name.lowercased()
    if name.hasSuffix("comments.csv") { return .ofacComments }
    let first = DelimitedText(Array(file.bytes.prefix { $0 != UInt8(ascii: "\n") })).rows.first
    guard let first else { return nil }
    let columns = DelimitedText.columns(first)
    if columns["alt_names"] != nil || columns["altnames"] != nil, columns["source"] != nil { return .consolidated }
    if columns["id"] != nil, columns["name"] != nil { return .plain }
    let tabbed = DelimitedText(Array(file.bytes.prefix { $0 != UInt8(ascii: "\n") }), delimiter: "\t").rows.first
    let tabs = tabbed.map(DelimitedText.columns) ?? [:]
    if tabs["name"] != nil, tabs["effectivedate"] != nil { return .deniedPersons }
    guard Int(ListText.trimmed(first[0])) != nil else { return nil }
    switch first.cells.count {
    case 12: return .ofacEntries
    case 5: return .ofacNames
    case 6: return .ofacAddresses
    default: return nil
    }
  }
}
