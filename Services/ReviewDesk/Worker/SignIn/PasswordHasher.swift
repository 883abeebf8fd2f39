import Crypto
import HTTP
import IOThread
import Synchronization

/// Computes Argon2id on a thread of its own, where its tens of milliseconds keep no request waiting but those that need it.
actor PasswordHasher {
  private static let waitingMax = 32
  /// Of no password: checked where there is none to check, so that it takes as long.
  private static let decoy = Argon2id.hash(Base64.encodeURLSafe(SecureRandom.bytes(32)))

  private nonisolated let executor = ThreadExecutor()
  private nonisolated let waiting = Atomic(0)

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init() { _ = PasswordHasher.decoy }

  deinit { executor.stop() }

  nonisolated func verify(_ password: String, against encoded: String?) async throws(Problem) -> Bool {
    try enter()
    defer { leave() }
    return await check(password, encoded)
  }

  nonisolated func hash(_ password: String) async throws(Problem) -> String {
    try enter()
    defer { leave() }
    return await encode(password)
  }

  private func check(_ password: String, _ encoded: String?) -> Bool {
    let matches = Argon2id.verify(password, against: encoded ?? PasswordHasher.decoy)
    return encoded != nil && matches
  }

  private func encode(_ password: String) -> String { Argon2id.hash(password) }

  /// Memory and time are worth something to whoever wants to keep others out.
  private nonisolated func enter() throws(Problem) {
    let count = waiting.add(1, ordering: .relaxed).newValue
    guard count > PasswordHasher.waitingMax else { return }
    leave()
    throw Problem(status: 503, detail: "Too many people sign in at this moment. Try again in a few seconds.")
  }

  private nonisolated func leave() { waiting.subtract(1, ordering: .relaxed) }
}
