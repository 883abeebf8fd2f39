import Domain
import JSON

/// What people have arranged about a case that waits.
public struct CaseHandling: Hashable, Sendable {
  /// Somebody has the case in hand.
  public struct Hold: Hashable, Sendable {
    public var holder: Actor
    public var name: String
    public var until: Instant

    public init(holder: Actor, name: String, until: Instant) {
      self.holder = holder
      self.name = name
      self.until = until
    }
  }

  public struct Assignment: Hashable, Sendable {
    public var person: Actor
    public var name: String

    public init(person: Actor, name: String) {
      self.person = person
      self.name = name
    }
  }

  public struct Escalation: Hashable, Sendable {
    public var by: Actor
    public var at: Instant
    public var reason: String

    public init(by: Actor, at: Instant, reason: String) {
      self.by = by
      self.at = at
      self.reason = reason
    }
  }

  public var hold: Hold?
  public var assignment: Assignment?
  public var snoozedUntil: Instant?
  public var escalation: Escalation?

  public init(
    hold: Hold? = nil, assignment: Assignment? = nil, snoozedUntil: Instant? = nil, escalation: Escalation? = nil
  ) {
    self.hold = hold
    self.assignment = assignment
    self.snoozedUntil = snoozedUntil
    self.escalation = escalation
  }

  /// Who keeps this person from deciding the case now.
  public func hold(against actor: Actor) -> Hold? { hold.flatMap { $0.holder == actor ? nil : $0 } }

  /// Each member that there is something to say about.
  public func add(to object: inout JSONObject) {
    object.set("claim", hold?.json)
    object.set("assignedTo", assignment.map { ["person": $0.person.json, "name": .string($0.name)] })
    object.set("snoozedUntil", snoozedUntil?.json)
    object.set(
      "escalation", escalation.map { ["by": $0.by.json, "at": $0.at.json, "reason": .string($0.reason)] })
  }
}

extension CaseHandling.Hold {
  var json: JSONValue { ["holder": holder.json, "name": .string(name), "until": until.json] }

  /// How long the case stays theirs.
  public func remaining(at now: Instant) -> Phrase {
    let minutes = max(1, (until.timeIntervalMilliseconds(since: now) + 59_999) / 60_000)
    return minutes == 1 ? "1 more minute" : "\(minutes) more minutes"
  }
}
