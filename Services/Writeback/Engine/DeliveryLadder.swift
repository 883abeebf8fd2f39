import Domain

/// When a delivery is tried again, and when no more: the retry schedule of Standard Webhooks 1.0.0, 75.6 hours in all.
/// Any answer but 2xx is a failure and is tried again, 4xx too: receivers answer 401 or 404 while they are being
/// deployed or reconfigured, and an outcome that was dropped for that would be missing in the ERP for ever.
public struct DeliveryLadder: Hashable, Sendable {
  /// What came of one attempt.
  public enum Outcome: Hashable, Sendable {
    case answered(status: Int, retryAfter: String?)
    case timedOut
    case unreachable(String)
    /// The address may not be called at all: not public, not https, or it does not parse.
    case forbiddenAddress(String)
  }

  public enum Next: Hashable, Sendable {
    case delivered
    case retry(attempt: Int, at: Instant, reason: String)
    /// Kept for a person, who can send it again.
    case dead(reason: String)
    /// The receiver said that it wants nothing more: stop everything to this destination until a person enables it.
    case disableDestination(reason: String)
  }

  /// Before the first attempt, the second, and so on.
  public static let specification: [Duration] = [
    .zero, .seconds(5), .seconds(300), .seconds(1_800), .seconds(7_200), .seconds(18_000), .seconds(36_000),
    .seconds(50_400), .seconds(72_000), .seconds(86_400),
  ]

  public var delays: [Duration]
  /// How much longer a delay may get at most, in percent of itself.
  public var jitterPercent: Int64
  /// The longest wait that a receiver may ask for.
  public var retryAfterMax: Duration

  public init(
    delays: [Duration] = DeliveryLadder.specification, jitterPercent: Int64 = 10,
    retryAfterMax: Duration = .seconds(86_400)
  ) {
    precondition(!delays.isEmpty && (0...100).contains(jitterPercent), "a ladder has a first rung")
    self.delays = delays
    self.jitterPercent = jitterPercent
    self.retryAfterMax = retryAfterMax
  }

  /// - Parameters:
  ///   - attempt: the number of the attempt that was made, from 1.
  ///   - jitter: from 0 to 999 999, drawn by the caller, so that the answer is a function of its inputs.
  public func next(after attempt: Int, _ outcome: Outcome, now: Instant, jitter: UInt32) -> Next {
    switch outcome {
    case .answered(status: 200...299, _): return .delivered
    case .answered(status: 410, _):
      return .disableDestination(reason: "The destination answered 410: it wants no more messages.")
    case .forbiddenAddress(let why): return .dead(reason: "The address may not be called: \(why).")
    case .answered(let status, let retryAfter):
      let asked = retryAfter.flatMap { RetryAfter.delay($0, now: now) }
      return retry(after: attempt, DeliveryLadder.reason(status), now, asked: asked, jitter)
    case .timedOut: return retry(after: attempt, "The destination did not answer in time.", now, asked: nil, jitter)
    case .unreachable(let why):
      return retry(after: attempt, "The destination could not be reached: \(why).", now, asked: nil, jitter)
    }
  }

  private func retry(
    after attempt: Int, _ reason: String, _ now: Instant, asked: Duration?, _ jitter: UInt32
  ) -> Next {
    guard attempt >= 1, attempt < delays.count else {
      return .dead(reason: "\(reason) That was attempt \(attempt) of \(delays.count).")
    }
    let rung = lengthened(delays[attempt], jitter)
    // Only ever later than the ladder: a receiver cannot make us hammer it, nor hold an outcome back for long.
    let wait = max(rung, min(asked ?? .zero, retryAfterMax))
    return .retry(attempt: attempt + 1, at: now.adding(wait), reason: reason)
  }

  private func lengthened(_ delay: Duration, _ jitter: UInt32) -> Duration {
    let milliseconds = delay.components.seconds * 1_000
    return delay + .milliseconds(milliseconds * jitterPercent * Int64(min(jitter, 999_999)) / 100_000_000)
  }

  private static func reason(_ status: Int) -> String {
    switch status {
    case 300...399: "The destination answered \(status), a redirect, which is never followed: correct its address."
    case 401, 403: "The destination answered \(status): it did not accept our credentials or signature."
    case 404: "The destination answered 404: nothing listens at its address."
    case 408, 504: "The destination answered \(status): it was too slow."
    case 429: "The destination answered 429: it gets too many messages at once."
    default: "The destination answered \(status)."
    }
  }
}
