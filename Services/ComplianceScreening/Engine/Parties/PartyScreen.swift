import Domain
import Names

/// Denied-party lists, ready to be searched by name and by identifier.
public struct PartyScreen: Sendable {
  public struct Hit: Sendable {
    public var list: PartyList.Reference
    public var entry: ListedParty
    /// Which of the entry's names it is.
    public var name: ListedName
    /// How likely the two are the same; 1 for equal names.
    public var score: Double
    /// Why, piece by piece.
    public var pieces: [NameMatch.Piece]

    public var permille: Int { Int((score * 1000).rounded()) }
  }

  public private(set) var lists: [PartyList.Reference]
  public var listVersions: [String] { lists.map { "\($0.id)@\($0.version)" } }

  private struct Owner {
    var list: Int32
    var entry: Int32
    var name: Int32
  }

  private let entries: [[ListedParty]]
  private let owners: [Owner]
  private let index: NameIndex
  private let byIdentifier: [String: [Int]]

  public init(lists: [PartyList]) {
    self.lists = lists.map {
      PartyList.Reference(id: $0.id, version: $0.version, source: $0.source, ageMaxDays: $0.ageMaxDays)
    }
    entries = lists.map(\.entries)
    var owners: [Owner] = []
    var names: [Name] = []
    var parties: [Int32] = []
    var byIdentifier: [String: [Int]] = [:]
    for (listNumber, list) in lists.enumerated() {
      for (entryNumber, entry) in list.entries.enumerated() {
        let party = (parties.last ?? -1) + 1
        for identifier in entry.identifiers { byIdentifier[identifier, default: []].append(owners.count) }
        for (nameNumber, name) in entry.names.enumerated() {
          owners.append(Owner(list: Int32(listNumber), entry: Int32(entryNumber), name: Int32(nameNumber)))
          names.append(Name(name.text, kind: entry.kind))
          parties.append(party)
        }
      }
    }
    self.owners = owners
    self.byIdentifier = byIdentifier
    index = NameIndex(names, owners: parties)
  }

  /// With the days on which authorities were last asked for what is in force.
  public func confirmed(_ days: [String: CalendarDate]) -> PartyScreen {
    var screen = self
    for index in lists.indices { screen.lists[index].confirmed = days[lists[index].id] }
    return screen
  }

  public func hits(_ name: String) -> [Hit] { hits(PartyQuery(name)) }

  /// Best first, then as listed; at most ten entries. Each entry stands once, by the name that comes nearest.
  public func hits(_ query: PartyQuery, threshold: Double = NameMatch.threshold) -> [Hit] {
    ranked(query, threshold).prefix(PartyScreen.hitsMax).map { hit(query, $0) }
  }

  public static let hitsMax = 10

  private struct Found {
    var owner: Int
    var score: Double
    /// The query as it was read when it came nearest.
    var name: Name
  }

  private func ranked(_ query: PartyQuery, _ threshold: Double) -> [Found] {
    var best: [Int64: Found] = [:]
    for name in PartyScreen.readings(query) {
      for found in index.search(name, threshold: threshold / Qualifiers.gainMax) {
        let score = qualified(query, found)
        let key = key(found.name)
        if score >= threshold, score > best[key]?.score ?? 0 {
          best[key] = Found(owner: found.name, score: score, name: name)
        }
      }
    }
    for identifier in query.identifiers.compactMap(ListedParty.identifier) {
      for owner in byIdentifier[identifier] ?? [] {
        best[key(owner)] = Found(owner: owner, score: 1, name: Name(query.name, kind: query.kind))
      }
    }
    return best.values.sorted { ($1.score, $0.owner) < ($0.score, $1.owner) }
  }

  /// Letters that stand alone are a company's in `A. B. Trading` and a person's in `Zamyslov A. B.`: where nobody says
  /// which it is, both are looked for.
  private static func readings(_ query: PartyQuery) -> [Name] {
    let name = Name(query.name, kind: query.kind)
    let hasInitials = query.name.split { !$0.isLetter }.contains { $0.count == 1 }
    return query.kind == .unknown && hasInitials ? [name, Name(query.name, kind: .person)] : [name]
  }

  private func key(_ owner: Int) -> Int64 { Int64(owners[owner].list) << 32 | Int64(owners[owner].entry) }

  private func entry(_ owner: Owner) -> ListedParty { entries[Int(owner.list)][Int(owner.entry)] }

  private func qualified(_ query: PartyQuery, _ found: NameIndex.Hit) -> Double {
    let owner = owners[found.name]
    let entry = entry(owner)
    // What a list calls a weak name is a hit only in full.
    if entry.names[Int(owner.name)].strength == .weak, found.score < PartyScreen.weakNameMin { return 0 }
    return min(1, Qualifiers(query: query, listed: entry).pieces.reduce(found.score) { $0 * $1.value })
  }

  private static let weakNameMin = 0.95

  private func hit(_ query: PartyQuery, _ found: Found) -> Hit {
    let owner = owners[found.owner]
    let entry = entry(owner)
    var pieces = index.explain(found.name, found.owner).pieces + Qualifiers(query: query, listed: entry).pieces
    if let shared = query.identifiers.compactMap(ListedParty.identifier).first(where: entry.identifiers.contains) {
      pieces.append(.init(.identifier, shared, shared, value: 1))
    }
    return Hit(
      list: lists[Int(owner.list)], entry: entry, name: entry.names[Int(owner.name)], score: found.score,
      pieces: pieces)
  }
}

extension PartyList {
  /// A list without its entries, as a hit names it.
  public struct Reference: Hashable, Sendable {
    public var id: String
    public var version: String
    public var source: RuleSource
    public var ageMaxDays: Int64
    /// When its authority was last asked and had no other.
    public var confirmed: CalendarDate?
  }
}
