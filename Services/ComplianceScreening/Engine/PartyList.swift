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
    public var country: CountryCode?

    public init(id: String, name: String, country: CountryCode? = nil) {
      self.id = id
      self.name = name
      self.country = country
    }
  }

  public init(id: String, version: String, source: RuleSource, entries: [Entry]) {
    self.id = id
    self.version = version
    self.source = source
    self.entries = entries
  }
}
