import JSON

/// When a duty estimate takes a case to a person.
public struct DutyLimits: Hashable, Sendable {
  /// The candidates' duty rates may lie so many percentage points apart; nil for no limit.
  public var differencePoints: Decimal?
  /// Duty and tax may lie so many percentage points from the tenant's usual; nil for no limit.
  public var historyPoints: Decimal?
  /// Whether a rate that is missing, out of date or not confirmed holds the case, or is only told.
  public var holdsUnknown: Bool

  public init(differencePoints: Decimal? = nil, historyPoints: Decimal? = nil, holdsUnknown: Bool) {
    self.differencePoints = differencePoints
    self.historyPoints = historyPoints
    self.holdsUnknown = holdsUnknown
  }

  /// What holds where a policy says nothing.
  public static let standard = DutyLimits(differencePoints: 10, historyPoints: 15, holdsUnknown: true)
}

extension DutyLimits: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseUnknownMembers(["differencePoints", "historyPoints", "holdsUnknown"])
    self.init(
      differencePoints: try json.optionalPercent("differencePoints"),
      historyPoints: try json.optionalPercent("historyPoints"), holdsUnknown: try json.bool("holdsUnknown"))
  }

  public var json: JSONValue {
    var object = JSONObject()
    object.set("differencePoints", differencePoints?.json)
    object.set("historyPoints", historyPoints?.json)
    object["holdsUnknown"] = .bool(holdsUnknown)
    return .object(object)
  }
}
