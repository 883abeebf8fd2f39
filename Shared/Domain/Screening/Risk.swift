import JSON

/// Where a risk score comes from: named parts with their points, of what is at stake and of how unsure it is.
public struct Risk: Hashable, Sendable {
  public struct Part: Hashable, Sendable {
    public enum Name: String, Sendable, CaseIterable {
      case anyGoods = "any goods", penalties = "penalty exposure", parties = "party or embargo"
      case dutyAtStake = "duty at stake", value = "value of the goods"
      case anyDecision = "any decision", uncertainCode = "uncertain code", nearSecond = "second candidate is near"
      case vague = "vague description", findings, newSupplier = "new supplier", newMarket = "new market"

      /// What is at stake; the others are how unsure it is.
      public var isImpact: Bool {
        switch self {
        case .anyGoods, .penalties, .parties, .dutyAtStake, .value: true
        case .anyDecision, .uncertainCode, .nearSecond, .vague, .findings, .newSupplier, .newMarket: false
        }
      }
    }

    public var name: Name
    public var points: Int

    public init(_ name: Name, _ points: Int) {
      self.name = name
      self.points = points
    }
  }

  public var parts: [Part]
  /// The learned weights that were used; nil for the rules of thumb that hold before there are any.
  public var model: Int64?

  public init(parts: [Part], model: Int64? = nil) {
    self.parts = parts
    self.model = model
  }

  /// `penalty exposure 50, value of the goods 10`.
  public var words: String { parts.map { "\($0.name.rawValue) \($0.points)" }.joined(separator: ", ") }
}

extension Risk: JSONCodable {
  /// A part that this program does not know is left out: it was another version's.
  public init(json: JSONCursor) throws(JSONError) {
    var parts: [Part] = []
    for (key, value) in try json.optional("parts")?.members() ?? [] {
      guard let name = Part.Name(rawValue: key) else { continue }
      parts.append(Part(name, Int(try value.integer())))
    }
    self.init(parts: parts, model: try json.optionalInteger("model"))
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("parts", .object(JSONObject(parts.map { ($0.name.rawValue, .integer(Int64($0.points))) })))
    ])
    object.set("model", model.map { .integer($0) })
    return .object(object)
  }
}
