import Domain
import JSON

/// One thing that happened to a case that waits, as everybody outside is told of it. The JSON is written here and nowhere
/// else; its form is a promise to receivers.
public struct ReviewNews: Hashable, Sendable {
  /// The case as it stands when it is told.
  public struct Subject: Hashable, Sendable {
    public var id: CaseID
    public var sku: String
    public var title: String
    public var revision: Int64
    public var market: Market
    public var state: CaseState
    public var lane: Lane?
    public var roles: [ReviewerRole]
    public var riskScore: Int
    /// Why it waits.
    public var reason: String?

    public init(
      id: CaseID, sku: String, title: String, revision: Int64, market: Market, state: CaseState, lane: Lane?,
      roles: [ReviewerRole], riskScore: Int, reason: String?
    ) {
      self.id = id
      self.sku = sku
      self.title = title
      self.revision = revision
      self.market = market
      self.state = state
      self.lane = lane
      self.roles = roles
      self.riskScore = riskScore
      self.reason = reason
    }
  }

  public var happening: ReviewHappening
  public var sequence: Int64
  public var by: Actor
  public var at: Instant
  /// What belongs to it: question, answer, reason, to, until, takesEffectAt, decisionKind, code.
  public var details: JSONObject
  public var subject: Subject

  public init(
    _ happening: ReviewHappening, sequence: Int64, by: Actor, at: Instant, details: JSONObject, subject: Subject
  ) {
    self.happening = happening
    self.sequence = sequence
    self.by = by
    self.at = at
    self.details = details
    self.subject = subject
  }

  public enum Phase: String, Sendable { case opened, changed, closed }

  public var phase: Phase {
    switch happening {
    case .held: .opened
    case .decided, .superseded: .closed
    case .screenedAgain, .claimed, .released, .skipped, .snoozed, .assigned, .escalated, .firstOpinion, .opinionsDiffer,
      .informationRequested, .informationReceived, .decisionGiven, .decisionUndone, .decisionDropped, .deliveryFailed:
      .changed
    }
  }

  public var assignee: Actor? { details["to"]?.stringValue.flatMap { Actor(name: $0) } }

  /// - Parameter type: of the event.
  /// - Parameter link: of the case's page, where the desk knows its own address.
  public func json(type: String, link: String?) -> JSONValue {
    var data = JSONObject([
      ("caseId", subject.id.json), ("sku", .string(subject.sku)), ("revision", .integer(subject.revision)),
      ("market", subject.market.json), ("sequence", .integer(sequence)), ("what", .string(happening.rawValue)),
      ("by", by.json), ("state", .string(subject.state.rawValue)), ("riskScore", .integer(Int64(subject.riskScore))),
      ("roles", .list(subject.roles)),
    ])
    data.set("lane", subject.lane.map { .string($0.rawValue) })
    data.set("why", phase == .closed ? nil : subject.reason.map { .string($0) })
    for member in details.members { data[member.key] = member.value }
    data.set("link", link.map { .string($0) })
    return ["type": .string(type), "timestamp": at.json, "data": .object(data)]
  }
}
