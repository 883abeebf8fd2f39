import JSON

/// An excise or special consumption tax that import brings with it. Goods that no line names bear none.
public struct Excise: Hashable, Sendable {
  public enum Base: String, Sendable, CaseIterable { case customsValue, customsValueAndDuty }

  public var name: String
  public var base: Base
  public var lines: [Line]
  public var source: RuleSource

  public struct Line: Hashable, Sendable {
    public var prefix: String
    /// nil when the goods bear excise at a rate that is not in the pack: unknown, not free.
    public var rate: DutyRate?
    public var validity: ValidityPeriod
    public var note: String?

    public init(
      prefix: String, rate: DutyRate?, validity: ValidityPeriod = ValidityPeriod(), note: String? = nil
    ) {
      self.prefix = prefix
      self.rate = rate
      self.validity = validity
      self.note = note
    }
  }

  public init(name: String, base: Base, lines: [Line], source: RuleSource) {
    self.name = name
    self.base = base
    self.lines = lines
    self.source = source
  }

  /// The line of the longest prefix; nil when the goods bear no excise.
  public func line(for code: HSCode, on date: CalendarDate) -> Line? {
    lines.filter { code.hasPrefix($0.prefix) && $0.validity.contains(date) }
      .max { $0.prefix.utf8.count < $1.prefix.utf8.count }
  }

  /// Lines below a code that is too short to tell whether they hold: some goods of the code bear excise, others none.
  public func finerLines(than code: HSCode, on date: CalendarDate) -> [Line] {
    lines.filter {
      $0.prefix.hasPrefix(code.digits) && $0.prefix != code.digits && $0.validity.contains(date)
    }
  }
}

extension Excise: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["name", "base", "lines", "source"])
    self.init(
      name: try json.filledString("name"), base: try json.required("base").named(Base.self),
      lines: try json.list(Line.self, "lines"), source: try json.strictSource("source"))
  }

  public var json: JSONValue {
    ["name": .string(name), "base": .string(base.rawValue), "lines": .list(lines), "source": source.json]
  }
}

extension Excise.Line: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["prefix", "rate", "from", "until", "note"])
    self.init(
      prefix: try json.required("prefix").prefix(), rate: try json.optional(DutyRate.self, "rate"),
      validity: try ValidityPeriod(members: json), note: try json.optionalString("note"))
  }

  public var json: JSONValue {
    var object = JSONObject([("prefix", .string(prefix))])
    object.set("rate", rate?.json)
    validity.write(to: &object)
    object.set("note", note.map { .string($0) })
    return .object(object)
  }
}
