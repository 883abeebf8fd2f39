import Domain
import JSON

/// A view of the queue that somebody wants to keep.
public struct ViewRequest: Hashable, Sendable {
  private static let nameMax = 80

  public var name: String
  /// As in the address of the queue; empty for all of it.
  public var query: String
  public var isDefault: Bool

  /// - Parameter query: parameters of the queue, which are kept as far as they are such.
  public init(name: String, query: [(name: String, value: String)], isDefault: Bool) throws(Refusal) {
    self.name = try ViewRequest.readable(name)
    self.query = QueryString.encoded(try QueueQuery(query, isLenient: true).parameters)
    self.isDefault = isDefault
  }

  public init(_ json: JSONValue) throws(Refusal) {
    name = try ViewRequest.name(json, besides: ["filter", "isDefault"])
    let filter = json["filter"] ?? .object(JSONObject())
    query = QueryString.encoded(try QueueQuery(filter: filter).parameters)
    switch json["isDefault"] {
    case nil: isDefault = false
    case .bool(let flag)?: isDefault = flag
    default: throw ViewRequest.malformed("/isDefault", "This is not true or false.", "Send true or false.")
    }
  }

  /// Of the view that a request is about.
  public static func name(_ json: JSONValue, besides others: Set<String> = []) throws(Refusal) -> String {
    var reader = try MemberReader(json, known: others.union(["name"]))
    let name = reader.text("name")
    if name == nil { reader.missing("name", "Say which view.") }
    guard reader.issues.isEmpty else { throw Refusal(.malformed, "The view cannot be read.", reader.issues) }
    return try readable(name ?? "")
  }

  /// What a view is called is plain text of one line.
  public static func readable(_ name: String) throws(Refusal) -> String {
    let words = name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let isPlain = !words.unicodeScalars.contains { $0.properties.generalCategory == .control }
    guard (1...nameMax).contains(words.unicodeScalars.count), isPlain else {
      throw malformed("/name", "This is no name.", "Use 1 to \(nameMax) characters.")
    }
    return words
  }

  private static func malformed(_ field: String, _ problem: Phrase, _ remedy: Phrase) -> Refusal {
    Refusal(
      .malformed, "The view cannot be read.",
      [FieldFault(field: field, problem: problem, remedy: remedy)])
  }
}
