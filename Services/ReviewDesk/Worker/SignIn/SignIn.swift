import Domain
import HTTP
import JSON
import Observability
import Postgres
import ReviewDeskEngine
import Store
import Synchronization
import WorkerRuntime

/// The ways into a session: e-mail and password, or a person's key. Whoever is not let in learns nothing of whether the
/// person exists, neither by words nor by time.
struct SignIn: Sendable {
  /// No wrong attempt is answered sooner.
  private static let refusalTime = Duration.milliseconds(300)
  private static let keptAfterEnd = Duration.seconds(30 * 86_400)

  enum Outcome: Sendable {
    case admitted(token: String)
    case refused
    case machine
    case elsewhere(Problem)
    case tooOften(wait: Duration)
  }

  private let pool: PostgresPool
  private let keys: KeyGate
  private let hasher: PasswordHasher
  private let log: Log
  private let limit = AttemptLimiter()

  init(pool: PostgresPool, keys: KeyGate, hasher: PasswordHasher, log: Log) {
    self.pool = pool
    self.keys = keys
    self.hasher = hasher
    self.log = log
  }

  // MARK: Password

  func attempt(email: String, password: String, from place: DeskSessions.Place) async throws -> Outcome {
    try await limited(place.address) {
      let started = ContinuousClock.now
      guard let token = try await check(email, password, from: place) else {
        try await Task.sleep(until: started + SignIn.refusalTime)
        return .refused
      }
      return .admitted(token: token)
    }
  }

  private func check(_ email: String, _ password: String, from place: DeskSessions.Place) async throws -> String? {
    let isAddress = (3...254).contains(email.utf8.count) && email.unicodeScalars.allSatisfy { $0.value > 0x20 }
    guard isAddress, (1...PasswordRule.bytesMax).contains(password.utf8.count) else { return nil }
    let claimant = try await pool.transaction(readOnly: true) { tx in try People.claimant(email: email, tx) }
    let isRight = try await hasher.verify(password, against: claimant?.password)
    guard let claimant else {
      log.warning("somebody unknown tried to sign in", ["address": .string(place.address)])
      return nil
    }
    let now = SystemClock.now()
    return try await pool.transaction(as: claimant.tenant) { tx in
      try settle(claimant, isRight: isRight, from: place, at: now, tx)
    }
  }

  /// One attempt after another: of many made at once, no more count than of as many made in a row.
  private func settle(
    _ claimant: People.Claimant, isRight: Bool, from place: DeskSessions.Place, at now: Instant,
    _ tx: borrowing Transaction
  ) throws -> String? {
    guard let (failures, until) = try People.lockedUntil(claimant.id, tx) else { return nil }
    func record(_ kind: String, by actor: Actor, _ data: JSONObject) throws {
      try AccessAudit.append(kind, about: claimant.id, by: actor, of: claimant.tenant, at: now, data, tx)
    }
    var data = JSONObject([("address", .string(place.address))])
    let isLocked = until.map { $0 > now } ?? false
    guard isRight, !isLocked, !claimant.isDisabled else {
      data["because"] = .string(isLocked ? "locked" : claimant.isDisabled ? "disabled" : "wrong password")
      try record("person.sign-in-failed", by: SignIn.nobody, data)
      guard !isLocked else { return nil }
      let lockedUntil = Lockout.until(afterFailures: failures + 1, at: now)
      try People.recordFailures(failures + 1, lockedUntil: lockedUntil, of: claimant.id, tx)
      if let lockedUntil {
        let lock = JSONObject([("until", lockedUntil.json), ("failures", .integer(failures + 1))])
        try record("person.locked", by: SignIn.nobody, lock)
      }
      return nil
    }
    guard let person = try People.find(id: claimant.id, tx) else { return nil }
    try People.recordFailures(0, lockedUntil: nil, of: claimant.id, tx)
    data["with"] = "password"
    try record("person.signed-in", by: person.actor, data)
    return try begin(.person(claimant.id), from: place, at: now, tx)
  }

  /// Whoever failed to show who they are.
  private static let nobody = Actor.system("review-desk")

  private func begin(
    _ owner: DeskSessions.Owner, from place: DeskSessions.Place, at now: Instant, _ tx: borrowing Transaction
  ) throws -> String {
    try DeskSessions.forget(before: now.adding(.zero - SignIn.keptAfterEnd), limit: 20, tx)
    return try DeskSessions.begin(owner, from: place, at: now, until: now.adding(SessionGate.lifetime), tx)
  }

  // MARK: Key

  func attempt(key: String, from place: DeskSessions.Place) async throws -> Outcome {
    try await limited(place.address) {
      let principal: Principal
      do {
        principal = try await keys.admit(key: key)
      } catch let problem as Problem {
        if problem.status == 401 { log.warning("an unknown key was tried", ["address": .string(place.address)]) }
        return problem.status == 401 ? .refused : .elsewhere(problem)
      }
      guard principal.isPerson, let id = principal.subject else { return .machine }
      let now = SystemClock.now()
      return .admitted(
        token: try await pool.transaction(as: principal.tenant) { tx in
          let data = JSONObject([("address", .string(place.address)), ("with", "key")])
          try AccessAudit.append("person.signed-in", of: principal, at: now, data, tx)
          return try begin(.key(id), from: place, at: now, tx)
        })
    }
  }

  // MARK: Provider

  /// - Parameters:
  ///   - tenants: whose people the provider speaks for.
  ///   - identity: asks the provider who it is.
  func attempt(
    from place: DeskSessions.Place, to tenants: Set<TenantID>, _ identity: () async throws -> Identity
  ) async throws -> Outcome {
    try await limited(place.address) {
      let identity = try await identity()
      let claim = try await pool.transaction(readOnly: true) { tx in try ProviderClaim(identity, tx) }
      guard let claim, tenants.contains(claim.claimant.tenant) else {
        log.warning(
          "the provider vouched for somebody unknown",
          ["address": .string(place.address), "subject": .string(identity.subject)])
        return .refused
      }
      let now = SystemClock.now()
      let token = try await pool.transaction(as: claim.claimant.tenant) { tx in
        try settle(claim, from: place, at: now, tx)
      }
      return token.map { .admitted(token: $0) } ?? .refused
    }
  }

  private func settle(
    _ claim: ProviderClaim, from place: DeskSessions.Place, at now: Instant, _ tx: borrowing Transaction
  ) throws -> String? {
    let claimant = claim.claimant
    // Holds the person's row: of two first sign-ins at once, one binds.
    guard let (_, lockedUntil) = try People.lockedUntil(claimant.id, tx),
      let person = try People.find(id: claimant.id, tx)
    else { return nil }
    var data = JSONObject([
      ("address", .string(place.address)), ("with", "provider"), ("issuer", .string(claim.identity.issuer)),
      ("subject", .string(claim.identity.subject)),
    ])
    func record(_ kind: String, by actor: Actor) throws {
      try AccessAudit.append(kind, about: claimant.id, by: actor, of: claimant.tenant, at: now, data, tx)
    }
    if let objection = try claim.objection(isLocked: lockedUntil.map { $0 > now } ?? false, tx) {
      data["because"] = .string(objection)
      try record("person.sign-in-failed", by: SignIn.nobody)
      return nil
    }
    if try claim.bind(at: now, tx) { try record("person.bound", by: person.actor) }
    try record("person.signed-in", by: person.actor)
    return try begin(.person(claimant.id), from: place, at: now, tx)
  }

  // MARK: Limit

  private func limited(_ address: String, _ attempt: () async throws -> Outcome) async throws -> Outcome {
    if let wait = limit.take(address) { return .tooOften(wait: wait) }
    let outcome = try await attempt()
    if case .admitted = outcome { limit.giveBack(address) }
    return outcome
  }
}

/// The attempts that this process has seen.
private final class AttemptLimiter: Sendable {
  private let limit = Mutex(AttemptLimit())
  private let origin = ContinuousClock.now

  func take(_ address: String) -> Duration? { limit.withLock { $0.take(address, at: ContinuousClock.now - origin) } }
  func giveBack(_ address: String) { limit.withLock { $0.giveBack(address) } }
}
