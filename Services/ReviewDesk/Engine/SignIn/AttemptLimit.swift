/// How often may be tried to sign in from one address. An attempt takes a token; a success gives it back; a token returns
/// every twenty seconds.
public struct AttemptLimit: Sendable {
  public static let attemptsMax = 30
  private static let interval = Duration.seconds(20)
  private static let addressesMax = 10_000

  private struct Bucket: Sendable {
    var tokens: Int
    var countedAt: Duration
  }

  private var buckets: [String: Bucket] = [:]

  public init() {}

  public var addressCount: Int { buckets.count }

  /// - Parameter now: on a clock that never goes back.
  /// - Returns: how long to wait, or nil when the attempt may be made.
  public mutating func take(_ address: String, at now: Duration) -> Duration? {
    let key = AttemptLimit.network(of: address)
    var bucket = refilled(key, at: now)
    guard bucket.tokens > 0 else { return AttemptLimit.interval - (now - bucket.countedAt) }
    bucket.tokens -= 1
    if buckets.count >= AttemptLimit.addressesMax, buckets[key] == nil { forgetTheFull(at: now) }
    buckets[key] = bucket
    return nil
  }

  public mutating func giveBack(_ address: String) {
    let key = AttemptLimit.network(of: address)
    guard let tokens = buckets[key]?.tokens else { return }
    buckets[key]?.tokens = min(tokens + 1, AttemptLimit.attemptsMax)
  }

  private func refilled(_ key: String, at now: Duration) -> Bucket {
    guard var bucket = buckets[key] else { return Bucket(tokens: AttemptLimit.attemptsMax, countedAt: now) }
    let returned = Int((now - bucket.countedAt) / AttemptLimit.interval)
    bucket.tokens = min(bucket.tokens + returned, AttemptLimit.attemptsMax)
    bucket.countedAt += AttemptLimit.interval * returned
    return bucket
  }

  /// With none to forget, whoever comes from nowhere known before starts with the rest of nobody's: all are forgotten.
  private mutating func forgetTheFull(at now: Duration) {
    buckets = buckets.filter { refilled($0.key, at: now).tokens < AttemptLimit.attemptsMax }
    if buckets.count >= AttemptLimit.addressesMax { buckets = [:] }
  }

  /// Of IPv6 the first 64 bits: whoever has one such address has them all.
  private static func network(of address: String) -> String {
    guard address.contains(":") else { return address }
    let halves = address.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
    let head = halves[0].split(separator: ":")
    guard halves.count == 2 else { return head.prefix(4).joined(separator: ":") }
    let tail = halves[1].split(separator: ":").count
    let zeros = Array(repeating: Substring("0"), count: max(0, 8 - head.count - tail))
    return (head + zeros + halves[1].split(separator: ":")).prefix(4).joined(separator: ":")
  }
}
