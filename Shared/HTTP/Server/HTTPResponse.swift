import JSON

/// What a handler answers. The server adds the length, the date and the default security headers.
public struct HTTPResponse: Sendable {
  public var status: Int
  public var headers: HTTPHeaders
  public var body: [UInt8]
  /// When set, its chunks are sent as they come, instead of the body.
  public var stream: AsyncStream<[UInt8]>?

  public init(status: Int = 200, headers: HTTPHeaders = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  public static func json(_ value: JSONValue, status: Int = 200, headers: HTTPHeaders = [:]) -> HTTPResponse {
    bytes(value.bytes, contentType: "application/json", status: status, headers: headers)
  }

  public static func text(_ text: String, status: Int = 200, headers: HTTPHeaders = [:]) -> HTTPResponse {
    bytes(Array(text.utf8), contentType: "text/plain; charset=utf-8", status: status, headers: headers)
  }

  public static func bytes(
    _ body: [UInt8], contentType: String, status: Int = 200, headers: HTTPHeaders = [:]
  ) -> HTTPResponse {
    var response = HTTPResponse(status: status, headers: headers, body: body)
    response.headers["content-type"] = contentType
    return response
  }

  public static func problem(_ problem: Problem, headers: HTTPHeaders = [:]) -> HTTPResponse {
    bytes(problem.json.bytes, contentType: Problem.contentType, status: problem.status, headers: headers)
  }

  /// Chunks as they come. The stream is cancelled when the client goes away.
  public static func stream(
    _ chunks: AsyncStream<[UInt8]>, contentType: String = "text/event-stream", headers: HTTPHeaders = [:]
  ) -> HTTPResponse {
    var response = HTTPResponse(headers: headers)
    response.headers["content-type"] = contentType
    response.stream = chunks
    return response
  }

  public static let noContent = HTTPResponse(status: 204)
}
