/// Counts for metrics.
public struct PoolState: Sendable, Equatable {
  /// Idle and leased ones.
  public var open: Int
  public var idle: Int
  public var leased: Int
  public var opening: Int
  /// Callers waiting for a connection.
  public var waiting: Int
}
