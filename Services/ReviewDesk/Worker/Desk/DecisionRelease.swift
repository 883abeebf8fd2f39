import Domain
import Observability
import WorkerRuntime

/// Carries out decisions once they cannot be undone any more. Every desk does, for all of them: what one that was killed
/// leaves behind, another finds.
struct DecisionRelease: Sendable {
  let cases: CaseDesk
  let environment: Domain.Environment
  let log: Log

  private static let interval = Duration.milliseconds(500)

  /// Until it is cancelled.
  func run() async {
    await Round("decisions that cannot be undone", log).run(every: DecisionRelease.interval) {
      try await cases.carryOutDue(in: environment, at: SystemClock.now(), log)
    }
  }
}
