import Crypto
import Domain
import JSON

/// A list of parties with whom trade is denied or restricted: a published one, or a tenant's own.
public struct PartyList: Hashable, Sendable {
  public typealias Entry = ListedParty

  /// Of the fictitious parties that stand beside the product.
  public static let sampleID = "sample"

  public var id: String
  /// The day of publication and the beginning of the content's hash: `2026-02-27-0f3a9c21d4e5`.
  public var version: String
  public var source: RuleSource
  public var entries: [ListedParty]
  /// Authorities change their lists every few weeks; older ones are asked about.
  public var ageMaxDays: Int64 = 30

  public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
    public var line: Int
    public var reason: String
    public var description: String { "line \(line): \(reason)" }
  }

  public init(id: String, version: String, source: RuleSource, entries: [ListedParty]) {
    self.id = id
    self.version = version
    self.source = source
    self.entries = entries
  }

  /// Reads a CSV file with the columns `id,name` and, where it has them, more about each party.
  public init(csv: [UInt8], id: String, version: String, source: RuleSource) throws(FormatError) {
    self.init(id: id, version: version, source: source, entries: try PlainList.entries(csv))
  }

  /// As it is kept.
  public init(id: String, version: String, source: RuleSource, ageMaxDays: Int64, content: JSONValue) throws(JSONError)
  {
    var entries: [ListedParty] = []
    for value in content.arrayValue ?? [] { entries.append(try ListedParty(json: JSONCursor(value))) }
    self.init(id: id, version: version, source: source, entries: entries)
    self.ageMaxDays = ageMaxDays
  }

  public var content: JSONValue { .list(entries) }

  /// nil where nobody says it.
  public var published: CalendarDate? { source.asOf }

  static func version(of files: [ListFile], published: CalendarDate?) -> String {
    let hash = SHA256.hash(chunks: files.sorted { $0.name < $1.name }.map(\.bytes))
    let digest = Hex.encode(hash.bytes).prefix(12)
    return published.map { "\($0)-\(digest)" } ?? String(digest)
  }
}

/// A file of a list, as it was published.
public struct ListFile: Sendable {
  public var name: String
  public var bytes: [UInt8]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}
