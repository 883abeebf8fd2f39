import JSON

/// Why a request failed, for the people and programs that sent it (RFC 9457).
public struct Problem: Error, Hashable, Sendable {
  /// What is wrong with one part of the request.
  public struct Fault: Hashable, Sendable {
    /// A JSON Pointer into the body, or the name of a parameter or header.
    public var pointer: String
    public var detail: String
    /// What to do about it.
    public var remedy: String?

    public init(pointer: String, detail: String, remedy: String? = nil) {
      self.pointer = pointer
      self.detail = detail
      self.remedy = remedy
    }
  }

  public static let contentType = "application/problem+json"

  public var type: String
  public var title: String
  public var status: Int
  public var detail: String?
  public var instance: String?
  public var errors: [Fault]

  public init(
    status: Int, title: String? = nil, type: String = "about:blank", detail: String? = nil, instance: String? = nil,
    errors: [Fault] = []
  ) {
    self.status = status
    self.title = title ?? HTTPStatus.reason(status)
    self.type = type
    self.detail = detail
    self.instance = instance
    self.errors = errors
  }

  public var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("type", .string(type)), ("title", .string(title)), ("status", .integer(Int64(status))),
    ]
    if let detail { members.append(("detail", .string(detail))) }
    if let instance { members.append(("instance", .string(instance))) }
    if !errors.isEmpty { members.append(("errors", .array(errors.map(\.json)))) }
    return .object(JSONObject(members))
  }
}

extension Problem.Fault {
  var json: JSONValue {
    var members: [(String, JSONValue)] = [("pointer", .string(pointer)), ("detail", .string(detail))]
    if let remedy { members.append(("remedy", .string(remedy))) }
    return .object(JSONObject(members))
  }
}
