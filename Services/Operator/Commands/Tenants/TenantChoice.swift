import Domain
import Postgres
import Store

/// Whose things a command is about: who is named, or the only tenant there is.
enum TenantChoice {
  static func resolve(_ arguments: Arguments, _ pool: PostgresPool) async throws -> TenantID {
    let known = try await pool.transaction(readOnly: true) { tx in try AccessStore.tenants(tx).keys.sorted() }
    if let text = arguments["tenant"] {
      guard let tenant = TenantID(text), known.contains(tenant) else { throw unknown(text, known) }
      return tenant
    }
    guard let only = known.first else {
      throw Failure("there is no tenant yet", remedy: "pabean tenant create SLUG --name NAME")
    }
    guard known.count == 1 else {
      let names = known.map(\.slug).joined(separator: ", ")
      throw UsageError("--tenant is missing; there are \(names)")
    }
    return only
  }

  private static func unknown(_ text: String, _ known: [TenantID]) -> Failure {
    let near = Spelling.nearest(to: text, among: known.map(\.slug)).map { "did you mean \($0)?" }
    return Failure("there is no tenant '\(text)'", remedy: near ?? "pabean tenant list shows all")
  }
}
