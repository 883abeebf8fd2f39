import Domain
import HTTP
import Postgres
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("A person's own account") struct AccountPages {
    private static let chosen = ["password": "seven green mangoes", "repeated": "seven green mangoes"]

    private static func marks(_ page: String) -> [String] {
      page.split(separator: "name=\"mark\" value=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }

    @Test func `a person changes their password with the one they had, and every other session ends`() async throws {
      try await Desk.with([]) { desk in
        let person = try await desk.person("mei@acme.example", [.broker])
        let here = try await Browser.signedIn(desk, email: "mei@acme.example")
        let elsewhere = try await Browser.signedIn(desk, email: "mei@acme.example")
        let path = "/account/password"
        let wrong = try await here.post(path, Self.chosen.merging(["current": "guessed it is"]) { $1 })
        #expect(wrong.status == 403 && wrong.text.contains("role=\"alert\""), "\(wrong)")
        for bad in [["password": "short", "repeated": "short"], ["password": "seven green mangoes", "repeated": "x"]] {
          #expect(try await here.post(path, bad.merging(["current": Desk.password]) { $1 }).status == 422)
        }
        let right = Self.chosen.merging(["current": Desk.password]) { $1 }
        #expect(try await here.post(path, right, token: "").status == 403)
        #expect(try await here.post(path, right).response.headers["location"] == "/account?saved=password")
        #expect(try await here.get("/account").status == 200)
        #expect(try await elsewhere.get("/queue").status == 303)
        _ = try await Browser.signedIn(desk, email: "mei@acme.example", password: "seven green mangoes")
        let old = ["email": "mei@acme.example", "password": Desk.password]
        #expect(try await Browser(desk: desk).post("/sign-in", old).status == 403)
        let audit = try await desk.audit(of: person.id)
        #expect(audit.contains("person.password-change-failed") && audit.contains("person.password-changed"))
      }
    }

    @Test func `wrong passwords lock the change as they lock signing in`() async throws {
      try await Desk.with([]) { desk in
        try await desk.person("mei@acme.example", [.broker])
        let here = try await Browser.signedIn(desk, email: "mei@acme.example")
        for _ in 0..<5 {
          let wrong = try await here.post("/account/password", Self.chosen.merging(["current": "guessed it is"]) { $1 })
          #expect(wrong.status == 403)
        }
        let right = try await here.post("/account/password", Self.chosen.merging(["current": Desk.password]) { $1 })
        #expect(right.status == 403 && right.text.contains("too many wrong passwords"), "\(right)")
      }
    }

    @Test func `a person sees their sessions, ends one or all others, and no one else's`() async throws {
      try await Desk.with([]) { desk in
        try await desk.person("mei@acme.example", [.broker])
        try await desk.person("ana@acme.example", [.broker])
        let here = try await Browser.signedIn(desk, email: "mei@acme.example")
        let others = [
          try await Browser.signedIn(desk, email: "mei@acme.example"),
          try await Browser.signedIn(desk, email: "mei@acme.example"),
        ]
        let stranger = try await Browser.signedIn(desk, email: "ana@acme.example")
        let page = try await here.get("/account").text
        let marks = Self.marks(page)
        #expect(marks.count == 2 && page.contains("127.0.0.1") && page.contains("this one"))
        #expect(try await stranger.post("/account/sessions", ["mark": marks[0]]).status == 303)
        #expect(Self.marks(try await here.get("/account").text) == marks)
        #expect(try await here.post("/account/sessions", ["mark": ""]).status == 303)
        #expect(Self.marks(try await here.get("/account").text) == marks)
        #expect(try await here.post("/account/sessions", ["mark": marks[0]]).status == 303)
        var ended = 0
        for other in others where try await other.get("/queue").status == 303 { ended += 1 }
        #expect(ended == 1)
        #expect(try await here.post("/account/sessions", [:]).status == 303)
        for other in others { #expect(try await other.get("/queue").status == 303) }
        #expect(try await here.get("/account").status == 200)
        #expect(try await stranger.get("/account").status == 200)
      }
    }

    @Test func `the language is the person's, else the browser's; what no page sends is refused`() async throws {
      try await Desk.with([Waiting.shirt("L-1")]) { desk in
        let person = try await desk.person("mai@acme.example", [.broker])
        let here = try await Browser.signedIn(desk, email: "mai@acme.example")
        let asked = try await desk.get("/queue", headers: ["cookie": here.cookie, "accept-language": "th"])
        #expect(asked.text.contains("<html lang=\"th\">") && asked.text.contains("คิวงาน"))
        #expect(try await desk.get("/sign-in", headers: ["accept-language": "zh-CN"]).text.contains("<h1>登录</h1>"))
        let fields = ["language": "vi", "letters": "digest", "risk": "55", "hour": "7"]
        #expect(try await here.post("/account/settings", fields).status == 303)
        let page = try await desk.get("/account", headers: ["cookie": here.cookie, "accept-language": "th"])
        #expect(page.text.contains("<html lang=\"vi\">") && page.text.contains("Tài khoản của bạn"))
        #expect(page.text.contains("value=\"55\""))
        for (name, value) in [("language", "xx"), ("letters", "often"), ("risk", "101"), ("risk", ""), ("hour", "24")] {
          let refused = try await here.post("/account/settings", fields.merging([name: value]) { $1 })
          #expect(refused.status == 422, "\(name) \(value)")
        }
        let stored = try await desk.pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
          try PersonalSettings.find(person.id, tx)
        }
        #expect(stored == PersonalSettings(language: "vi", notification: .digest, noticeRisk: 55, digestHour: 7))
        let key = try await Browser.signedIn(desk, try await desk.key("lim", ["broker"]))
        let machine = try await key.get("/account").text
        #expect(machine.contains("You are signed in with a key.") && !machine.contains("name=\"current\""))
        #expect(try await key.post("/account/settings", fields).status == 200)
      }
    }
  }
}
