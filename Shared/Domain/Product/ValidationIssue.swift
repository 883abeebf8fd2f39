import JSON

/// What is wrong with one field, and what to do about it. The reader is the person who typed it.
public struct ValidationIssue: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable { case missing, invalid, conflicting, vague, unknown }

  public var field: String
  public var kind: Kind
  public var problem: String
  public var remedy: String

  public init(field: String, kind: Kind, problem: String, remedy: String) {
    self.field = field
    self.kind = kind
    self.problem = problem
    self.remedy = remedy
  }
}

extension ValidationIssue: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      field: try json.string("field"),
      kind: try json.required("kind").decode("a kind of issue") { $0.stringValue.flatMap { Kind(rawValue: $0) } },
      problem: try json.string("problem"), remedy: try json.string("remedy"))
  }

  public var json: JSONValue {
    ["field": .string(field), "kind": .string(kind.rawValue), "problem": .string(problem), "remedy": .string(remedy)]
  }
}
