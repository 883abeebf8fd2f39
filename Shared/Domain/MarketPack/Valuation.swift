import JSON

/// What the customs value contains, and what stands in for freight and insurance that nobody named.
public struct Valuation: Hashable, Sendable {
  public enum Basis: String, Sendable, CaseIterable { case cif = "CIF", fob = "FOB" }

  public var basis: Basis
  /// The first that fits the origin is used.
  public var defaults: [DefaultCharge]
  public var source: RuleSource

  public init(basis: Basis, defaults: [DefaultCharge] = [], source: RuleSource) {
    self.basis = basis
    self.defaults = defaults
    self.source = source
  }
}

/// Freight or insurance as a share of the goods, where the real figure is unknown.
public struct DefaultCharge: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable { case freight, insurance, freightAndInsurance }
  public enum Base: String, Sendable, CaseIterable { case goods, goodsAndFreight }

  public var kind: Kind
  public var percent: Decimal
  public var base: Base
  /// Empty for every origin.
  public var origins: [CountryCode]
  /// True for the figure that stands in for dangerous goods alone; it comes before the general one.
  public var isForDangerousGoods: Bool
  /// True when no authority set the figure: it is our assumption, and the working says so.
  public var isAssumption: Bool

  public init(
    _ kind: Kind, percent: Decimal, base: Base = .goods, origins: [CountryCode] = [],
    isForDangerousGoods: Bool = false, isAssumption: Bool = false
  ) {
    self.kind = kind
    self.percent = percent
    self.base = base
    self.origins = origins
    self.isForDangerousGoods = isForDangerousGoods
    self.isAssumption = isAssumption
  }

  public func applies(to origin: CountryCode?, isDangerous: Bool) -> Bool {
    (isDangerous || !isForDangerousGoods) && (origins.isEmpty || origin.map { origins.contains($0) } ?? false)
  }
}

extension Valuation: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["basis", "defaults", "source"])
    self.init(
      basis: try json.required("basis").named(Basis.self), defaults: try json.list(DefaultCharge.self, "defaults"),
      source: try json.strictSource("source"))
  }

  public var json: JSONValue {
    ["basis": .string(basis.rawValue), "defaults": .list(defaults), "source": source.json]
  }
}

extension DefaultCharge: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["kind", "percent", "base", "origins", "isForDangerousGoods", "isAssumption"])
    self.init(
      try json.required("kind").named(Kind.self), percent: try json.percent("percent"),
      base: try json.optional("base")?.named(Base.self) ?? .goods,
      origins: try json.list(CountryCode.self, "origins"),
      isForDangerousGoods: try json.optional("isForDangerousGoods")?.bool() ?? false,
      isAssumption: try json.optional("isAssumption")?.bool() ?? false)
  }

  public var json: JSONValue {
    var object = JSONObject([("kind", .string(kind.rawValue)), ("percent", percent.json)])
    if base != .goods { object["base"] = .string(base.rawValue) }
    if !origins.isEmpty { object["origins"] = .list(origins) }
    if isForDangerousGoods { object["isForDangerousGoods"] = true }
    if isAssumption { object["isAssumption"] = true }
    return .object(object)
  }
}
