/// Counts for metrics.
public struct PoolState: Sendable, Equatable {
  /// Idle and leased ones.
  public var open: Int
  public var idle: Int
  public var leased: Int
  public var opening: Int
  /// Callers waiting for a connection.
  public var waiting: Int

  public init(open: Int = 0, idle: Int = 0, leased: Int = 0, opening: Int = 0, waiting: Int = 0) {
    self.open = open
    self.idle = idle
    self.leased = leased
    self.opening = opening
    self.waiting = waiting
  }
}
