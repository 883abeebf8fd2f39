import Domain
import JSON
import Names

/// Someone on a list, with everything that tells him from others of the same name.
public struct ListedParty: Hashable, Sendable {
  public var id: String
  public var kind: NameKind
  /// The first is what the list calls it.
  public var names: [ListedName]
  public var births: [BirthDate]
  public var countries: [CountryCode]
  /// Passports, registrations, IMO numbers: capitals and digits alone.
  public var identifiers: [String]
  public var programmes: [String]

  public init(
    id: String, kind: NameKind = .unknown, names: [ListedName], births: [BirthDate] = [], countries: [CountryCode] = [],
    identifiers: [String] = [], programmes: [String] = []
  ) {
    self.id = id
    self.kind = kind
    self.names = names
    self.births = births
    self.countries = countries
    self.identifiers = identifiers
    self.programmes = programmes
  }

  public init(id: String, name: String) { self.init(id: id, names: [ListedName(name)]) }

  public var name: String { names.first?.text ?? "" }

  /// Capitals and digits, so that `J-123 456` is `J123456`; nil for what is too short to tell anything.
  public static func identifier(_ text: String) -> String? {
    let kept = text.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    return kept.utf8.count >= 5 && kept.contains(where: \.isNumber) ? kept : nil
  }
}

/// A name that a list gives.
public struct ListedName: Hashable, Sendable {
  public enum Strength: String, Sendable, CaseIterable {
    case primary, strong
    /// So broad that the list itself warns of it: a nickname, a single word.
    case weak
  }

  public var text: String
  public var strength: Strength

  public init(_ text: String, _ strength: Strength = .primary) {
    self.text = text
    self.strength = strength
  }
}

extension ListedName: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      try json.string("name"),
      try json.required("strength").decode("primary, strong or weak") {
        $0.stringValue.flatMap { Strength(rawValue: $0) }
      })
  }

  public var json: JSONValue { ["name": .string(text), "strength": .string(strength.rawValue)] }
}

extension ListedParty: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      id: try json.string("id"),
      kind: try json.required("kind").decode("a kind of party") { $0.stringValue.flatMap { NameKind(rawValue: $0) } },
      names: try json.list(ListedName.self, "names"), births: try json.list(BirthDate.self, "births"),
      countries: try json.list(CountryCode.self, "countries"), identifiers: try json.strings("identifiers"),
      programmes: try json.strings("programmes"))
  }

  public var json: JSONValue {
    var object = JSONObject([("id", .string(id)), ("kind", .string(kind.rawValue)), ("names", .list(names))])
    if !births.isEmpty { object["births"] = .list(births) }
    if !countries.isEmpty { object["countries"] = .list(countries) }
    if !identifiers.isEmpty { object["identifiers"] = .strings(identifiers) }
    if !programmes.isEmpty { object["programmes"] = .strings(programmes) }
    return .object(object)
  }
}
