/// One request to another server.
public struct HTTPClientRequest: Sendable {
  public var url: String
  public var method: HTTPMethod
  public var headers: HTTPHeaders
  public var body: [UInt8]
  /// For everything, from the name lookup to the last byte of the answer.
  public var timeout: Duration
  public var maxResponseBytes: Int

  public init(
    url: String, method: HTTPMethod = .get, headers: HTTPHeaders = [:], body: [UInt8] = [],
    timeout: Duration = .seconds(15), maxResponseBytes: Int = 1 << 20
  ) {
    self.url = url
    self.method = method
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.maxResponseBytes = maxResponseBytes
  }
}

/// The answer to a request. Redirects are answers too: they are not followed.
public struct HTTPClientResponse: Hashable, Sendable {
  public let status: Int
  public let headers: HTTPHeaders
  public let body: [UInt8]
}
