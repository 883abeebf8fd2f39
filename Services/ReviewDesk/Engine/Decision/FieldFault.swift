/// What is wrong with one field of what a person sent, and what to do about it.
public struct FieldFault: Hashable, Sendable {
  /// A JSON Pointer into a body, or the name of a parameter.
  public var field: String
  public var problem: Phrase
  public var remedy: Phrase

  public init(field: String, problem: Phrase, remedy: Phrase) {
    self.field = field
    self.problem = problem
    self.remedy = remedy
  }

  /// As the form calls the field.
  public var name: Phrase { FieldFault.name(of: field.hasPrefix("/") ? String(field.dropFirst()) : field) }

  static func name(of field: String) -> Phrase {
    switch field {
    case "action", "verdict", "outcome": return "Decision"
    case "answer": return "Answer"
    case "automatic": return "How many are drawn"
    case "chapter": return "Chapter"
    case "code": return "Code"
    case "days": return "Days"
    case "evidence": return "Documents"
    case "hours": return "Hours at least"
    case "into", "market": return "Market"
    case "kind": return "Held for"
    case "lane": return "Lane"
    case "name": return "Name"
    case "q": return "Search"
    case "question": return "Question"
    case "reason": return "Reason"
    case "role": return "For"
    case "sku": return "SKU of the product"
    case "state": return "State"
    case "to": return "Give it to"
    case "until": return "Put it off for"
    default: return .verbatim(field)
    }
  }
}
