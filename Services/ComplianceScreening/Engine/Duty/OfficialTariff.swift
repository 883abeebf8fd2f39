import Domain
import JSON

/// The national lines of a market with the ordinary duty of each, as its authority published them in one file.
public struct OfficialTariff: Hashable, Sendable {
  public struct Line: Hashable, Sendable {
    public var code: HSCode
    public var unit: QuantityUnit?
    /// nil where the file gives none, or one that this program cannot compute with.
    public var rate: DutyRate?
  }

  public var source: RuleSource
  /// The day from which the rates hold.
  public var from: CalendarDate
  /// In the order of their codes.
  public var lines: [Line]

  public init(source: RuleSource, from: CalendarDate, lines: [Line]) {
    self.source = source
    self.from = from
    self.lines = lines.sorted { $0.code < $1.code }
  }

  public func schedule(version: String) -> TariffSchedule {
    TariffSchedule(
      edition: version, lines: lines.map { TariffSchedule.Line(code: $0.code, unit: $0.unit) },
      rates: lines.compactMap { line in
        line.rate.map { TariffSchedule.Rate(prefix: line.code.digits, rate: $0, from: from, source: source) }
      }, prevails: true)
  }
}

extension OfficialTariff: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      source: try json.decode(RuleSource.self, "source"), from: try json.decode(CalendarDate.self, "from"),
      lines: try json.list(Line.self, "lines"))
  }

  public var json: JSONValue { ["source": source.json, "from": from.json, "lines": .list(lines)] }
}

extension OfficialTariff.Line: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    code = try json.decode(HSCode.self, "code")
    unit = try json.optional("unit")?.decode("a unit such as kg") {
      $0.stringValue.flatMap { QuantityUnit(rawValue: $0) }
    }
    rate = try json.optional(DutyRate.self, "rate")
  }

  public var json: JSONValue {
    var object = JSONObject([("code", .string(code.digits))])
    object.set("unit", unit.map { .string($0.rawValue) })
    object.set("rate", rate?.json)
    return .object(object)
  }
}
