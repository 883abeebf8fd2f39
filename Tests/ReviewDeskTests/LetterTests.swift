import Crypto
import Domain
import Glibc
import JSON
import Postgres
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("Letters to people") struct Letters {
    private static func settings(_ server: ScriptedMailServer) -> [String: String] {
      [
        "PABEAN_SMTP_URL": "smtp+plain://127.0.0.1:\(server.port)", "PABEAN_MAIL_FROM": "desk@pabean.example",
        "PABEAN_PUBLIC_URL": "https://desk.example",
      ]
    }

    private static func prefer(
      _ desk: Desk, _ person: People.Person, _ wish: NoticeWish, risk: Int64 = 0,
      language: String = "en"
    ) async throws {
      let chosen = PersonalSettings(language: language, notification: wish, noticeRisk: risk, digestHour: 0)
      try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in try chosen.save(of: person.id, tx) }
    }

    private static func states(_ desk: Desk) async throws -> [String] {
      try await desk.pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
        try tx.query("SELECT state FROM notice ORDER BY happened_at, id").map(String.self) { $0 }
      }
    }

    private static func text(_ letter: String) -> String {
      let body = letter.firstRange(of: "\r\n\r\n").map { String(letter[$0.upperBound...]) } ?? ""
      return String(decoding: Base64.decode(body.filter { !$0.isWhitespace }) ?? [], as: UTF8.self)
    }

    private static func to(_ letters: [String], _ address: String) -> [String] {
      letters.filter { $0.contains("<\(address)>") && $0.contains("\r\nTo: ") }
    }

    @Test func `who is asked for is told at once or once a day, and who wants no letters gets none`() async throws {
      let server = try await ScriptedMailServer.start()
      try await Desk.with([], settings: Self.settings(server)) { desk in
        try await Self.prefer(desk, try await desk.person("ana@acme.example", [.broker]), .immediate)
        try await Self.prefer(desk, try await desk.person("bea@acme.example", [.broker]), .digest)
        try await Self.prefer(desk, try await desk.person("cleo@acme.example", [.broker]), .none)
        try await Self.prefer(desk, try await desk.person("dan@acme.example", [.broker]), .immediate, risk: 100)
        try await Self.prefer(desk, try await desk.person("eve@acme.example", [.finance]), .immediate)
        try await Self.prefer(desk, try await desk.person("fay@acme.example", [.broker], markets: ["VN"]), .immediate)
        let lead = try await desk.person("gus@acme.example", [.complianceLead])
        try await Self.prefer(desk, lead, .immediate)
        try await desk.submit([Waiting.with("L-1", ["title": "Shirt\r\nBcc: x@y.example"])], settled: 1)
        let letters = try await eventually("the letter came", within: .seconds(30)) {
          try server.letters().isEmpty ? nil : try server.letters()
        }
        #expect(letters.count == 1 && Self.to(letters, "ana@acme.example").count == 1, "\(letters)")
        let id = try await desk.caseID("L-1")
        let text = Self.text(letters[0])
        #expect(text.contains("https://desk.example/cases/\(id)") && text.contains("Hello Name of ana,"), "\(text)")
        #expect(letters[0].contains("\r\nSubject: A new case: L-1 (SG)\r\n"), "\(letters[0])")
        #expect(!letters[0].contains("\r\nBcc"))

        let key = try await desk.key("lim", ["broker"])
        #expect(try await desk.post("/v1/cases/\(id)/escalate", ["reason": "Odd."], key: key).status == 200)
        _ = try await eventually("the lead's letter came", within: .seconds(30)) {
          try Self.to(server.letters(), "gus@acme.example").count == 1 ? true : nil
        }
        // The hour of the daily letter has come, for the two whom it concerns.
        let due = try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          try tx.execute("UPDATE notice SET due_at = now() WHERE is_digest")
        }
        #expect(due == 2)
        _ = try await eventually("the daily letters came", within: .seconds(30)) {
          try server.letters().count == 4 ? true : nil
        }
        let daily = Self.to(try server.letters(), "bea@acme.example")
        #expect(daily.count == 1 && Self.text(daily[0]).contains("These cases wait for you:"))
      }
    }

    @Test func `a letter is in the reader's language, and about nothing that was decided meanwhile`() async throws {
      let server = try await ScriptedMailServer.start()
      try await Desk.with([Waiting.shirt("V-1"), Waiting.shirt("V-2")], settings: Self.settings(server)) { desk in
        let person = try await desk.person("mai@acme.example", [.broker])
        try await Self.prefer(desk, person, .digest, language: "vi")
        let key = try await desk.key("lim", ["broker"])
        for sku in ["V-1", "V-2"] {
          let path = "/v1/cases/\(try await desk.caseID(sku))/assign"
          #expect(try await desk.post(path, ["to": "mai@acme.example"], key: key).status == 200)
        }
        _ = try await eventually("both are noticed", within: .seconds(30)) {
          try await desk.pabean.count("SELECT count(*) FROM notice WHERE what = 'assigned'") == 2 ? true : nil
        }
        #expect(try await desk.decide("V-1", ["action": "approve"], key: key).status == 200)
        try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          _ = try tx.execute("UPDATE notice SET due_at = now()")
        }
        let letters = try await eventually("the letter came", within: .seconds(30)) {
          try server.letters().isEmpty ? nil : try server.letters()
        }
        let text = Self.text(letters[0])
        #expect(text.contains("Được giao cho bạn") && text.contains("V-2") && !text.contains("V-1"), "\(text)")
        #expect(letters[0].contains("\r\nContent-Language: vi\r\n"))
        _ = try await eventually("each has ended", within: .seconds(30)) {
          try await Set(Self.states(desk)) == ["moot", "sent"] ? true : nil
        }
      }
    }

    @Test func `a mail server that is away is tried again, and one that refuses is not`() async throws {
      let full = try await ScriptedMailServer.start(["rcpt": "452 full"])
      try await Desk.with([], settings: Self.settings(full)) { desk in
        try await Self.prefer(desk, try await desk.person("ana@acme.example", [.broker]), .immediate)
        try await desk.submit([Waiting.shirt("R-1")], settled: 1)
        let (attempts, error) = try await eventually("it was tried", within: .seconds(30)) {
          let row = try await desk.pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
            try tx.query("SELECT attempts, last_error FROM notice WHERE state = 'waiting' AND due_at > now()")
              .first(Int64.self, String?.self)
          }
          return row
        }
        #expect(attempts == 1 && error?.contains("452") == true)
      }
    }

    @Test func `a mail server that refuses a person is not asked again`() async throws {
      let never = try await ScriptedMailServer.start(["rcpt": "550 unknown"])
      try await Desk.with([], settings: Self.settings(never)) { desk in
        try await Self.prefer(desk, try await desk.person("ana@acme.example", [.broker]), .immediate)
        try await desk.submit([Waiting.shirt("R-2")], settled: 1)
        _ = try await eventually("it was refused", within: .seconds(30)) {
          try await Self.states(desk) == ["refused"] ? true : nil
        }
      }
    }

    /// Killed just before the letter is handed over, and just after the server took it.
    @Test(arguments: ["before-publish:1", "before-ack:1"])
    func `a desk that dies while sending sends nothing twice`(fault: String) async throws {
      let server = try await ScriptedMailServer.start()
      try await Desk.with([]) { desk in
        try await Self.prefer(desk, try await desk.person("ana@acme.example", [.broker]), .immediate)
        let settings = Self.settings(server)
        _ = await desk.workers.last?.stop()
        let (_, dying) = try await desk.twin(settings: settings.merging(["PABEAN_FAULT": fault]) { $1 })
        try await desk.submit([Waiting.shirt("K-1")], settled: 1)
        #expect(await dying.waitForEnd(within: .seconds(30)) == 128 + SIGKILL)
        let sent = fault.hasPrefix("before-ack") ? 1 : 0
        #expect(try server.letters().count == sent)
        let marked = try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          try tx.execute("UPDATE notice SET settled_at = now() - interval '1 hour' WHERE state = 'sending'")
        }
        #expect(marked == 1)
        let (_, process) = try await desk.twin(settings: settings)
        _ = try await eventually("it is given up", within: .seconds(30)) {
          try await Self.states(desk) == ["unknown"] ? true : nil
        }
        try await desk.submit([Waiting.shirt("K-2")], settled: 2)
        _ = try await eventually("the next letter came", within: .seconds(30)) {
          try server.letters().count == sent + 1 ? true : nil
        }
        await desk.pabean.stop([process])
      }
    }
  }
}
