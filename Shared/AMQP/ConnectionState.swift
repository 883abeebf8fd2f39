/// What a publisher or consumer shows of its connection, for readiness.
public enum ConnectionState: Sendable, Equatable {
  /// The first attempt since the start or the last good connection is under way.
  case connecting
  case open
  /// The broker takes no publishes: a memory or disk alarm.
  case blocked(reason: String)
  /// Not started, paused, or closed by this side.
  case closed
  /// The last attempt or connection failed; the next attempt follows by itself.
  case failed(AMQPError)

  public var isOpen: Bool { self == .open }
}
