import Domain
import HTTP

/// What one tenant may ask for: a bucket that fills evenly to a minute's worth and is emptied by requests.
///
/// A request that costs more than a whole minute's worth passes when the bucket is full, and leaves a debt.
struct RequestBudget: Sendable {
  struct Standing: Hashable, Sendable {
    var perMinute: Int
    var remaining: Int
    var secondsUntilFull: Int64

    /// RateLimit header fields for HTTP, draft 10.
    var headers: HTTPHeaders {
      [
        "ratelimit-policy": "\"tenant\";q=\(perMinute);w=60",
        "ratelimit": "\"tenant\";r=\(remaining);t=\(secondsUntilFull)",
      ]
    }
  }

  enum Verdict: Hashable, Sendable {
    case granted
    case refused(retryAfterSeconds: Int64)
  }

  /// What one request costs, so that a microsecond's refill is a whole number.
  private static let unit: Int64 = 60_000_000
  /// Fills any bucket, and keeps the arithmetic in 64 bits.
  private static let idleMicrosecondsMax: Int64 = 86_400_000_000

  let perMinute: Int
  private var level: Int64
  private var filledAt: Instant

  init(perMinute: Int, at now: Instant) {
    self.perMinute = perMinute
    level = Int64(perMinute) * RequestBudget.unit
    filledAt = now
  }

  private var capacity: Int64 { Int64(perMinute) * RequestBudget.unit }

  mutating func spend(_ cost: Int, at now: Instant) -> Verdict {
    fill(at: now)
    let price = Int64(cost) * RequestBudget.unit
    let needed = min(price, capacity)
    guard level >= needed else {
      return .refused(retryAfterSeconds: seconds(toFill: needed - level))
    }
    level -= price
    return .granted
  }

  mutating func standing(at now: Instant) -> Standing {
    fill(at: now)
    return Standing(
      perMinute: perMinute, remaining: Int(max(0, level) / RequestBudget.unit),
      secondsUntilFull: level == capacity ? 0 : seconds(toFill: capacity - level))
  }

  mutating func isFull(at now: Instant) -> Bool {
    fill(at: now)
    return level == capacity
  }

  private mutating func fill(at now: Instant) {
    let elapsed = min(now.microseconds - filledAt.microseconds, RequestBudget.idleMicrosecondsMax)
    // A clock that was set back gives nothing and takes nothing.
    filledAt = now
    if elapsed > 0 { level = min(capacity, level + elapsed * Int64(perMinute)) }
  }

  private func seconds(toFill missing: Int64) -> Int64 {
    let perSecond = Int64(perMinute) * 1_000_000
    return max(1, (missing + perSecond - 1) / perSecond)
  }
}

/// The budgets of all tenants that asked for something lately.
struct RequestBudgets: Sendable {
  static let tenantsMax = 10_000

  let perMinute: Int
  private var budgets: [TenantID: RequestBudget] = [:]

  init(perMinute: Int) { self.perMinute = perMinute }

  mutating func spend(_ cost: Int, of tenant: TenantID, at now: Instant) -> RequestBudget.Verdict {
    if budgets.count >= RequestBudgets.tenantsMax { forgetFull(at: now) }
    return budgets[tenant, default: RequestBudget(perMinute: perMinute, at: now)].spend(cost, at: now)
  }

  mutating func standing(of tenant: TenantID, at now: Instant) -> RequestBudget.Standing {
    budgets[tenant, default: RequestBudget(perMinute: perMinute, at: now)].standing(at: now)
  }

  /// A full budget is like one that was never touched.
  private mutating func forgetFull(at now: Instant) {
    for tenant in budgets.keys where budgets[tenant]?.isFull(at: now) == true { budgets[tenant] = nil }
  }
}
