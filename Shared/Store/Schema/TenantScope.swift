import Domain
import Postgres

extension Transaction {
  /// From here to the next call or the end of the transaction, only this tenant's rows exist.
  public func enter(_ tenant: TenantID) throws(PostgresError) {
    try executeLater("SELECT set_config('app.tenant', $1, true)", tenant.slug)
  }
}

extension PostgresPool {
  public func transaction<R: Sendable>(
    as tenant: TenantID, readOnly: Bool = false, _ body: @Sendable (borrowing Transaction) throws -> R
  ) async throws -> R {
    try await transactionWithRetry(readOnly: readOnly) { tx in
      try tx.enter(tenant)
      return try body(tx)
    }
  }
}
