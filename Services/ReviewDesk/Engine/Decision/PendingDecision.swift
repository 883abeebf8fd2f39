import Domain
import JSON

/// A decision that was given and can still be undone: nothing of it has happened yet.
public struct PendingDecision: Hashable, Sendable {
  public var person: Actor
  public var name: String
  public var request: DecisionRequest
  public var takesEffectAt: Instant

  public init(person: Actor, name: String, request: DecisionRequest, takesEffectAt: Instant) {
    self.person = person
    self.name = name
    self.request = request
    self.takesEffectAt = takesEffectAt
  }

  /// That there is one, and not what it says: where two people decide, the second is not to know.
  public var json: JSONValue {
    ["by": person.json, "name": .string(name), "takesEffectAt": takesEffectAt.json]
  }

  func seconds(at now: Instant) -> Int64 { max(1, (takesEffectAt.timeIntervalMilliseconds(since: now) + 999) / 1000) }

  /// Why nobody does anything else to the case until then.
  var refusal: Refusal {
    Refusal(
      .conflict,
      "\(name) has decided this case, and can undo it until the decision takes effect in a moment.")
  }
}
