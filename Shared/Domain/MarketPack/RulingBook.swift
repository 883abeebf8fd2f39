import JSON

/// Rulings of authorities about kinds of goods, kept where they do not agree: whoever classifies such goods must know both.
public struct RulingBook: Hashable, Sendable {
  public var version: String
  public var topics: [Topic]

  /// One kind of goods, by the words that name it.
  public struct Topic: Hashable, Sendable {
    public var id: String
    public var goods: String
    public var words: [String]
    public var except: [String]
    public var rulings: [Ruling]

    public init(id: String, goods: String, words: [String], except: [String] = [], rulings: [Ruling]) {
      self.id = id
      self.goods = goods
      self.words = words
      self.except = except
      self.rulings = rulings
    }

    /// Those that stand.
    public var standing: [Ruling] { rulings.filter { $0.withdrawnBy == nil } }
    public var disagrees: Bool { Set(standing.map(\.code.subheading)).count > 1 }
  }

  public struct Ruling: Hashable, Sendable {
    public var authority: String
    /// By which it is found at the authority.
    public var reference: String
    public var date: CalendarDate
    public var code: HSCode
    /// What it was about and why, in our own words.
    public var goods: String
    /// The ruling that took it back.
    public var withdrawnBy: String?

    public init(
      authority: String, reference: String, date: CalendarDate, code: HSCode, goods: String, withdrawnBy: String? = nil
    ) {
      self.authority = authority
      self.reference = reference
      self.date = date
      self.code = code
      self.goods = goods
      self.withdrawnBy = withdrawnBy
    }
  }

  public init(version: String, topics: [Topic]) {
    self.version = version
    self.topics = topics
  }

  public static func parse(_ bytes: [UInt8]) throws(JSONError) -> RulingBook {
    try RulingBook(json: JSONCursor(try JSONParser.parse(bytes)))
  }
}

extension RulingBook: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["version", "topics"])
    self.init(version: try json.filledString("version"), topics: try json.list(Topic.self, "topics"))
  }

  public var json: JSONValue { ["version": .string(version), "topics": .list(topics)] }
}

extension RulingBook.Topic: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["id", "goods", "words", "except", "rulings"])
    self.init(
      id: try json.filledString("id"), goods: try json.filledString("goods"), words: try json.filledStrings("words"),
      except: try json.filledStrings("except"), rulings: try json.list(RulingBook.Ruling.self, "rulings"))
    if words.isEmpty { throw JSONError(at: .pointer(json.pointer + "/words"), "must hold at least one word") }
  }

  public var json: JSONValue {
    var object = JSONObject([("id", .string(id)), ("goods", .string(goods)), ("words", .strings(words))])
    if !except.isEmpty { object["except"] = .strings(except) }
    object["rulings"] = .list(rulings)
    return .object(object)
  }
}

extension RulingBook.Ruling: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["authority", "reference", "date", "code", "goods", "withdrawnBy"])
    self.init(
      authority: try json.filledString("authority"), reference: try json.filledString("reference"),
      date: try json.decode(CalendarDate.self, "date"), code: try json.decode(HSCode.self, "code"),
      goods: try json.filledString("goods"), withdrawnBy: try json.optionalString("withdrawnBy"))
    if code.digits.utf8.count < 6 { throw try json.required("code").failure("must have at least six digits") }
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("authority", .string(authority)), ("reference", .string(reference)), ("date", date.json), ("code", code.json),
      ("goods", .string(goods)),
    ])
    object.set("withdrawnBy", withdrawnBy.map { .string($0) })
    return .object(object)
  }
}
