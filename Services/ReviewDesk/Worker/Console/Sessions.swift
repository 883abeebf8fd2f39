import Crypto
import Domain
import Synchronization

/// Who is signed in at this process. Kept in memory: a restart signs everybody out, and several processes need a balancer
/// that keeps a browser with one of them.
///
/// A session holds the person's key and presents it again with every request, so that revoking the key ends the session.
final class Sessions: Sendable {
  static let lifetime = Duration.seconds(8 * 3600)
  private static let sessionsMax = 10_000

  struct Session: Sendable {
    var key: String
    var formToken: String
    fileprivate var expiresAt: Instant
  }

  /// By the hash of the cookie's token: what is looked up tells a measuring attacker nothing of any token.
  private let open = Mutex([SHA256Digest: Session]())

  /// - Returns: the token for the cookie; nil when more are signed in than this process holds.
  func begin(key: String, at now: Instant) -> String? {
    let token = Sessions.randomToken()
    let session = Session(
      key: key, formToken: Sessions.randomToken(), expiresAt: now.adding(Sessions.lifetime))
    return open.withLock { open in
      if open.count >= Sessions.sessionsMax { open = open.filter { $0.value.expiresAt > now } }
      guard open.count < Sessions.sessionsMax else { return nil }
      open[SHA256.hash(token)] = session
      return token
    }
  }

  func find(_ token: String, at now: Instant) -> Session? {
    open.withLock { open in
      let digest = SHA256.hash(token)
      guard let session = open[digest] else { return nil }
      guard session.expiresAt > now else {
        open[digest] = nil
        return nil
      }
      return session
    }
  }

  func end(_ token: String) { open.withLock { $0[SHA256.hash(token)] = nil } }

  private static func randomToken() -> String { Base64.encodeURLSafe(SecureRandom.bytes(32)) }
}
