import Contracts
import Domain

/// A way for submissions into the pipeline, and back to whoever wants to know what became of them.
protocol Intake: Sendable {
  /// - Parameter progress: told how many have been taken so far.
  /// - Returns: those that were refused, with what is wrong.
  func submit(_ submissions: [Submission], progress: (_ taken: Int) -> Void) async throws -> [Refused]

  /// Where the cases of a product, or the shipment itself, stand now.
  func standings(of submissions: [Submission]) async throws -> [Standing]
}

struct Refused: Sendable {
  var submission: Submission
  var issues: [ValidationIssue]
}

struct Standing: Sendable {
  var submission: Submission
  /// Of each case, in order of market.
  var cases: [CaseState] = []
  var shipment: ShipmentState?

  /// Whether no worker owes it a step.
  var isAtRest: Bool {
    if let shipment { return shipment != .ready && shipment != .documented }
    return !cases.isEmpty && cases.allSatisfy { $0.isTerminal || $0.waitsForPerson }
  }
}

extension Intake {
  /// Asks again for those that are not at rest, until none is left or the time is over.
  func awaitRest(
    of submissions: [Submission], within limit: Duration, progress: (_ atRest: Int) -> Void
  ) async throws -> [Standing] {
    let deadline = ContinuousClock.now + limit
    var settled: [Standing] = []
    var waiting = submissions
    while !waiting.isEmpty {
      let standings = try await standings(of: waiting)
      settled += standings.filter(\.isAtRest)
      let moving = standings.filter { !$0.isAtRest }
      progress(settled.count)
      if moving.isEmpty { break }
      guard ContinuousClock.now < deadline else { return settled + moving }
      waiting = moving.map(\.submission)
      try await Task.sleep(for: .milliseconds(200))
    }
    return settled
  }
}
