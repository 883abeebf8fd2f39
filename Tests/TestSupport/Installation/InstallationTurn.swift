import Testing

/// Lets a few suites at a time have workers or servers of their own: more would only take each other's processors, and
/// what is meant to be under way would not move. The wait is outside the time limits of the suite's tests.
public struct InstallationTurn: SuiteTrait, TestScoping {
  public func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    try await InstallationTurn.take(body)
  }

  static func take(_ body: @Sendable () async throws -> Void) async throws {
    await Gate.shared.enter()
    do {
      try await body()
    } catch {
      await Gate.shared.leave()
      throw error
    }
    await Gate.shared.leave()
  }

  private actor Gate {
    static let shared = Gate()
    private static let suitesMax = 3

    private var inside = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
      if inside < Gate.suitesMax { return inside += 1 }
      await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
      if waiting.isEmpty { return inside -= 1 }
      waiting.removeFirst().resume()
    }
  }
}

extension Trait where Self == InstallationTurn {
  /// For suites whose tests open installations or start servers by themselves.
  public static var installationTurn: Self { Self() }
}
