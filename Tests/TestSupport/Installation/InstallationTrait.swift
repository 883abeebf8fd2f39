import Contracts
import Testing

/// One installation for all tests of a suite, which tell their products apart by SKU. Started before the first of them
/// and removed after the last.
///
///     @Suite("…", .installation(markets: ["SG", "MY"])) struct SomeTests {
///       @Test func flow() async throws {
///         let pabean = try Installation.required()
public struct InstallationTrait: SuiteTrait, TestScoping {
  let markets: [String]
  let stages: [Stage]
  let settings: @Sendable (Installation, Stage) -> [String: String]

  public func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    try await InstallationTurn.take {
      try await TestDatabase.with(Installation.template) { _ in try await run(body) }
    }
  }

  private func run(_ body: @Sendable () async throws -> Void) async throws {
    let pabean = try await Installation.open(markets: markets)
    let result: Result<Void, any Error>
    do {
      _ = pabean.erp
      for stage in stages { try pabean.workers.start(stage, settings: settings(pabean, stage)) }
      result = .success(try await Installation.$current.withValue(pabean) { try await body() })
    } catch {
      result = .failure(error)
    }
    await pabean.workers.stopAll()
    try await pabean.close()
    try result.get()
  }
}

extension Trait where Self == InstallationTrait {
  public static func installation(
    markets: [String] = ["SG"], stages: [Stage] = Stage.allCases,
    settings: @escaping @Sendable (Installation, Stage) -> [String: String] = { _, _ in [:] }
  ) -> Self {
    Self(markets: markets, stages: stages, settings: settings)
  }
}

extension Installation {
  @TaskLocal public static var current: Installation?

  public static func required() throws -> Installation {
    guard let current else { throw NotReached(description: "this test needs the .installation trait on its suite") }
    return current
  }
}
