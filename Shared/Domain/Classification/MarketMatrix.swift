import JSON

/// One product beside itself in all its markets: code, confidence, restrictions and duty.
public struct MarketMatrix: Hashable, Sendable {
  public struct Row: Hashable, Sendable {
    public var caseID: CaseID
    public var market: Market
    public var state: CaseState
    public var lane: Lane?
    public var candidate: Candidate?
    public var decision: Decision?
    public var screening: Screening?

    public init(
      caseID: CaseID, market: Market, state: CaseState, lane: Lane?, candidate: Candidate?, decision: Decision?,
      screening: Screening?
    ) {
      self.caseID = caseID
      self.market = market
      self.state = state
      self.lane = lane
      self.candidate = candidate
      self.decision = decision
      self.screening = screening
    }

    /// What was decided, else what is most likely.
    public var code: HSCode? { decision?.code ?? candidate?.code }
    /// What holds the product in this market, gravest first.
    public var restrictions: [Finding] {
      (screening?.findings ?? []).filter(\.blocksClearance).sorted { $0.effect > $1.effect }
    }
    public var duty: DutyEstimate? {
      screening?.duties.first { $0.code == code } ?? (decision == nil ? screening?.duties.first : nil)
    }
  }

  public var sku: String
  public var title: String
  public var revision: Int64
  public var rows: [Row]

  public init(sku: String, title: String, revision: Int64, rows: [Row]) {
    self.sku = sku
    self.title = title
    self.revision = revision
    self.rows = rows.sorted { $0.market < $1.market }
  }

  /// The codes of six digits that the markets have, with the markets of each; more than one is a conflict.
  public var codes: [(subheading: String, markets: [Market])] {
    let known = rows.compactMap { row in row.code.map { ($0.subheading, row.market) } }
    return Dictionary(grouping: known, by: \.0).map { ($0.key, $0.value.map(\.1)) }.sorted { $0.0 < $1.0 }
  }

  public var codesDiffer: Bool {
    let known = rows.compactMap(\.code)
    return known.contains { code in known.contains { !code.agrees(with: $0) } }
  }
}

extension MarketMatrix {
  public var json: JSONValue {
    [
      "sku": .string(sku), "title": .string(title), "revision": .integer(revision), "codesDiffer": .bool(codesDiffer),
      "markets": .array(rows.map(json)),
    ]
  }

  private func json(_ row: Row) -> JSONValue {
    var object = JSONObject([
      ("market", row.market.json), ("case", row.caseID.json), ("state", .string(row.state.rawValue)),
    ])
    object.set("lane", row.lane.map { .string($0.rawValue) })
    object.set("code", row.code?.json)
    object["isDecided"] = .bool(row.decision?.code != nil)
    object.set("confidence", row.candidate?.confidence.json)
    object["restrictions"] = .array(
      row.restrictions.map {
        ["rule": .string($0.ruleID), "effect": .string($0.effect.rawValue), "summary": .string($0.summary)]
      })
    object.set("duty", row.duty?.json)
    object.set("risk", row.screening.map { .integer(Int64($0.riskScore)) })
    return .object(object)
  }
}
