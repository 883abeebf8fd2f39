import JSON

/// The lists of denied parties without which a tenant clears nothing.
public enum RequiredLists: Hashable, Sendable {
  /// At least one that an authority publishes.
  case anyPublished
  /// Each of these, by their ids; none asks for nothing.
  case named([String])
}

extension RequiredLists: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    var names: [String] = []
    for element in try json.elements() { names.append(try element.string()) }
    self = .named(names)
  }

  /// Null where the policy says nothing.
  public var json: JSONValue {
    switch self {
    case .anyPublished: .null
    case .named(let names): .strings(names)
    }
  }
}
