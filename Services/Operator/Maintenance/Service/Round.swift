import Observability

/// A task that comes round again and again until its Swift task is cancelled. A round that fails is tried again later.
struct Round: Sendable {
  let name: String
  let log: Log
  let failures: Counter

  private static let pauseMax = Duration.seconds(30)

  /// - Parameter body: does what there is to do and says when to come back.
  func run(_ body: @Sendable () async throws -> Duration) async {
    var pauseAfterFailure = Duration.seconds(1)
    while !Task.isCancelled {
      let pause: Duration
      do {
        pause = try await body()
        pauseAfterFailure = .seconds(1)
      } catch is CancellationError {
        return
      } catch {
        failures.increment(name)
        log.warning("maintenance cannot be done now", ["task": .string(name), "error": .string("\(error)")])
        pause = pauseAfterFailure
        pauseAfterFailure = min(pauseAfterFailure * 2, Round.pauseMax)
      }
      // The timer may be late by a tenth, so that the system can wake for several at once.
      try? await Task.sleep(for: pause, tolerance: pause / 10)
    }
  }
}
