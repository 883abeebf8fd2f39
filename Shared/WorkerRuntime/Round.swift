import Observability

/// Work that comes round again and again until its Swift task is cancelled. A round that fails is tried again soon.
public struct Round: Sendable {
  private static let pauseMax = Duration.seconds(10)

  private let name: String
  private let log: Log
  private let failures: Counter?

  /// - Parameter failures: counts by `name`.
  public init(_ name: String, _ log: Log, failures: Counter? = nil) {
    (self.name, self.log, self.failures) = (name, log, failures)
  }

  public func run(every interval: Duration, _ body: @Sendable () async throws -> Void) async {
    await run {
      try await body()
      return interval
    }
  }

  /// - Parameter body: does what there is to do and says when to come back.
  public func run(_ body: @Sendable () async throws -> Duration) async {
    var pauseAfterFailure = Duration.seconds(1)
    while !Task.isCancelled {
      let pause: Duration
      do {
        pause = try await body()
        pauseAfterFailure = .seconds(1)
      } catch {
        if Task.isCancelled { return }
        failures?.increment(name)
        log.warning("a task cannot be done now", ["task": .string(name), "error": .string("\(error)")])
        pause = pauseAfterFailure
        pauseAfterFailure = min(pauseAfterFailure * 2, Round.pauseMax)
      }
      // The timer may be late by a tenth, so that the system can wake for several at once.
      try? await Task.sleep(for: pause, tolerance: pause / 10)
    }
  }
}
