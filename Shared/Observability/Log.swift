/// A structured log. Messages are fixed text, so that lines can be counted and searched; what varies goes into metadata.
///
///     log.notice("Connected to the broker", ["endpoint": .of(endpoint), "attempt": .integer(attempt)])
public struct Log: Sendable {
  public let service: String
  public let level: LogLevel
  private let format: LogFormat
  private let sink: LogSink
  private let now: @Sendable () -> Int64
  private var metadata: [String: LogValue] = [:]
  private var trace: TraceContext?

  public init(
    service: String, level: LogLevel = .info, format: LogFormat = .automatic(), sink: LogSink = .standardError
  ) {
    self.init(service: service, level: level, format: format, sink: sink, now: { Timestamp.now() })
  }

  /// With a clock in microseconds since 1970, for tests.
  public init(
    service: String, level: LogLevel, format: LogFormat, sink: LogSink, now: @escaping @Sendable () -> Int64
  ) {
    self.service = service
    self.level = level
    self.format = format
    self.sink = sink
    self.now = now
  }

  /// Writes nothing.
  public static let silent = Log(service: "", level: .critical, format: .json, sink: LogSink { _ in })

  /// A log that adds these to each line.
  public func with(_ metadata: [String: LogValue]) -> Log {
    var copy = self
    copy.metadata.merge(metadata) { $1 }
    return copy
  }

  /// A log for one span. Without it lines carry `TraceContext.current`.
  public func with(trace: TraceContext) -> Log {
    var copy = self
    copy.trace = trace
    return copy
  }

  public func debug(_ message: StaticString, _ metadata: @autoclosure () -> [String: LogValue] = [:]) {
    log(.debug, message, metadata())
  }

  public func info(_ message: StaticString, _ metadata: @autoclosure () -> [String: LogValue] = [:]) {
    log(.info, message, metadata())
  }

  public func notice(_ message: StaticString, _ metadata: @autoclosure () -> [String: LogValue] = [:]) {
    log(.notice, message, metadata())
  }

  public func warning(_ message: StaticString, _ metadata: @autoclosure () -> [String: LogValue] = [:]) {
    log(.warning, message, metadata())
  }

  public func error(_ message: StaticString, _ metadata: @autoclosure () -> [String: LogValue] = [:]) {
    log(.error, message, metadata())
  }

  public func critical(_ message: StaticString, _ metadata: @autoclosure () -> [String: LogValue] = [:]) {
    log(.critical, message, metadata())
  }

  public func log(
    _ level: LogLevel, _ message: StaticString, _ metadata: @autoclosure () -> [String: LogValue] = [:]
  ) {
    guard level >= self.level else { return }
    let entry = LogEntry(
      microsecondsSince1970: now(), level: level, service: service, message: message.description,
      trace: trace ?? TraceContext.current, metadata: self.metadata.merging(metadata()) { $1 })
    sink.write(format.line(entry))
  }
}
