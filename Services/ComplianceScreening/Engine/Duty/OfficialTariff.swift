import Domain
import JSON

/// The national lines of a market with the ordinary duty of each, as its authority published them in one file.
public struct OfficialTariff: Hashable, Sendable {
  public struct Line: Hashable, Sendable {
    public var code: HSCode
    public var unit: QuantityUnit?
    /// nil where the file gives none, or one that this program cannot compute with.
    public var rate: DutyRate?
    /// Where the file says for each rate when it holds.
    public var dated: [DatedRate] = []
  }

  public struct DatedRate: Hashable, Sendable {
    public var rate: DutyRate
    public var from: CalendarDate
    /// The last day; nil where no end is set.
    public var until: CalendarDate?
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
      rates: lines.flatMap(rates), prevails: true)
  }

  private func rates(_ line: Line) -> [TariffSchedule.Rate] {
    let plain = line.rate.map { DatedRate(rate: $0, from: from) }
    return ((plain.map { [$0] } ?? []) + line.dated).map { rate in
      TariffSchedule.Rate(
        prefix: line.code.digits, rate: rate.rate, from: rate.from, until: rate.until, source: source)
    }
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
    dated = json.optional("dated") == nil ? [] : try json.list(OfficialTariff.DatedRate.self, "dated")
  }

  public var json: JSONValue {
    var object = JSONObject([("code", .string(code.digits))])
    object.set("unit", unit.map { .string($0.rawValue) })
    object.set("rate", rate?.json)
    if !dated.isEmpty { object["dated"] = .list(dated) }
    return .object(object)
  }
}

extension OfficialTariff.DatedRate: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    rate = try json.decode(DutyRate.self, "rate")
    from = try json.decode(CalendarDate.self, "from")
    until = try json.optional(CalendarDate.self, "until")
  }

  public var json: JSONValue {
    var object = JSONObject([("rate", rate.json), ("from", from.json)])
    object.set("until", until?.json)
    return .object(object)
  }
}
