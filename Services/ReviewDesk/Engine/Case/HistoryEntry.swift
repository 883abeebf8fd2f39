import Domain
import JSON

/// One entry of the audit log about a case.
public struct HistoryEntry: Hashable, Sendable {
  public var sequence: Int64
  public var kind: String
  public var actor: Actor
  public var at: Instant
  public var data: JSONValue

  /// - Parameter content: the canonical text that was hashed.
  public init(sequence: Int64, content: String) throws(JSONError) {
    let json = JSONCursor(try JSONParser.parse(content))
    self.sequence = sequence
    kind = try json.string("kind")
    actor = try json.decode(Actor.self, "actor")
    at = try json.decode(Instant.self, "at")
    data = json.optional("data")?.value ?? [:]
  }

  public var json: JSONValue {
    ["sequence": .integer(sequence), "kind": .string(kind), "actor": actor.json, "at": at.json, "data": data]
  }
}
