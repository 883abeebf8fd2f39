import Domain
import JSON
import Postgres
import ReviewDeskEngine
import Store

/// Lets people in by the token of their session. Every request asks the database, so that whoever is disabled, or whose
/// key is revoked, is out at once.
struct SessionGate: Sendable {
  static let lifetime = Duration.seconds(8 * 3600)
  /// A session that is not used ends sooner.
  static let idleMax = Duration.seconds(2 * 3600)
  private static let touchInterval = Duration.seconds(60)

  private let pool: PostgresPool
  private let environment: Domain.Environment

  init(pool: PostgresPool, environment: Domain.Environment) {
    self.pool = pool
    self.environment = environment
  }

  func admit(_ token: String, at now: Instant) async throws -> DeskSessions.Session? {
    guard token.utf8.count < 100 else { return nil }
    let (idleMax, environment) = (SessionGate.idleMax, environment)
    let found = try await pool.transaction(readOnly: true) { tx in
      try DeskSessions.find(token, in: environment, at: now, seenSince: now.adding(.zero - idleMax), tx)
    }
    guard let session = found, Reviewer(session.principal).mayRead else { return nil }
    if session.lastSeenAt.adding(SessionGate.touchInterval) < now {
      try await pool.transaction(as: session.principal.tenant) { tx in try DeskSessions.touch(token, at: now, tx) }
    }
    return session
  }

  /// Without counting as use: a page that is only open keeps no session alive.
  func stillAdmits(_ token: String, at now: Instant) async throws -> Bool {
    let (idleMax, environment) = (SessionGate.idleMax, environment)
    let found = try await pool.transaction(readOnly: true) { tx in
      try DeskSessions.find(token, in: environment, at: now, seenSince: now.adding(.zero - idleMax), tx)
    }
    return found.map { Reviewer($0.principal).mayRead } ?? false
  }

  func end(_ token: String, of principal: Principal, at now: Instant) async throws {
    try await pool.transaction(as: principal.tenant) { tx in
      try DeskSessions.end(token, at: now, tx)
      try AccessAudit.append("person.signed-out", of: principal, at: now, JSONObject(), tx)
    }
  }
}
