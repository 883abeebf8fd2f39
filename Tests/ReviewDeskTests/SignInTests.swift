import Domain
import HTTP
import Postgres
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("People sign in") struct SignIn {
    private static let now = Instant(microseconds: 4_000_000_000_000_000)

    private static func form(_ email: String, _ password: String = Desk.password) -> [String: String] {
      ["email": email, "password": password]
    }

    /// Without what was typed, which the page repeats.
    private static func words(_ answer: Desk.Answer) -> String {
      answer.text.split(separator: "value=\"").map { $0.drop { $0 != "\"" } }.joined()
    }

    @Test func `a link lets a person choose a password once, and with it they come in at every process`() async throws {
      try await Desk.with([]) { desk in
        let person = try await desk.person("mei@acme.example", [.broker], hasPassword: false)
        let browser = Browser(desk: desk)
        #expect(try await browser.post("/sign-in", Self.form("mei@acme.example", "guessed")).status == 403)
        let (stale, token) = try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          (
            try People.invite(person.id, until: Self.now, at: Instant(microseconds: 0), tx),
            try People.invite(person.id, until: Self.now, at: Instant(microseconds: 0), tx)
          )
        }
        for dead in [stale, "x", String(repeating: "a", count: 3000), "%2e%2e%2fqueue", "'%20OR%201=1--"] {
          #expect(try await browser.get("/welcome/\(dead)").status == 404, "\(dead.prefix(20))")
        }
        let path = "/welcome/\(token)"
        #expect(try await browser.get(path).text.contains("Welcome, Name of mei"))
        for (password, repeated) in [("too short", "too short"), ("mei@acme.example", "mei@acme.example"), ("a", "b")] {
          let refused = try await browser.post(path, ["password": password, "repeated": repeated])
          #expect(refused.status == 422 && refused.text.contains("role=\"alert\""), "\(refused)")
        }
        let chosen = ["password": "seven green mangoes", "repeated": "seven green mangoes"]
        #expect(try await browser.post(path, chosen, site: "cross-site").status == 403)
        #expect(try await browser.post(path, chosen).response.headers["location"] == "/sign-in?welcome")
        #expect(try await browser.post(path, chosen).status == 404)
        #expect(try await browser.get(path).status == 404)

        var inside = try await Browser.signedIn(desk, email: "MEI@acme.example", password: "seven green mangoes")
        #expect(try await inside.get("/queue").text.contains("Name of mei, acme"))
        let (twin, process) = try await desk.twin()
        inside.desk = twin
        #expect(try await inside.get("/queue").status == 200)
        #expect(try await inside.post("/sign-out", [:]).status == 303)
        await desk.pabean.stop([process])
        inside.desk = desk
        #expect(try await inside.get("/queue").status == 303)
        #expect(
          try await desk.audit(of: person.id) == [
            "person.sign-in-failed", "person.password-chosen", "person.signed-in", "person.signed-out",
          ])
        let kept = try await desk.pabean.pool.transaction { tx in
          try tx.query("SELECT password FROM person").first(String.self)
        }
        #expect(kept?.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$") == true)
      }
    }

    @Test func `a link that is too old, or of somebody disabled, is dead`() async throws {
      try await Desk.with([]) { desk in
        let person = try await desk.person("mei@acme.example", [.broker], hasPassword: false)
        let past = Instant(microseconds: 1_700_000_000_000_000)
        let tokens = try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          let old = try People.invite(person.id, until: past, at: past, tx)
          try tx.execute("UPDATE welcome_link SET used_at = NULL")
          return old
        }
        #expect(try await desk.get("/welcome/\(tokens)").status == 404)
        let token = try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          try People.invite(person.id, until: Self.now, at: past, tx)
        }
        #expect(try await desk.get("/welcome/\(token)").status == 200)
        try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          try People.disable(person.id, at: past, tx)
        }
        #expect(try await desk.get("/welcome/\(token)").status == 404)
      }
    }

    @Test func `five wrong passwords lock, and nothing tells a locked, wrong, disabled or unknown person apart`()
      async throws
    {
      try await Desk.with([]) { desk in
        let person = try await desk.person("mei@acme.example", [.broker])
        let off = try await desk.person("off@acme.example", [.broker])
        try await desk.person("sam@acme.example", [.broker], environment: .sandbox)
        try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          try People.disable(off.id, at: Instant(microseconds: 0), tx)
        }
        let browser = Browser(desk: desk)
        let clock = ContinuousClock()
        var answers: [Desk.Answer] = []
        var times: [Duration] = []
        for fields in [
          Self.form("mei@acme.example", "wrong"), Self.form("nobody@acme.example"), Self.form("off@acme.example"),
          Self.form("sam@acme.example"), Self.form("x' OR email <> '"), Self.form("mei@acme.example\u{0}"),
        ] {
          times.append(try await clock.measure { answers.append(try await browser.post("/sign-in", fields)) })
        }
        for _ in 0..<4 { answers.append(try await browser.post("/sign-in", Self.form("mei@acme.example", "wrong"))) }
        // The right one, but locked.
        answers.append(try await browser.post("/sign-in", Self.form("mei@acme.example")))
        for answer in answers {
          #expect(answer.status == 403 && answer.response.headers["set-cookie"] == nil, "\(answer)")
          #expect(Self.words(answer) == Self.words(answers[0]))
        }
        #expect(times.allSatisfy { $0 >= .milliseconds(300) }, "\(times)")
        #expect(
          try await desk.audit(of: person.id)
            == Array(repeating: "person.sign-in-failed", count: 5) + ["person.locked", "person.sign-in-failed"])

        // Once the time is over, one more wrong one locks for longer; the right one ends it.
        try await desk.pabean.pool.transaction { tx in try tx.execute("UPDATE person SET locked_until = now()") }
        #expect(try await browser.post("/sign-in", Self.form("mei@acme.example", "wrong")).status == 403)
        let minutes = try await desk.pabean.pool.transaction { tx in
          try tx.query(
            "SELECT (extract(epoch FROM locked_until - now()) / 60)::int8 FROM person WHERE id = $1", person.id
          ).first(Int64.self)
        }
        #expect(minutes == 30)
        try await desk.pabean.pool.transaction { tx in try tx.execute("UPDATE person SET locked_until = now()") }
        _ = try await Browser.signedIn(desk, email: "mei@acme.example")
        #expect(
          try await desk.pabean.count("SELECT failed_attempts FROM person WHERE locked_until IS NULL LIMIT 1") == 0)
      }
    }

    @Test func `of many passwords guessed at once no more are tried than one after another`() async throws {
      try await Desk.with([]) { desk in
        let person = try await desk.person("mei@acme.example", [.broker])
        let browser = Browser(desk: desk)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
          for number in 0..<20 {
            group.addTask {
              try await browser.post("/sign-in", Self.form("mei@acme.example", "guess \(number)")).status
            }
          }
          return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses.allSatisfy { $0 == 403 })
        #expect(try await desk.pabean.count("SELECT failed_attempts FROM person") == 5)
        #expect(try await desk.audit(of: person.id).filter { $0 == "person.locked" }.count == 1)
      }
    }

    @Test func `whoever tries too often from one address has to wait`() async throws {
      try await Desk.with([]) { desk in
        let browser = Browser(desk: desk)
        let answers = try await withThrowingTaskGroup(of: Desk.Answer.self) { group in
          for number in 0..<36 {
            group.addTask { try await browser.post("/sign-in", Self.form("person\(number)@acme.example")) }
          }
          return try await group.reduce(into: [Desk.Answer]()) { $0.append($1) }
        }
        let refused = answers.filter { $0.status == 429 }
        #expect(refused.count >= 3 && answers.contains { $0.status == 403 })
        #expect(refused.allSatisfy { $0.response.headers["retry-after"] != nil })
      }
    }

    @Test func `disabling a person, revoking a key, time and idleness each end the session`() async throws {
      try await Desk.with([]) { desk in
        let person = try await desk.person("mei@acme.example", [.broker])
        func end(_ browser: Browser, _ change: @Sendable (borrowing Transaction) throws -> Void) async throws {
          #expect(try await browser.get("/queue").status == 200)
          try await desk.pabean.pool.transaction(as: Installation.tenant, change)
          #expect(try await browser.get("/queue").response.headers["location"] == "/sign-in")
        }
        let mei = "mei@acme.example"
        try await end(try await Browser.signedIn(desk, email: mei)) { tx in
          try tx.execute("UPDATE desk_session SET expires_at = now()")
        }
        try await end(try await Browser.signedIn(desk, email: mei)) { tx in
          try tx.execute("UPDATE desk_session SET last_seen_at = now() - interval '121 minutes'")
        }
        try await end(try await Browser.signedIn(desk, email: mei)) { tx in
          try People.setPassword(nil, of: person.id, tx)
          try People.endSessions(of: person.id, at: Self.now, tx)
        }
        try await end(try await Browser.signedIn(desk, try await desk.key("lim", ["broker"]))) { tx in
          _ = try AccessStore.revokeKeys(of: "lim", at: Self.now, tx)
        }
        #expect(
          try await desk.pabean.count(
            "SELECT count(*) FROM desk_session WHERE api_key_id IS NOT NULL AND ended_at IS NULL")
            == 0)
        try await desk.person("tan@acme.example", [.broker])
        let tan = try await Browser.signedIn(desk, email: "tan@acme.example")
        // What is used is kept alive.
        try await desk.pabean.pool.transaction { tx in
          try tx.execute("UPDATE desk_session SET last_seen_at = now() - interval '119 minutes'")
        }
        #expect(try await tan.get("/queue").status == 200)
        #expect(
          try await desk.pabean.count(
            "SELECT count(*) FROM desk_session WHERE ended_at IS NULL AND last_seen_at > now() - interval '1 minute'")
            == 1)
        try await end(tan) { tx in
          let id = try People.find(email: "tan@acme.example", tx)?.person.id
          try People.disable(try #require(id), at: Self.now, tx)
        }
      }
    }

    @Test func `a token that is nobody's, another's or hostile opens nothing`() async throws {
      try await Desk.with([]) { desk in
        for token in ["x", "", String(repeating: "A", count: 43), String(repeating: "z", count: 4000), "a;b=c", "%00"] {
          let answer = try await desk.get("/queue", headers: ["cookie": "__Host-pabean-desk=\(token)"])
          #expect(answer.status == 303 || answer.status == 431, "\(token.prefix(20)): \(answer)")
        }
      }
    }
  }
}
