import Domain
import JSON

/// One case that waits, as the queue shows it.
public struct QueueEntry: Hashable, Sendable {
  public var caseID: CaseID
  public var market: Market
  public var sku: String
  public var title: String
  public var lane: Lane
  public var roles: [ReviewerRole]
  public var riskScore: Int
  public var reason: String
  public var openedAt: Instant
  public var handling = CaseHandling()

  public init(
    caseID: CaseID, market: Market, sku: String, title: String, lane: Lane, roles: [ReviewerRole], riskScore: Int,
    reason: String, openedAt: Instant
  ) {
    self.caseID = caseID
    self.market = market
    self.sku = sku
    self.title = title
    self.lane = lane
    self.roles = roles
    self.riskScore = riskScore
    self.reason = reason
    self.openedAt = openedAt
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("caseId", caseID.json), ("market", market.json), ("sku", .string(sku)), ("title", .string(title)),
      ("lane", .string(lane.rawValue)), ("roles", .list(roles)), ("riskScore", .integer(Int64(riskScore))),
      ("reason", .string(reason)), ("openedAt", openedAt.json), ("href", .string("/v1/cases/\(caseID)")),
    ])
    handling.add(to: &object)
    return .object(object)
  }
}

/// Part of the queue: gravest first, then oldest.
public struct QueuePage: Sendable {
  public var entries: [QueueEntry]
  public var query: QueueQuery
  public var hasMore: Bool
  /// In all markets and for all roles.
  public var waitingCount: Int64

  public init(entries: [QueueEntry], query: QueueQuery, hasMore: Bool, waitingCount: Int64) {
    self.entries = entries
    self.query = query
    self.hasMore = hasMore
    self.waitingCount = waitingCount
  }

  public var json: JSONValue {
    [
      "reviews": .array(entries.map(\.json)), "limit": .integer(Int64(query.limit)),
      "offset": .integer(Int64(query.offset)), "hasMore": .bool(hasMore), "waiting": .integer(waitingCount),
    ]
  }
}
