/// What one server takes on. Everything that a client can make grow has a number here.
public struct HTTPLimits: Sendable {
  public var headerBytes = 16_384
  public var bodyBytes = 1 << 20
  /// Another limit for some requests, such as uploads; nil means `bodyBytes`.
  public var bodyBytesFor: (@Sendable (_ method: HTTPMethod, _ path: String) -> Int?)?
  /// Bodies of all connections together.
  public var bodyBytesOfAll = 256 << 20
  public var connections = 1000
  /// From the first byte of a request to the end of its headers.
  public var headerTimeout = Duration.seconds(10)
  /// For a body, in addition to the time it needs at the lowest rate.
  public var bodyTimeout = Duration.seconds(10)
  public var bodyBytesPerSecondMin = 16_384
  /// Between two requests.
  public var idleTimeout = Duration.seconds(60)
  /// For a handler to answer.
  public var handlerTimeout = Duration.seconds(60)
  /// Without any progress while sending.
  public var sendTimeout = Duration.seconds(30)
  /// For requests in progress when the server stops.
  public var stopTimeout = Duration.seconds(20)

  public init() {}
}
