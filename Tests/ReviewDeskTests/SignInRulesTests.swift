import Domain
import ReviewDeskEngine
import Testing

@Suite struct SignInRulesTests {
  @Test func `the fifth wrong password locks for fifteen minutes, and each after it for twice as long, up to a day`() {
    let now = Instant(microseconds: 0)
    let minutes = { (failures: Int64) in
      Lockout.until(afterFailures: failures, at: now).map { $0.timeIntervalMilliseconds(since: now) / 60_000 }
    }
    #expect((1...4).allSatisfy { minutes($0) == nil })
    #expect([5, 6, 7, 11, 12, 1_000_000].map { minutes($0) } == [15, 30, 60, 960, 1440, 1440])
  }

  @Test func `an address has thirty attempts, one more every twenty seconds, and no other address loses any`() {
    var limit = AttemptLimit()
    for _ in 0..<AttemptLimit.attemptsMax { #expect(limit.take("192.0.2.1", at: .zero) == nil) }
    #expect(limit.take("192.0.2.1", at: .seconds(5)) == .seconds(15))
    #expect(limit.take("192.0.2.2", at: .seconds(5)) == nil)
    #expect(limit.take("192.0.2.1", at: .seconds(20)) == nil)
    #expect(limit.take("192.0.2.1", at: .seconds(39)) == .seconds(1))
    limit.giveBack("192.0.2.1")
    #expect(limit.take("192.0.2.1", at: .seconds(39)) == nil)
  }

  @Test func `the addresses of one IPv6 network share their attempts, however they are written`() {
    var limit = AttemptLimit()
    for number in 0..<AttemptLimit.attemptsMax {
      #expect(limit.take("2001:db8:0:1::\(number)", at: .zero) == nil)
    }
    #expect(limit.take("2001:db8:0:1:ffff:1:2:3", at: .zero) != nil)
    #expect(limit.take("2001:db8:0:2::1", at: .zero) == nil)
  }

  @Test func `many addresses take no more memory than some`() {
    var limit = AttemptLimit()
    for number in 0..<30_000 { _ = limit.take("address \(number)", at: .seconds(number)) }
    #expect(limit.addressCount <= 10_000)
  }

  @Test(arguments: [
    ("short", "short", "too short"), ("long enough, yes", "long enough, no", "differ"),
    ("Mei.Tan-Long@acme.example", "Mei.Tan-Long@acme.example", "e-mail"), ("mei.tan-long", "mei.tan-long", "e-mail"),
    ("aaaaaaaaaaaabbbb", "aaaaaaaaaaaabbbb", "repeats"),
  ])
  func `a password that is short, mistyped, one's address or monotonous is refused`(
    password: String, repeated: String, objection: String
  ) {
    let said = PasswordRule.objection(to: password, repeated: repeated, of: "mei.tan-long@acme.example")
    #expect(said?.english.contains(objection) == true, "\(said?.english ?? "nothing")")
  }

  @Test func `a few words in any script are a password`() {
    for password in ["correct horse battery", "ปลาทูต้มเค็มแม่กลอง", "a1!B2@c3#D4$"] {
      #expect(PasswordRule.objection(to: password, repeated: password, of: "mei@acme.example") == nil)
    }
  }
}
