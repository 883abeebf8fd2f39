/// One request, complete with its body.
public struct HTTPRequest: Sendable {
  public var method: HTTPMethod
  /// As it was sent, without the query.
  public var rawPath: String
  /// Decoded. A segment never is `.` or `..` and has no control characters; it may contain `/`.
  public var segments: [String]
  public var query: [(name: String, value: String)]
  /// Names are in lower case.
  public var headers: HTTPHeaders
  public var body: [UInt8]
  /// The numeric address of the peer, without port.
  public var remoteAddress: String
  /// What the `{name}` parts of the route matched.
  public var parameters: [String: String] = [:]

  public init(
    method: HTTPMethod, path: String, query: [(name: String, value: String)] = [], headers: HTTPHeaders = [:],
    body: [UInt8] = [], remoteAddress: String = "127.0.0.1"
  ) {
    self.method = method
    rawPath = path
    segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
    self.query = query
    self.headers = headers
    self.body = body
    self.remoteAddress = remoteAddress
  }

  init(_ head: RequestHead, body: [UInt8], remoteAddress: String) {
    method = head.method
    rawPath = head.target.rawPath
    segments = head.target.segments
    query = head.target.query
    headers = head.headers
    self.body = body
    self.remoteAddress = remoteAddress
  }

  /// The segments as one text, where a `/` or `%` inside a segment stays escaped, so that no two paths look alike.
  public var path: String {
    segments.map { segment in
      "/" + segment.replacing("%", with: "%25").replacing("/", with: "%2F")
    }.joined()
  }

  /// The first value of a query parameter.
  public func queryValue(_ name: String) -> String? {
    query.first { $0.name == name }?.value
  }
}
