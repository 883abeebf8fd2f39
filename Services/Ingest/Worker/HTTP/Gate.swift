import Crypto
import Domain
import HTTP
import Postgres
import Store
import Synchronization
import WorkerRuntime

/// Lets callers in: who they are by their key, whether they may, and whether they have requests left.
final class Gate: Sendable {
  enum Purpose: Sendable { case read, submit }

  static let submitterRole = "intake"
  /// `pbn_` and 32 bytes in base 64.
  private static let keyBytes = 47

  private let pool: PostgresPool
  private let environment: Domain.Environment
  private let keys = Mutex(KeyCache())
  private let budgets: Mutex<RequestBudgets>

  init(pool: PostgresPool, environment: Domain.Environment, requestsPerMinute: Int) {
    self.pool = pool
    self.environment = environment
    budgets = Mutex(RequestBudgets(perMinute: requestsPerMinute))
  }

  func admit(_ request: HTTPRequest, to purpose: Purpose, at now: Instant) async throws -> Principal {
    let principal = try await principal(ofKey: try Gate.key(in: request.headers), at: now)
    guard principal.environment == environment else {
      throw RequestRefusal.wrongEnvironment(environment.rawValue)
    }
    if purpose == .submit, !principal.roles.contains(Gate.submitterRole) { throw RequestRefusal.readOnly }
    try spend(1, of: principal.tenant, at: now)
    return principal
  }

  func spend(_ cost: Int, of tenant: TenantID, at now: Instant) throws {
    guard cost > 0 else { return }
    let (verdict, standing) = budgets.withLock { budgets in
      (budgets.spend(cost, of: tenant, at: now), budgets.standing(of: tenant, at: now))
    }
    if case .refused(let seconds) = verdict {
      throw RequestRefusal.tooManyRequests(standing, retryAfterSeconds: seconds)
    }
  }

  func standing(of tenant: TenantID, at now: Instant) -> RequestBudget.Standing {
    budgets.withLock { $0.standing(of: tenant, at: now) }
  }

  private static func key(in headers: HTTPHeaders) throws -> String {
    let fields = headers.all("authorization")
    guard let field = fields.first, fields.count == 1 else { throw RequestRefusal.noKey }
    let words = field.split(separator: " ", maxSplits: 1)
    guard words.count == 2, words[0].lowercased() == "bearer" else { throw RequestRefusal.noKey }
    guard words[1].hasPrefix("pbn_"), words[1].utf8.count == keyBytes else { throw RequestRefusal.unknownKey }
    return String(words[1])
  }

  private func principal(ofKey key: String, at now: Instant) async throws -> Principal {
    let digest = SHA256.hash(key)
    if let known = keys.withLock({ $0.find(digest, at: now) }) { return known }
    let found = try await pool.transaction(readOnly: true) { tx in try AccessStore.authenticate(key: key, tx) }
    guard let found else { throw RequestRefusal.unknownKey }
    keys.withLock { $0.remember(found, digest, at: now) }
    return found
  }
}
