import Postgres
import TestSupport
import Testing

/// A pool on the test's own database, closed afterwards.
func withPool<R>(
  _ adjust: (inout PostgresConfiguration) -> Void = { _ in }, _ body: (PostgresPool) async throws -> R
) async throws -> R {
  var configuration = PostgresConfiguration(url: try TestDatabase.required().url, poolSize: 2)
  adjust(&configuration)
  let pool = PostgresPool(configuration)
  do {
    let value = try await body(pool)
    await pool.close()
    return value
  } catch {
    await pool.close()
    throw error
  }
}

/// Waits for a condition that another thread brings about.
func eventually(within limit: Duration = .seconds(20), _ condition: () async throws -> Bool) async throws {
  let deadline = ContinuousClock.now + limit
  while try await !condition() {
    try #require(ContinuousClock.now < deadline, "the condition did not come true within \(limit)")
    try await Task.sleep(for: .milliseconds(2))
  }
}

/// The PostgresError that `body` throws.
func postgresError<R>(_ body: () async throws -> R) async throws -> PostgresError {
  try #require(await #expect(throws: PostgresError.self) { _ = try await body() })
}
