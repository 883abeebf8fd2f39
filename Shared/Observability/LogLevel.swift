/// How much a log line matters.
public enum LogLevel: String, CaseIterable, Hashable, Sendable, Comparable {
  case debug, info, notice, warning, error, critical

  private var rank: Int {
    switch self {
    case .debug: 0
    case .info: 1
    case .notice: 2
    case .warning: 3
    case .error: 4
    case .critical: 5
    }
  }

  public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
}
