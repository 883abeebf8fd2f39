import JSON

/// A trade agreement under which goods that originate in a member pay less duty in another.
public struct TradeProgramme: Hashable, Sendable {
  public var id: String
  public var name: String
  public var members: [Member]
  public var proofs: [Proof]
  /// Free on board value to which no proof of origin is asked for.
  public var proofWaiver: Money?
  /// What must be answered with yes before the preference may be claimed.
  public var questions: [String]
  /// Rates that are known. A line that none covers has an unknown rate, not a free one.
  public var rates: [Rate]
  public var source: RuleSource

  public struct Member: Hashable, Sendable {
    public var country: CountryCode
    /// The day on which it applies there.
    public var from: CalendarDate
  }

  public struct Proof: Hashable, Sendable {
    public var name: String
    public var validity: ValidityPeriod
    public var note: String?
  }

  public struct Rate: Hashable, Sendable {
    public var markets: [Market]
    /// Empty for every member.
    public var origins: [CountryCode]
    public var prefixes: [String]
    public var exceptPrefixes: [String]
    public var rate: DutyRate
    public var validity: ValidityPeriod
    public var source: RuleSource
  }

  public static func parse(_ bytes: [UInt8]) throws(JSONError) -> TradeProgramme {
    try TradeProgramme(json: JSONCursor(try JSONParser.parse(bytes)))
  }

  /// Both are members by then, and the goods cross a border between them.
  public func joins(_ origin: CountryCode, to market: Market, on date: CalendarDate) -> Bool {
    origin.code != market.code && isMember(origin.code, on: date) && isMember(market.code, on: date)
  }

  public func isMember(_ country: String, on date: CalendarDate) -> Bool {
    members.contains { $0.country.code == country && $0.from <= date }
  }

  /// The rate of the longest prefix; nil when it is not known.
  public func rate(for code: HSCode, from origin: CountryCode, to market: Market, on date: CalendarDate) -> Rate? {
    rates.filter { $0.covers(code, origin, market, date) }
      .max { $0.specificity(for: code) < $1.specificity(for: code) }
  }

  public func proofs(on date: CalendarDate) -> [Proof] { proofs.filter { $0.validity.contains(date) } }
}

extension TradeProgramme.Rate {
  fileprivate func covers(_ code: HSCode, _ origin: CountryCode, _ market: Market, _ date: CalendarDate) -> Bool {
    markets.contains(market) && (origins.isEmpty || origins.contains(origin)) && validity.contains(date)
      && prefixes.contains { code.hasPrefix($0) }
      // A short code may hide goods that are left out.
      && !exceptPrefixes.contains { code.hasPrefix($0) || $0.hasPrefix(code.digits) }
  }

  fileprivate func specificity(for code: HSCode) -> Int {
    prefixes.filter { code.hasPrefix($0) }.map(\.utf8.count).max() ?? 0
  }
}

extension TradeProgramme: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: [
      "id", "name", "members", "proofs", "proofWaiver", "questions", "rates", "source",
    ])
    self.init(
      id: try json.filledString("id"), name: try json.filledString("name"),
      members: try json.list(Member.self, "members"), proofs: try json.list(Proof.self, "proofs"),
      proofWaiver: try json.optional(Money.self, "proofWaiver"), questions: try json.filledStrings("questions"),
      rates: try json.list(Rate.self, "rates"), source: try json.strictSource("source"))
    for (name, isEmpty) in [
      ("members", members.isEmpty), ("proofs", proofs.isEmpty), ("questions", questions.isEmpty),
    ] where isEmpty {
      throw JSONError(at: .pointer("\(json.pointer)/\(name)"), "must not be empty")
    }
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("id", .string(id)), ("name", .string(name)), ("members", .list(members)), ("proofs", .list(proofs)),
    ])
    object.set("proofWaiver", proofWaiver?.json)
    object["questions"] = .strings(questions)
    object["rates"] = .list(rates)
    object["source"] = source.json
    return .object(object)
  }
}

extension TradeProgramme.Member: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["country", "from"])
    self.init(
      country: try json.decode(CountryCode.self, "country"), from: try json.decode(CalendarDate.self, "from"))
  }

  public var json: JSONValue { ["country": country.json, "from": from.json] }
}

extension TradeProgramme.Proof: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["name", "from", "until", "note"])
    self.init(
      name: try json.filledString("name"), validity: try ValidityPeriod(members: json),
      note: try json.optionalString("note"))
  }

  public var json: JSONValue {
    var object = JSONObject([("name", .string(name))])
    validity.write(to: &object)
    object.set("note", note.map { .string($0) })
    return .object(object)
  }
}

extension TradeProgramme.Rate: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: [
      "markets", "origins", "prefixes", "exceptPrefixes", "rate", "from", "until", "source",
    ])
    self.init(
      markets: try json.list(Market.self, "markets"), origins: try json.list(CountryCode.self, "origins"),
      prefixes: try json.prefixes("prefixes"), exceptPrefixes: try json.prefixes("exceptPrefixes"),
      rate: try json.decode(DutyRate.self, "rate"), validity: try ValidityPeriod(members: json),
      source: try json.strictSource("source"))
    for (name, isEmpty) in [("markets", markets.isEmpty), ("prefixes", prefixes.isEmpty)] where isEmpty {
      throw JSONError(at: .pointer("\(json.pointer)/\(name)"), "must not be empty")
    }
  }

  public var json: JSONValue {
    var object = JSONObject([("markets", .list(markets))])
    if !origins.isEmpty { object["origins"] = .list(origins) }
    object["prefixes"] = .strings(prefixes)
    if !exceptPrefixes.isEmpty { object["exceptPrefixes"] = .strings(exceptPrefixes) }
    object["rate"] = rate.json
    validity.write(to: &object)
    object["source"] = source.json
    return .object(object)
  }
}
