import Domain
import Postgres
import Store
import TestSupport

/// Connections to the database of the test.
enum StorePool {
  static let now = Instant(microseconds: 1_750_000_000_000_000)
  static let tenant = Installation.tenant

  static func with<R: Sendable>(_ body: (PostgresPool) async throws -> R) async throws -> R {
    let pool = PostgresPool(
      PostgresConfiguration(
        url: try TestDatabase.required().url, applicationName: "pabean-test", poolSize: 4,
        sessionSettings: [("app.environment", "live")]))
    let result: Result<R, any Error>
    do { result = .success(try await body(pool)) } catch { result = .failure(error) }
    await pool.close()
    return try result.get()
  }

  /// Returns once a transaction of this database waits for a lock.
  static func awaitWaiting(_ tx: borrowing Transaction) throws {
    while try tx.query(
      """
      SELECT count(*) FROM pg_locks, pg_sleep(0.01) WHERE NOT granted AND pid IN
        (SELECT pid FROM pg_locks WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()))
      """
    ).decode(row: 0, as: Int64.self) == 0 {}
  }
}
