import Domain
import Testing
import WritebackEngine

@Suite struct DeliveryLadderTests {
  private let now = Instant("2026-01-31T08:00:00Z")!
  private let ladder = DeliveryLadder()

  private func next(
    _ attempt: Int, _ outcome: DeliveryLadder.Outcome, jitter: UInt32 = 0
  ) -> DeliveryLadder.Next { ladder.next(after: attempt, outcome, now: now, jitter: jitter) }

  private func wait(_ next: DeliveryLadder.Next) -> Int64? {
    guard case .retry(_, let at, _) = next else { return nil }
    return at.timeIntervalMilliseconds(since: now)
  }

  @Test func `failures climb the ladder of the specification and then are dead`() {
    let failure = DeliveryLadder.Outcome.answered(status: 500, retryAfter: nil)
    let waits = (1...9).map { wait(next($0, failure)).map { $0 / 1000 } }
    #expect(waits == [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400])
    #expect(waits.compactMap(\.self).reduce(0, +) == 272_105, "75:35:05 in all")
    #expect(next(10, failure) == .dead(reason: "The destination answered 500. That was attempt 10 of 10."))
    #expect(next(11, failure) == .dead(reason: "The destination answered 500. That was attempt 11 of 10."))
    guard case .retry(attempt: 4, _, _) = next(3, failure) else { return #expect(Bool(false)) }
  }

  @Test(arguments: [200, 201, 202, 204, 299])
  func `any 2xx is delivered`(status: Int) {
    #expect(next(10, .answered(status: status, retryAfter: nil)) == .delivered)
  }

  @Test(arguments: [
    100, 301, 302, 307, 308, 400, 401, 403, 404, 405, 408, 409, 413, 422, 425, 429, 500, 502, 503, 504, 599, 0,
  ])
  func `anything else is tried again`(status: Int) {
    #expect(wait(next(1, .answered(status: status, retryAfter: nil))) == 5_000)
  }

  @Test func `a redirect says that the address must be corrected`() {
    guard case .retry(_, _, let reason) = next(1, .answered(status: 302, retryAfter: nil)) else {
      return #expect(Bool(false))
    }
    #expect(reason.contains("never followed"))
  }

  @Test func `410 disables the destination on whichever attempt`() {
    for attempt in [1, 5, 10] {
      guard case .disableDestination = next(attempt, .answered(status: 410, retryAfter: "5")) else {
        return #expect(Bool(false))
      }
    }
  }

  @Test func `an address that may not be called is dead at once`() {
    #expect(
      next(1, .forbiddenAddress("it is private")) == .dead(reason: "The address may not be called: it is private."))
  }

  @Test(arguments: [DeliveryLadder.Outcome.timedOut, .unreachable("connection refused")])
  func `no answer is tried again`(outcome: DeliveryLadder.Outcome) {
    #expect(wait(next(2, outcome)) == 300_000)
  }

  @Test(arguments: [
    ("120", 120_000), ("1", 5_000), ("Sat, 31 Jan 2026 08:10:00 GMT", 600_000),
    ("Sat, 31 Jan 2026 07:00:00 GMT", 5_000),
    ("999999999", 86_400_000), ("soon", 5_000), ("-5", 5_000), ("", 5_000), (" 60 ", 60_000),
    ("Sat, 32 Jan 2026 08:10:00 GMT", 5_000), ("99999999999999999999", 5_000),
  ])
  func `Retry-After lengthens a wait and never shortens it`(header: String, milliseconds: Int64) {
    #expect(wait(next(1, .answered(status: 503, retryAfter: header))) == milliseconds)
  }

  @Test func `jitter lengthens a wait by up to a tenth`() {
    let failure = DeliveryLadder.Outcome.answered(status: 500, retryAfter: nil)
    #expect(wait(next(2, failure, jitter: 0)) == 300_000)
    #expect(wait(next(2, failure, jitter: 500_000)) == 315_000)
    #expect(wait(next(2, failure, jitter: .max)) == 329_999)
  }
}
