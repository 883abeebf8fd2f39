import Domain
import JSON

/// What one of two people decided about a case.
public struct Opinion: Hashable, Sendable {
  public var person: Actor
  public var kind: Decision.Kind
  public var code: HSCode?
  public var reason: String?
  public var givenAt: Instant

  public init(person: Actor, kind: Decision.Kind, code: HSCode?, reason: String?, givenAt: Instant) {
    self.person = person
    self.kind = kind
    self.code = code
    self.reason = reason
    self.givenAt = givenAt
  }

  /// Clearing with the same code is the same, whether it was proposed or not.
  public func agrees(with kind: Decision.Kind, _ code: HSCode?) -> Bool {
    (self.kind == .rejected) == (kind == .rejected) && self.code == code
  }

  public var json: JSONValue {
    var object = sealed.objectValue ?? JSONObject()
    object["kind"] = .string(kind.rawValue)
    object.set("code", code?.json)
    object.set("reason", reason.map { .string($0) })
    return .object(object)
  }

  /// That there is one, and not what it says.
  public var sealed: JSONValue { ["by": person.json, "at": givenAt.json] }
}
