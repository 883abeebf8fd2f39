import Domain
import JSON

/// One case that waits, as the queue shows it.
public struct QueueEntry: Hashable, Sendable {
  public var caseID: CaseID
  public var market: Market
  public var sku: String
  public var title: String
  public var state: CaseState
  public var lane: Lane
  public var roles: [ReviewerRole]
  public var riskScore: Int
  public var reason: String
  public var code: HSCode?
  public var openedAt: Instant
  public var clock: ReviewClock
  public var handling = CaseHandling()

  public init(
    caseID: CaseID, market: Market, sku: String, title: String, state: CaseState, lane: Lane, roles: [ReviewerRole],
    riskScore: Int, reason: String, code: HSCode?, openedAt: Instant, clock: ReviewClock
  ) {
    self.caseID = caseID
    self.market = market
    self.sku = sku
    self.title = title
    self.state = state
    self.lane = lane
    self.roles = roles
    self.riskScore = riskScore
    self.reason = reason
    self.code = code
    self.openedAt = openedAt
    self.clock = clock
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("caseId", caseID.json), ("market", market.json), ("sku", .string(sku)), ("title", .string(title)),
      ("state", .string(state.rawValue)), ("lane", .string(lane.rawValue)), ("roles", .list(roles)),
      ("riskScore", .integer(Int64(riskScore))), ("reason", .string(reason)),
    ])
    object.set("code", code?.json)
    object["openedAt"] = openedAt.json
    clock.add(to: &object)
    object["href"] = .string("/v1/cases/\(caseID)")
    handling.add(to: &object)
    return .object(object)
  }
}

/// The time within which a case is to be decided. It stands still while the supplier is asked.
public struct ReviewClock: Hashable, Sendable {
  public var dueAt: Instant
  public var pausedAt: Instant?

  public init(dueAt: Instant, pausedAt: Instant? = nil) {
    self.dueAt = dueAt
    self.pausedAt = pausedAt
  }

  public func isOverdue(at now: Instant) -> Bool { (pausedAt ?? now) > dueAt }

  public func words(at now: Instant) -> Phrase {
    let moment = pausedAt ?? now
    let left: Phrase =
      isOverdue(at: now) ? "overdue by \(Age.span(from: dueAt, to: moment))" : Age.left(from: moment, to: dueAt)
    return pausedAt == nil ? left : "\(left), stands still"
  }

  /// - Note: `dueAt` of a clock that stands still is when it would be over had the supplier answered at once.
  func add(to object: inout JSONObject) {
    object["dueAt"] = dueAt.json
    object.set("pausedAt", pausedAt?.json)
  }
}

/// Part of the queue, in its order: by risk and by how much of its time a case has waited.
public struct QueuePage: Sendable {
  public static let countMax = 2000

  public var entries: [QueueEntry]
  public var query: QueueQuery
  /// Where the next page begins; nil when this is the last.
  public var next: QueueCursor?
  /// What is asked about. Counting stops at `countMax`.
  public var matchingCount: Int64
  /// Of everything.
  public var waitingCount: Int64

  public init(
    entries: [QueueEntry], query: QueueQuery, next: QueueCursor?, matchingCount: Int64, waitingCount: Int64
  ) {
    self.entries = entries
    self.query = query
    self.next = next
    self.matchingCount = matchingCount
    self.waitingCount = waitingCount
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("reviews", .array(entries.map(\.json))), ("limit", .integer(Int64(query.limit))),
      ("hasMore", .bool(next != nil)),
    ])
    object.set("next", next.map { .string($0.description) })
    object["matching"] = .integer(matchingCount)
    object["waiting"] = .integer(waitingCount)
    object["countedUpTo"] = .integer(Int64(QueuePage.countMax))
    return .object(object)
  }
}
