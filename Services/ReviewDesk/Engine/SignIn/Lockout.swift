import Domain

/// How long a person cannot sign in after wrong passwords. It grows with every attempt after the fifth.
public enum Lockout {
  public static let failuresMax: Int64 = 5
  private static let first = Duration.seconds(15 * 60)
  private static let longest = Duration.seconds(24 * 3600)

  /// - Parameter failures: in a row, this one included.
  public static func until(afterFailures failures: Int64, at now: Instant) -> Instant? {
    guard failures >= failuresMax else { return nil }
    // Seven doublings are longer than the longest.
    let doublings = min(failures - failuresMax, 7)
    return now.adding(min(first * (1 << doublings), longest))
  }
}
