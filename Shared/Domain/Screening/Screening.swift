import JSON

/// What compliance-screening found for one case, and with which versions of packs and lists.
public struct Screening: Hashable, Sendable {
  public var findings: [Finding]
  public var duties: [DutyEstimate]
  /// 0 to 100; orders the review queue and decides nothing.
  public var riskScore: Int
  /// What the score is made of; absent in screenings of earlier versions.
  public var risk: Risk?
  public var packVersion: String
  public var listVersions: [String]

  /// Stands for a pack's version where the market has none.
  public static let noPack = "none"

  public init(
    findings: [Finding], duties: [DutyEstimate], riskScore: Int, packVersion: String, listVersions: [String] = [],
    risk: Risk? = nil
  ) {
    self.risk = risk
    self.findings = findings
    self.duties = duties
    self.riskScore = riskScore
    self.packVersion = packVersion
    self.listVersions = listVersions
  }
}

extension Screening: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      findings: try json.list(Finding.self, "findings"), duties: try json.list(DutyEstimate.self, "duties"),
      riskScore: Int(try json.integer("riskScore")), packVersion: try json.string("packVersion"),
      listVersions: try json.strings("listVersions"), risk: try json.optional(Risk.self, "risk"))
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("findings", .list(findings)), ("duties", .list(duties)), ("riskScore", .integer(Int64(riskScore))),
    ])
    object.set("risk", risk?.json)
    object["packVersion"] = .string(packVersion)
    object["listVersions"] = .strings(listVersions)
    return .object(object)
  }
}
