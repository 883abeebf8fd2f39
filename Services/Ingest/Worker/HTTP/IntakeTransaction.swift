import Crypto
import Domain
import HTTP
import JSON
import Postgres
import Store
import WorkerRuntime

/// What a request is answered, and what was stored with it.
struct Outcome: Sendable {
  var status: Int
  var body: [UInt8]
  var effects = StoredEffects()

  init(status: Int, _ json: JSONValue, effects: StoredEffects = StoredEffects()) {
    self.status = status
    body = json.bytes
    self.effects = effects
  }

  init(status: Int, body: [UInt8]) {
    self.status = status
    self.body = body
  }

  func response(contentType: String = "application/json", isReplayed: Bool) -> HTTPResponse {
    var response = HTTPResponse.bytes(
      body, contentType: status >= 400 ? Problem.contentType : contentType, status: status)
    if isReplayed { response.headers["idempotent-replayed"] = "true" }
    return response
  }
}

/// Effect, audit, outbox and the answer for repetitions, in one transaction; the messages are sent after it.
struct IntakeTransaction: Sendable {
  private let pool: PostgresPool
  private let dispatch: BackgroundDispatch

  init(pool: PostgresPool, dispatch: BackgroundDispatch) {
    self.pool = pool
    self.dispatch = dispatch
  }

  /// Carries the work out once for each key: a repetition gets the first answer.
  func once(
    _ call: Call, _ key: IdempotencyKey?, contentType: String = "application/json",
    _ work: @Sendable (borrowing Transaction) throws -> Outcome
  ) async throws -> HTTPResponse {
    let (outcome, outbox, isReplayed) = try await pool.transaction(as: call.tenant) { tx in
      if let kept = try key.flatMap({ try first($0, isHeld: true, tx) }) { return (kept, [Outbox.Stored](), true) }
      let outcome = try work(tx)
      let outbox = try IntakeTransaction.record(outcome.effects, call, tx)
      if let key { try keep(outcome, key, call, tx) }
      return (outcome, outbox, false)
    }
    FaultPoint.reach(.afterCommit)
    dispatch.send(outbox, of: call.tenant)
    return outcome.response(contentType: contentType, isReplayed: isReplayed)
  }

  /// One of several transactions of a request.
  func step<Result: Sendable>(
    _ call: Call, _ work: @Sendable (borrowing Transaction) throws -> (Result, StoredEffects)
  ) async throws -> Result {
    let (result, outbox) = try await pool.transaction(as: call.tenant) { tx in
      let (result, effects) = try work(tx)
      return (result, try IntakeTransaction.record(effects, call, tx))
    }
    FaultPoint.reach(.afterCommit)
    dispatch.send(outbox, of: call.tenant)
    return result
  }

  /// The answer that a request of several transactions gave before.
  func earlierAnswer(_ call: Call, _ key: IdempotencyKey) async throws -> Outcome? {
    try await pool.transaction(as: call.tenant) { tx in try first(key, isHeld: false, tx) }
  }

  private func first(_ key: IdempotencyKey, isHeld: Bool, _ tx: borrowing Transaction) throws -> Outcome? {
    if isHeld, try !IdempotencyKeys.hold(key.text, tx) { throw RequestRefusal.repetitionInFlight }
    guard let kept = try IdempotencyKeys.find(key.text, tx) else { return nil }
    guard kept.requestHash == key.fingerprint.bytes else { throw RequestRefusal.keyReused }
    return Outcome(status: kept.status, body: kept.body)
  }

  private func keep(
    _ outcome: Outcome, _ key: IdempotencyKey, _ call: Call, _ tx: borrowing Transaction
  ) throws {
    let answer = IdempotencyKeys.Answer(
      requestHash: key.fingerprint.bytes, status: outcome.status, body: outcome.body)
    try IdempotencyKeys.keep(key.text, answer, at: SystemClock.now(), tx)
  }

  private static func record(
    _ effects: StoredEffects, _ call: Call, _ tx: borrowing Transaction
  ) throws -> [Outbox.Stored] {
    try AuditLog.append(effects.audit, of: call.tenant, tx)
    // The request may have begun long ago: what is stored now must not look as if its sender had died.
    return try Outbox.append(effects.messages, at: SystemClock.now(), tx)
  }
}
