import Crypto
import Domain
import Store

/// Keys that were recognised a moment ago. A revoked key is refused once its entry is too old.
struct KeyCache: Sendable {
  static let lifetime = Duration.seconds(30)
  static let entriesMax = 10_000

  private struct Entry: Sendable {
    var principal: Principal
    var since: Instant

    func holds(at now: Instant) -> Bool { since <= now && now < since.adding(KeyCache.lifetime) }
  }

  /// By the key's hash: the keys themselves are kept nowhere.
  private var entries: [SHA256Digest: Entry] = [:]

  func find(_ digest: SHA256Digest, at now: Instant) -> Principal? {
    entries[digest].flatMap { $0.holds(at: now) ? $0.principal : nil }
  }

  mutating func remember(_ principal: Principal, _ digest: SHA256Digest, at now: Instant) {
    if entries.count >= KeyCache.entriesMax { entries = entries.filter { $0.value.holds(at: now) } }
    if entries.count >= KeyCache.entriesMax { entries = [:] }
    entries[digest] = Entry(principal: principal, since: now)
  }

  var count: Int { entries.count }
}
