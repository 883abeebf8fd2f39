import Domain
import HTTP
import JSON
import Postgres
import ReviewDeskEngine
import Store
import WorkerRuntime

/// What people change about their own accounts. All of it is in the audit log.
struct Accounts: Sendable {
  let pool: PostgresPool
  let hasher: PasswordHasher
  let sendsLetters: Bool

  /// nil for whoever is signed in with a key.
  func account(_ visit: Console.Visit) async throws -> Account? {
    guard case .person(let id) = visit.owner else { return nil }
    return try await pool.transaction(as: visit.principal.tenant, readOnly: true) { tx in
      guard let person = try People.find(id: id, tx), let settings = try PersonalSettings.find(id, tx) else {
        return nil
      }
      return Account(person, settings)
    }
  }

  func sessions(_ visit: Console.Visit) async throws -> [AccountPage.SignedIn] {
    let now = SystemClock.now()
    return try await pool.transaction(as: visit.principal.tenant, readOnly: true) { tx in
      try DeskSessions.list(
        of: visit.owner, seenFrom: visit.token, at: now, seenSince: now.adding(.zero - SessionGate.idleMax), tx
      ).map {
        AccountPage.SignedIn(
          mark: $0.mark, address: $0.place.address, agent: $0.place.agent, beganAt: $0.beganAt,
          lastSeenAt: $0.lastSeenAt, isThis: $0.isThis)
      }
    }
  }

  func save(_ account: Account, _ visit: Console.Visit) async throws {
    guard case .person(let id) = visit.owner else { return }
    let settings = PersonalSettings(
      language: account.language?.rawValue ?? "auto",
      notification: account.wish, noticeRisk: account.risk, digestHour: account.digestHour)
    let now = SystemClock.now()
    try await pool.transaction(as: visit.principal.tenant) { tx in
      try settings.save(of: id, tx)
      let data = JSONObject([
        ("language", .string(settings.language)), ("letters", .string(settings.notification.rawValue)),
        ("risk", .integer(settings.noticeRisk)), ("hour", .integer(settings.digestHour)),
      ])
      try AccessAudit.append("person.settings-changed", of: visit.principal, at: now, data, tx)
    }
  }

  // MARK: Password

  enum PasswordChange: Sendable { case changed, wrong, locked }

  /// Ends every session but this one. Wrong passwords count as at sign-in: a session that was left open is no way to try
  /// them all.
  func changePassword(from current: String, to new: String, _ visit: Console.Visit) async throws -> PasswordChange {
    guard case .person(let id) = visit.owner else { return .wrong }
    let claimant = try await pool.transaction(readOnly: true) { tx in
      try People.claimant(email: visit.principal.account, tx)
    }
    let isRight = try await hasher.verify(current, against: claimant?.password)
    let encoded = try await hasher.hash(new)
    return try await pool.transaction(as: visit.principal.tenant) { tx in
      guard claimant?.id == id else { return .wrong }
      return try setPassword(encoded, of: id, isRight: isRight, visit, at: SystemClock.now(), tx)
    }
  }

  private func setPassword(
    _ encoded: String, of id: UniqueID, isRight: Bool, _ visit: Console.Visit, at now: Instant,
    _ tx: borrowing Transaction
  ) throws -> PasswordChange {
    guard let (failures, until) = try People.lockedUntil(id, tx) else { return .wrong }
    if let until, until > now { return .locked }
    guard isRight else {
      let lockedUntil = Lockout.until(afterFailures: failures + 1, at: now)
      try People.recordFailures(failures + 1, lockedUntil: lockedUntil, of: id, tx)
      try AccessAudit.append("person.password-change-failed", of: visit.principal, at: now, JSONObject(), tx)
      return .wrong
    }
    try People.setPassword(encoded, of: id, tx)
    try DeskSessions.endOthers(of: visit.owner, than: visit.token, at: now, tx)
    try AccessAudit.append("person.password-changed", of: visit.principal, at: now, JSONObject(), tx)
    return .changed
  }

  // MARK: Sessions

  /// - Parameter mark: of one session; nil ends all others.
  func endSessions(_ mark: String?, _ visit: Console.Visit) async throws {
    let now = SystemClock.now()
    try await pool.transaction(as: visit.principal.tenant) { tx in
      let ended =
        if let mark {
          try DeskSessions.end(mark: mark, of: visit.owner, at: now, tx) ? 1 : 0
        } else {
          try DeskSessions.endOthers(of: visit.owner, than: visit.token, at: now, tx)
        }
      guard ended > 0 else { return }
      let data = JSONObject([("count", .integer(Int64(ended)))])
      try AccessAudit.append("person.sessions-ended", of: visit.principal, at: now, data, tx)
    }
  }
}

extension Account {
  fileprivate init(_ person: People.Person, _ settings: PersonalSettings) {
    self.init(
      email: person.email, roles: person.roles, markets: person.markets,
      language: Language(rawValue: settings.language),
      wish: settings.notification,
      risk: settings.noticeRisk, digestHour: settings.digestHour)
  }
}
