import Domain
import HTTP
import Testing

@testable import IngestWorker

@Suite("What a tenant may ask for in a minute")
struct RequestBudgetTests {
  private let start = Instant(microseconds: 1_700_000_000_000_000)

  private func after(_ duration: Duration) -> Instant { start.adding(duration) }

  @Test("a minute's worth passes at once, and the next request waits for its refill")
  func burst() {
    var budget = RequestBudget(perMinute: 60, at: start)
    for _ in 0..<60 { #expect(budget.spend(1, at: start) == .granted) }
    #expect(budget.spend(1, at: start) == .refused(retryAfterSeconds: 1))
    #expect(budget.spend(1, at: after(.milliseconds(999))) == .refused(retryAfterSeconds: 1))
    #expect(budget.spend(1, at: after(.seconds(1))) == .granted)
    #expect(budget.spend(1, at: after(.seconds(1))) == .refused(retryAfterSeconds: 1))
  }

  @Test("the time to wait is what the request's own cost needs")
  func waiting() {
    var budget = RequestBudget(perMinute: 6, at: start)
    #expect(budget.spend(6, at: start) == .granted)
    #expect(budget.spend(2, at: start) == .refused(retryAfterSeconds: 20))
    #expect(budget.spend(2, at: after(.seconds(19))) == .refused(retryAfterSeconds: 1))
    #expect(budget.spend(2, at: after(.seconds(20))) == .granted)
  }

  @Test("what costs more than a minute's worth passes when the budget is full, and leaves a debt")
  func debt() {
    var budget = RequestBudget(perMinute: 10, at: start)
    #expect(budget.spend(25, at: start) == .granted)
    #expect(budget.standing(at: start).remaining == 0)
    #expect(budget.spend(1, at: after(.seconds(90))) == .refused(retryAfterSeconds: 6))
    #expect(budget.spend(1, at: after(.seconds(96))) == .granted)
  }

  @Test("an idle year fills the bucket and no more")
  func idle() {
    var budget = RequestBudget(perMinute: 1_000_000, at: start)
    #expect(budget.spend(1_000_000, at: start) == .granted)
    let later = after(.seconds(31_536_000))
    #expect(budget.standing(at: later).remaining == 1_000_000)
    #expect(budget.spend(1_000_000, at: later) == .granted)
    #expect(budget.spend(1, at: later) != .granted)
  }

  @Test("a clock that is set back neither fills nor empties")
  func clockSetBack() {
    var budget = RequestBudget(perMinute: 60, at: start)
    #expect(budget.spend(60, at: start) == .granted)
    #expect(budget.spend(1, at: after(.seconds(-100))) != .granted)
    #expect(budget.spend(1, at: after(.seconds(-99))) == .granted)
  }

  @Test("the headers say the quota, what is left and when it is full")
  func headers() {
    var budget = RequestBudget(perMinute: 60, at: start)
    _ = budget.spend(15, at: start)
    let headers = budget.standing(at: start).headers
    #expect(headers["ratelimit-policy"] == "\"tenant\";q=60;w=60")
    #expect(headers["ratelimit"] == "\"tenant\";r=45;t=15")
  }

  @Test("one tenant's requests take nothing from another, and idle tenants are forgotten")
  func tenants() {
    var budgets = RequestBudgets(perMinute: 1)
    for number in 0..<RequestBudgets.tenantsMax + 10 {
      let tenant = TenantID("tenant-\(number)")!
      let now = after(.seconds(number * 60))
      #expect(budgets.spend(1, of: tenant, at: now) == .granted)
      #expect(budgets.spend(1, of: tenant, at: now) != .granted)
    }
  }
}
