import Domain
import JSON
import Postgres
import ReviewDeskEngine
import Store
import WorkerRuntime

/// The one-time link with which a person chooses a password.
struct Welcome: Sendable {
  private let pool: PostgresPool
  private let hasher: PasswordHasher

  init(pool: PostgresPool, hasher: PasswordHasher) {
    self.pool = pool
    self.hasher = hasher
  }

  /// nil when the link was used, is too old, or never was.
  func guest(_ token: String) async throws -> People.Invited? {
    guard token.utf8.count < 100 else { return nil }
    let now = SystemClock.now()
    return try await pool.transaction(readOnly: true) { tx in try People.invited(by: token, at: now, tx) }
  }

  /// Ends the sessions begun with the password before.
  /// - Returns: false when the link was used meanwhile.
  func choose(_ password: String, _ guest: People.Invited, _ token: String) async throws -> Bool {
    let encoded = try await hasher.hash(password)
    let now = SystemClock.now()
    return try await pool.transaction(as: guest.tenant) { tx in
      guard try People.useInvitation(token, at: now, tx) else { return false }
      try People.setPassword(encoded, of: guest.id, tx)
      try People.endSessions(of: guest.id, at: now, tx)
      try AccessAudit.append(
        "person.password-chosen", about: guest.id, by: .person(guest.email), of: guest.tenant, at: now, JSONObject(), tx
      )
      return true
    }
  }
}
