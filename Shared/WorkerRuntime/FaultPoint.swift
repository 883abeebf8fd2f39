import Domain

#if DEBUG
  import Glibc
#endif

/// A place where a test may kill the process, to prove that dying there loses and doubles nothing. Debug builds only.
///
/// `PABEAN_FAULT=<point>:<n>` kills the process with SIGKILL the n-th time it reaches the point.
public struct FaultPoint: Sendable {
  public enum Name: String, Sendable, CaseIterable {
    case beforeCommit = "before-commit"
    case afterCommit = "after-commit"
    case beforePublish = "before-publish"
    case beforeAck = "before-ack"
  }

  #if DEBUG
    private static let armed: (name: Name, countdown: Countdown)? = {
      guard let text = getenv("PABEAN_FAULT").map({ String(cString: $0) }) else { return nil }
      let parts = text.split(separator: ":")
      guard parts.count == 2, let name = Name(rawValue: String(parts[0])), let count = Int(parts[1]) else { return nil }
      return (name, Countdown(count))
    }()
  #endif

  public static func reach(_ name: Name) {
    #if DEBUG
      guard let armed, armed.name == name, armed.countdown.reachesZero() else { return }
      kill(getpid(), SIGKILL)
    #endif
  }
}

#if DEBUG
  import Synchronization

  private final class Countdown: Sendable {
    private let left: Mutex<Int>
    init(_ count: Int) { left = Mutex(count) }

    func reachesZero() -> Bool {
      left.withLock { left in
        left -= 1
        return left == 0
      }
    }
  }
#endif
