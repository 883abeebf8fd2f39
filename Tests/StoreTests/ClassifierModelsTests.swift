import Contracts
import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite("A tenant's classifiers", .timeLimit(.minutes(5)))
struct ClassifierModelsTests {
  private let acme = TenantID("acme")!
  private let now = Instant(microseconds: 1_790_000_000_000_000)

  private func pool(role: String? = nil) throws -> PostgresPool {
    PostgresPool(
      PostgresConfiguration(
        url: try TestDatabase.required().url, applicationName: "pabean-test", poolSize: 2,
        sessionSettings: [("app.environment", "sandbox")], role: role))
  }

  @Test(
    "are numbered, keep what they were made of, and answer in the role they have",
    .database(from: Installation.template))
  func roles() async throws {
    let pool = try self.pool()
    let ids = [3, 1, 2].map { UniqueID(digest: [UInt8](repeating: $0, count: 32)) }
    let recipe = ClassifierModels.Recipe(
      engine: "hs6.3.abc", contentHash: [UInt8](repeating: 9, count: 32), precedents: ids)
    try await pool.transaction(as: acme) { [now] tx in
      let first = try ClassifierModels.add(recipe, quality: ["right": 1], by: .system("test"), at: now, tx)
      let second = try ClassifierModels.add(recipe, quality: ["right": 2], by: .system("test"), at: now, tx)
      #expect([first, second] == [1, 2])
      #expect(try ClassifierModels.inForce(tx).isEmpty)
      try ClassifierModels.activate(1, as: .champion, reason: "better", by: .system("test"), at: now, tx)
      try ClassifierModels.activate(2, as: .challenger, reason: "to see", by: .system("test"), at: now, tx)
      #expect(try ClassifierModels.inForce(tx) == [.champion: 1, .challenger: 2])
      try ClassifierModels.activate(nil, as: .challenger, reason: "seen", by: .system("test"), at: now, tx)
      #expect(try ClassifierModels.inForce(tx) == [.champion: 1])
      #expect(try ClassifierModels.recipe(1, tx) == recipe, "the order too")
      #expect(try ClassifierModels.recipe(7, tx) == nil)
      let list = try ClassifierModels.list(tx)
      #expect(list.map(\.number) == [2, 1])
      #expect(list.map(\.precedentCount) == [3, 3])
      #expect(list.first?.quality["right"] == 2)
    }
    try await pool.transaction(as: acme) { tx in
      let answer = ClassifierModels.Answer(
        caseID: CaseID(ids[0]), caseVersion: 2, number: 2, code: HSCode("691200"), confidence: Confidence(0.9),
        given: HSCode("69120000"))
      try ClassifierModels.note([answer, answer], tx)
      let comparison = try ClassifierModels.comparison(2, tx)
      #expect(comparison.answers == 1)
      #expect(comparison.agreeing == 1)
      #expect(comparison.decided == 0)
    }
    await pool.close()
    let asOperator = try self.pool(role: "pabean_operator")
    let others = try await asOperator.transaction(as: TenantID("other")!) { tx in try ClassifierModels.list(tx).count }
    #expect(others == 0)
    await asOperator.close()
  }
}
