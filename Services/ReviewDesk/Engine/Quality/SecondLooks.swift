import Domain
import JSON

/// How second looks went, and what waits for one.
public struct SecondLooks: Sendable {
  public struct Agreement: Hashable, Sendable {
    /// nil for what cleared by itself.
    public var decider: Actor?
    public var reviewer: Actor
    public var agreed: Share

    public init(decider: Actor?, reviewer: Actor, agreed: Share) {
      self.decider = decider
      self.reviewer = reviewer
      self.agreed = agreed
    }
  }

  /// One that found something else than what was decided.
  public struct Difference: Sendable {
    public var caseID: CaseID
    public var sku: String
    public var market: Market
    public var decision: Decision?
    public var reviewer: Actor
    public var code: HSCode?
    public var reason: String?
    public var at: Instant

    public init(
      caseID: CaseID, sku: String, market: Market, decision: Decision?, reviewer: Actor, code: HSCode?, reason: String?,
      at: Instant
    ) {
      self.caseID = caseID
      self.sku = sku
      self.market = market
      self.decision = decision
      self.reviewer = reviewer
      self.code = code
      self.reason = reason
      self.at = at
    }
  }

  public static let days = 91

  /// In millionths; nil while nothing is drawn.
  public var shares: (automatic: Int64, decided: Int64, gold: Int64)?
  public var waiting: Int64
  public var agreements: [Agreement]
  /// Cases that two people decided without knowing of each other.
  public var pairs: Share
  /// The newest first.
  public var differences: [Difference]
  /// nil for those who are not to know that there are any.
  public var gold: GoldFigures?

  public init(
    shares: (automatic: Int64, decided: Int64, gold: Int64)?, waiting: Int64, agreements: [Agreement], pairs: Share,
    differences: [Difference], gold: GoldFigures? = nil
  ) {
    self.gold = gold
    self.shares = shares
    self.waiting = waiting
    self.agreements = agreements
    self.pairs = pairs
    self.differences = differences
  }

  public func agreed(isAutomatic: Bool) -> Share {
    let counted = agreements.filter { ($0.decider == nil) == isAutomatic }
    return Share(counted.reduce(0) { $0 + $1.agreed.part }, of: counted.reduce(0) { $0 + $1.agreed.whole })
  }

  /// As programs read it: everything of the page but what was found otherwise, which is about single cases.
  public var json: JSONValue {
    var json = JSONObject([
      ("days", .integer(Int64(SecondLooks.days))), ("waiting", .integer(waiting)),
      ("automatic", agreed(isAutomatic: true).counted), ("decided", agreed(isAutomatic: false).counted),
      ("pairs", pairs.counted),
      (
        "agreements",
        .array(
          agreements.map { agreement in
            var member = agreement.agreed.counted.objectValue ?? JSONObject()
            member["decider"] = agreement.decider?.json ?? .null
            member["reviewer"] = agreement.reviewer.json
            return .object(member)
          })
      ),
    ])
    json.set(
      "drawnMillionths",
      shares.map {
        ["automatic": .integer($0.automatic), "decided": .integer($0.decided), "gold": .integer($0.gold)]
      })
    json.set("gold", gold?.json)
    return .object(json)
  }
}

/// What somebody found who took a second look, read from the form.
public struct SecondLook: Hashable, Sendable {
  /// nil where the product should not have been cleared.
  public var code: HSCode?
  public var reason: String?

  public init(_ fields: FormFields) throws(Refusal) {
    func fault(_ field: String, _ remedy: Phrase) -> Refusal {
      Refusal(
        .malformed, "The second look cannot be read.",
        [FieldFault(field: field, problem: "It is missing or cannot be read.", remedy: remedy)])
    }
    let reason = fields["reason"] ?? ""
    guard reason.count <= 500 else { throw fault("/reason", "Say it in at most 500 characters.") }
    self.reason = reason.isEmpty ? nil : reason
    switch fields["verdict"] {
    case "code":
      guard let code = HSCode(fields["code"] ?? ""), code.digits.utf8.count >= 6 else {
        throw fault("/code", "Give six digits or more, such as 6109.10.")
      }
      self.code = code
    case "rejected":
      if self.reason == nil { throw fault("/reason", "Say why the product should not be cleared.") }
    default: throw fault("/verdict", "Say which code the product has, or that it should not be cleared.")
    }
  }

  /// The six digits are what a second look judges.
  public func agrees(with decision: Decision) -> Bool {
    guard let code, let decided = decision.code else { return code == nil && decision.code == nil }
    return code.subheading == decided.subheading
  }

  /// A share of the form in percent, such as `2.5`, in millionths.
  public static func share(_ text: String?) -> Int64? {
    guard let percent = Decimal(text ?? ""), percent >= 0, percent <= 100, percent.scale <= 2 else { return nil }
    return Int64((percent * 10_000).coefficient)
  }
}
