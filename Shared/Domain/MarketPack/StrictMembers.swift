import JSON

extension JSONCursor {
  /// A misspelt field in a rule would silently widen or narrow it, so reference data refuses what it does not know.
  func refuseOthers(than known: Set<String>) throws(JSONError) {
    for (key, member) in try members() where !known.contains(key) {
      throw member.failure("is not a known field")
    }
  }

  func filledString(_ key: String) throws(JSONError) -> String {
    let member = try required(key)
    let text = try member.string()
    guard !text.isEmpty else { throw member.failure("must not be empty") }
    return text
  }

  func filledStrings(_ key: String) throws(JSONError) -> [String] {
    try elements(key).map { element throws(JSONError) in
      let text = try element.string()
      guard !text.isEmpty else { throw element.failure("must not be empty") }
      return text
    }
  }

  func named<T: RawRepresentable & CaseIterable>(_ type: T.Type) throws(JSONError) -> T where T.RawValue == String {
    let names = T.allCases.map(\.rawValue).joined(separator: ", ")
    return try decode("one of \(names)") { $0.stringValue.flatMap { T(rawValue: $0) } }
  }

  /// False where it is not given.
  func flag(_ key: String) throws(JSONError) -> Bool { has(key) ? try bool(key) : false }

  func percent(_ key: String) throws(JSONError) -> Decimal {
    try required(key).decode("a percentage from 0 to 1000 with at most six decimals") { value in
      guard let decimal = value.numeral.flatMap({ Decimal($0) }), decimal.scale <= 6 else { return nil }
      return !decimal.isNegative && decimal <= 1000 ? decimal : nil
    }
  }

  func optionalPercent(_ key: String) throws(JSONError) -> Decimal? { has(key) ? try percent(key) : nil }

  /// An amount or threshold small enough that arithmetic with any product's figures stays within 128 bits.
  func optionalQuantity(_ key: String) throws(JSONError) -> Decimal? {
    guard has(key) else { return nil }
    // Named, for an optional result would take what is refused for what is absent.
    let quantity: Decimal = try required(key).decode("a number from 0 to a trillion with at most six decimals") {
      guard let decimal = $0.numeral.flatMap({ Decimal($0) }), decimal.scale <= 6 else { return nil }
      return !decimal.isNegative && decimal <= 1_000_000_000_000 ? decimal : nil
    }
    return quantity
  }

  func prefixes(_ key: String) throws(JSONError) -> [String] {
    try elements(key).map { element throws(JSONError) in try element.prefix() }
  }

  func prefix() throws(JSONError) -> String {
    try decode("2 to 12 digits of a tariff code") { value in
      guard let text = value.stringValue, (2...12).contains(text.utf8.count) else { return nil }
      return text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? text : nil
    }
  }

  func strictSource(_ key: String) throws(JSONError) -> RuleSource {
    let cursor = try required(key)
    try cursor.refuseOthers(than: ["authority", "instrument", "excerpt", "asOf", "address"])
    _ = try cursor.filledString("authority")
    _ = try cursor.filledString("instrument")
    guard cursor.has("asOf") else { throw JSONError(at: .pointer(cursor.pointer + "/asOf"), "is missing") }
    return try RuleSource(json: cursor)
  }
}

/// From a day on, and to a day (included) where one is set.
public struct ValidityPeriod: Hashable, Sendable {
  public var from: CalendarDate?
  public var until: CalendarDate?

  public init(from: CalendarDate? = nil, until: CalendarDate? = nil) {
    self.from = from
    self.until = until
  }

  public func contains(_ date: CalendarDate) -> Bool {
    (from.map { $0 <= date } ?? true) && (until.map { date <= $0 } ?? true)
  }

  init(members cursor: JSONCursor) throws(JSONError) {
    self.init(
      from: try cursor.optional(CalendarDate.self, "from"), until: try cursor.optional(CalendarDate.self, "until"))
    if let from, let until, until < from { throw cursor.failure("ends before it begins") }
  }

  func write(to object: inout JSONObject) {
    object.set("from", from?.json)
    object.set("until", until?.json)
  }
}
