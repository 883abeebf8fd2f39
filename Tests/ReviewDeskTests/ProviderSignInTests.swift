import Crypto
import Domain
import HTTP
import JSON
import Postgres
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("People sign in by their organisation's provider") struct ProviderSignIn {
    private static let desk = "https://desk.example"

    /// A browser on its way: it keeps the cookies of the desk and follows where it is sent.
    private struct Visitor: Sendable {
      let desk: Desk
      var cookies: [String: String] = [:]
      private static let outside = HTTPClient(policy: .any)

      init(_ desk: Desk) { self.desk = desk }

      mutating func get(_ path: String) async throws -> Desk.Answer {
        let cookie = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        let answer = try await desk.get(path, headers: cookie.isEmpty ? [:] : ["cookie": cookie])
        for header in answer.response.headers.all("set-cookie") {
          for attribute in ["Path=/", "Secure", "HttpOnly"] { #expect(header.contains(attribute), "\(header)") }
          let pair = header.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
          cookies[String(pair[0])] = header.contains("Max-Age=0;") ? nil : String(pair[1])
        }
        return answer
      }

      /// To the provider.
      /// - Returns: the path and query with which it sends the browser back.
      mutating func leave() async throws -> String {
        let left = try await get("/sign-in/provider")
        #expect(left.status == 303, "\(left)")
        let there = try await Visitor.outside.send(
          HTTPClientRequest(url: try #require(left.response.headers["location"]), timeout: .seconds(30)))
        let back = try #require(there.headers["location"], "\(String(decoding: there.body, as: UTF8.self))")
        #expect(back.hasPrefix("\(ProviderSignIn.desk)/sign-in/provider/callback?"))
        return String(back.dropFirst(ProviderSignIn.desk.count))
      }

      mutating func signIn() async throws -> Desk.Answer { try await get(try await leave()) }

      var isIn: Bool {
        get async throws {
          let cookie = cookies["__Host-pabean-desk"].map { "__Host-pabean-desk=\($0)" } ?? ""
          return try await desk.get("/queue", headers: ["cookie": cookie]).status == 200
        }
      }
    }

    private static func with(
      tenants: String = "acme", _ body: (Desk, ScriptedProvider) async throws -> Void
    ) async throws {
      let provider = try ScriptedProvider()
      try await Desk.with([], settings: provider.settings(desk: desk, tenants: tenants)) { desk in
        try await body(desk, provider)
      }
      await provider.stop()
    }

    private static func bound(_ desk: Desk) async throws -> Int64 {
      try await desk.pabean.count("SELECT count(*) FROM person_identity")
    }

    @Test func `a verified address binds the account once, and from then on it is the account that counts`()
      async throws
    {
      try await Self.with { desk, provider in
        let mei = try await desk.person("mei@acme.example", [.broker], hasPassword: false)
        let page = try await desk.get("/sign-in", headers: ["accept-language": "id"]).text
        #expect(page.contains("href=\"/sign-in/provider\"") && page.contains("Masuk dengan akun organisasi Anda"))
        var browser = Visitor(desk)
        let came = try await browser.signIn()
        #expect(came.status == 200 && came.response.headers["refresh"] == "0; url=/queue", "\(came)")
        #expect(try await browser.isIn)
        #expect(browser.cookies["__Host-pabean-sign-in"] == nil, "the errand is over")
        let queue = try await browser.get("/queue").text
        #expect(queue.contains("Name of mei, acme"))
        #expect(try await desk.audit(of: mei.id) == ["person.bound", "person.signed-in"])

        // The address may change there, or be lost: the person is known by the account.
        provider.set { $0.account.email = "mei.tan@acme.example" }
        var later = Visitor(desk)
        #expect(try await later.signIn().status == 200)
        #expect(try await later.get("/queue").text.contains("Name of mei, acme"))
        // And whoever is given the address there later is not the person.
        provider.set { $0.account = ScriptedProvider.Account(subject: "sub-2") }
        var heir = Visitor(desk)
        let refused = try await heir.signIn()
        #expect(refused.status == 403 && refused.text.contains("role=\"alert\""), "\(refused)")
        #expect(try await !heir.isIn)
        #expect(try await Self.bound(desk) == 1)

        // Until the operator forgets the account.
        let count = try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          try PersonIdentities.release(mei.id, tx)
        }
        #expect(count == 1)
        #expect(try await heir.signIn().status == 200)
        provider.set { $0.account = ScriptedProvider.Account() }
        var first = Visitor(desk)
        #expect(try await first.signIn().status == 403, "it is the heir's now")
        let audit = try await desk.audit(of: mei.id)
        #expect(audit.suffix(3) == ["person.bound", "person.signed-in", "person.sign-in-failed"], "\(audit)")
      }
    }

    @Test func `nobody is let in whom the tenant does not know, and nobody is added`() async throws {
      try await Self.with { desk, provider in
        let mei = try await desk.person("mei@acme.example", [.broker])
        let off = try await desk.person("off@acme.example", [.broker])
        try await desk.person("eve@other.example", [.admin], tenant: Installation.otherTenant)
        try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          try People.disable(off.id, at: Instant(microseconds: 0), tx)
          try People.recordFailures(9, lockedUntil: Instant(microseconds: 4_000_000_000_000_000), of: mei.id, tx)
        }
        var texts: Set<String> = []
        for account in [
          ScriptedProvider.Account(subject: "a"), .init(subject: "b", email: "off@acme.example"),
          .init(subject: "c", email: "eve@other.example"), .init(subject: "d", email: "nobody@acme.example"),
          .init(subject: "e", email: nil), .init(subject: "f", isVerified: false),
          .init(subject: "g", email: "x' OR email <> '"),
        ] {
          provider.set { $0.account = account }
          var browser = Visitor(desk)
          let answer = try await browser.signIn()
          #expect(answer.status == 403, "\(account) \(answer)")
          #expect(try await !browser.isIn)
          texts.insert(answer.text)
        }
        #expect(texts.count == 1, "nothing tells them apart")
        #expect(try await Self.bound(desk) == 0)
        #expect(try await desk.pabean.count("SELECT count(*) FROM person") == 3)
        #expect(try await desk.audit(of: mei.id) == ["person.sign-in-failed", "person.sign-in-failed"])
        #expect(try await desk.audit(of: off.id) == ["person.sign-in-failed"])

        try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in try People.enable(mei.id, tx) }
        provider.set { $0.account = ScriptedProvider.Account(isVerified: false) }
        var unverified = Visitor(desk)
        #expect(try await unverified.signIn().status == 403)
        provider.set { $0.account = ScriptedProvider.Account() }
        var verified = Visitor(desk)
        #expect(try await verified.signIn().status == 200)
        // Bound is not enough for whoever is disabled later.
        try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          try People.disable(mei.id, at: Instant(microseconds: 0), tx)
        }
        #expect(try await !verified.isIn)
        var again = Visitor(desk)
        #expect(try await again.signIn().status == 403)
      }
    }

    @Test func `a provider that lies, or somebody in between, gets nobody in`() async throws {
      try await Self.with { desk, provider in
        let mei = try await desk.person("mei@acme.example", [.broker])
        for manner in ScriptedProvider.Manner.allCases where manner != .honest && manner != .away {
          provider.set { $0.manner = manner }
          var browser = Visitor(desk)
          let answer = try await browser.signIn()
          #expect(answer.status == 403 && answer.text.contains("role=\"alert\""), "\(manner) \(answer)")
          #expect(try await !browser.isIn, "\(manner)")
          #expect(browser.cookies.isEmpty, "\(manner)")
        }
        #expect(try await Self.bound(desk) == 0)
        #expect(try await desk.audit(of: mei.id) == [])
        provider.set { $0.manner = .honest }

        // The answer to another's errand, or to none.
        var (own, other) = (Visitor(desk), Visitor(desk))
        let (back, others) = (try await own.leave(), try await other.leave())
        let errand = own.cookies
        #expect(try await own.get(others).status == 403)
        var stranger = Visitor(desk)
        #expect(try await stranger.get(back).status == 403)
        own.cookies = errand
        for path in [
          "/sign-in/provider/callback", "/sign-in/provider/callback?code=x", "\(back)x&state=",
          back.replacing("code=", with: "kode="),
        ] {
          #expect(try await own.get(path).status == 403, "\(path)")
          own.cookies = errand
        }
        // The code was not spent by any of these; it is spent by the first who may.
        #expect(try await own.get(back).status == 200)
        own.cookies = errand
        #expect(try await own.get(back).status == 403, "once")
        #expect(try await Self.bound(desk) == 1)
      }
    }

    @Test func `keys that change are fetched again, once a minute at most, and a provider that is away is said to be`()
      async throws
    {
      let provider = try ScriptedProvider()
      provider.set { $0.manner = .away }
      try await Desk.with([], settings: provider.settings(desk: Self.desk)) { desk in
        try await desk.person("mei@acme.example", [.broker])
        var early = Visitor(desk)
        let away = try await early.get("/sign-in/provider")
        #expect(away.status == 503 && away.text.contains("role=\"alert\"") && early.cookies.isEmpty, "\(away)")
        provider.set { $0.manner = .honest }
        var first = Visitor(desk)
        #expect(try await first.signIn().status == 200)
        var second = Visitor(desk)
        #expect(try await second.signIn().status == 200)
        #expect(provider.keysServed == 1)
        provider.set { $0.key = SigningKey(.p256, id: "two") }
        var third = Visitor(desk)
        #expect(try await third.signIn().status == 200)
        #expect(provider.keysServed == 2)
        for number in 0..<3 {
          provider.set { $0.key = SigningKey(.p256, id: "never \(number)") }
          var browser = Visitor(desk)
          #expect(try await browser.signIn().status == 403)
        }
        #expect(provider.keysServed == 2)
      }
      await provider.stop()
    }

    @Test func `without a provider there is no such way, and half a one is said all at once`() async throws {
      try await Desk.with([]) { desk in
        let page = try await desk.get("/sign-in").text
        #expect(!page.contains("/sign-in/provider"))
        #expect(try await desk.get("/sign-in/provider").status == 404)
        #expect(try await desk.get("/sign-in/provider/callback?code=x&state=y").status == 404)
      }
      let pabean = try await Installation.open()
      func faults(_ settings: [String: String]) async throws -> String {
        let process = try pabean.start(service: "review-desk", settings: settings, httpPort: 1)
        _ = await process.waitForEnd(within: .seconds(30))
        return process.log
      }
      let open = try await faults([
        "PABEAN_OIDC_ISSUER": "http://id.example", "PABEAN_PUBLIC_URL": "http://desk.example",
      ])
      for name in ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_TENANTS", "PUBLIC_URL"] {
        #expect(open.contains("PABEAN_\(name)"), "\(name): \(open)")
      }
      #expect(open.contains("PABEAN_OIDC_CLIENT_SECRET_FILE"))
      let none = try await faults(["PABEAN_OIDC_CLIENT_ID": "desk", "PABEAN_OIDC_TENANTS": "acme"])
      #expect(none.contains("PABEAN_OIDC_CLIENT_ID says nothing without") || none.contains("says nothing without"))
      try await pabean.close()
    }
  }
}
