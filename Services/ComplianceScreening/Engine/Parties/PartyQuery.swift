import Domain
import Names

/// A party as a submission names it.
public struct PartyQuery: Sendable {
  public var name: String
  public var kind: NameKind
  public var birth: BirthDate?
  public var country: CountryCode?
  public var identifiers: [String]

  public init(
    _ name: String, kind: NameKind = .unknown, birth: BirthDate? = nil, country: CountryCode? = nil,
    identifiers: [String] = []
  ) {
    self.name = name
    self.kind = kind
    self.birth = birth
    self.country = country
    self.identifiers = identifiers
  }

  public init(_ party: Party) {
    self.init(party.name, country: party.country, identifiers: party.identifiers)
  }
}
