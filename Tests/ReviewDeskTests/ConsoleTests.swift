import Domain
import HTTP
import JSON
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("The console for people") struct Console {
    @Test func `a person signs in, finds the case, and decides it without any script`() async throws {
      try await Desk.with([Waiting.shirt("W-1")]) { desk in
        #expect(try await desk.get("/queue").response.headers["location"] == "/sign-in")
        let browser = try await Browser.signedIn(desk, try await desk.key("lim", ["broker"]))
        let queue = try await browser.get("/queue?market=&role=")
        let id = try await desk.caseID("W-1")
        #expect(queue.text.contains("href=\"/cases/\(id)\""))
        let page = try await browser.get("/cases/\(id)")
        #expect(page.status == 200 && page.text.contains("Why it is here:") && page.text.contains("6109.10"))
        let scripts = page.text.split(separator: "<script").dropFirst()
        #expect(scripts.count == 1 && scripts.first?.hasPrefix(" src=\"/assets/desk.js\" defer></script>") == true)
        #expect(!page.text.contains("style="))
        let policy = page.response.headers["content-security-policy"] ?? ""
        #expect(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"), "\(policy)")

        let fields = ["action": "override", "code": "6109.10", "reason": "too few", "expectedVersion": "3"]
        let refused = try await browser.post("/cases/\(id)/decision", fields)
        #expect(refused.status == 400 && refused.text.contains("role=\"alert\"") && refused.text.contains(">too few<"))
        let stale = try await browser.post("/cases/\(id)/decision", ["action": "approve", "expectedVersion": "2"])
        #expect(stale.status == 409 && stale.text.contains("version 3"))

        let asked = try await browser.post(
          "/cases/\(id)/decision", ["action": "ask", "question": "Which fibre?", "expectedVersion": "3"])
        #expect(asked.status == 303)
        #expect(try await browser.get("/cases/\(id)").text.contains("No answer yet."))
        #expect(try await browser.post("/cases/\(id)/answer", ["answer": "Cotton only."]).status == 303)
        let approved = try await browser.post("/cases/\(id)/decision", ["action": "approve", "expectedVersion": "5"])
        #expect(approved.status == 303 && approved.response.headers["location"] == "/next?after=\(id)", "\(approved)")
        try await desk.reaches(.writtenBack, "W-1")
        let done = try await browser.get("/cases/\(id)").text
        let document = try #require(
          done.firstRange(of: "/documents/").map { String(done[$0.lowerBound...].prefix(47)) })
        let download = try await browser.get(document)
        #expect(download.response.headers["content-disposition"]?.hasPrefix("attachment") == true)
      }
    }

    @Test func `an address that is none is a page for a browser, and a problem for a program`() async throws {
      try await Desk.with([Waiting.shirt("X-1")]) { desk in
        let browser = try await Browser.signedIn(desk, try await desk.key("lim", ["broker"]))
        let html = "text/html,application/xhtml+xml,*/*;q=0.8"
        func asked(_ path: String, _ headers: HTTPHeaders) async throws -> Desk.Answer {
          try await desk.get(path, headers: headers)
        }
        let page = try await asked("/knowledge/own-rules", ["accept": html, "cookie": browser.cookie])
        #expect(page.status == 404 && page.text.contains("<h1>Not found</h1>") && page.text.contains("/sign-out"))
        let id = try await desk.caseID("X-1")
        let form = try await asked("/cases/\(id)/decision", ["accept": html, "cookie": browser.cookie])
        #expect(form.status == 405 && form.text.contains("takes what a form sends"))
        #expect(form.response.headers["allow"] == "OPTIONS, POST")
        let stranger = try await asked("/nowhere", ["accept": html, "accept-language": "id"])
        #expect(
          stranger.status == 404 && stranger.text.contains("Tidak ada halaman") && !stranger.text.contains("/sign-out"))
        for (path, accept) in [("/nowhere", "*/*"), ("/v1/nowhere", html), ("/nowhere", "application/json")] {
          let problem = try await asked(path, ["accept": accept])
          #expect(problem.status == 404 && problem.response.headers["content-type"] == "application/problem+json")
        }
      }
    }

    @Test func `a form without the session's token, or from another site, changes nothing`() async throws {
      try await Desk.with([Waiting.shirt("X-1")]) { desk in
        let key = try await desk.key("lim", ["broker"])
        let browser = try await Browser.signedIn(desk, key)
        let other = try await Browser.signedIn(desk, try await desk.key("tan", ["broker"]))
        let path = "/cases/\(try await desk.caseID("X-1"))/decision"
        let fields = ["action": "approve", "expectedVersion": "3"]
        #expect(try await browser.post(path, fields, token: "").status == 403)
        #expect(try await browser.post(path, fields, token: other.token).status == 403)
        #expect(try await browser.post(path, fields, site: "cross-site").status == 403)
        #expect(try await browser.post("/sign-out", [:], token: "").status == 403)
        #expect(try await Browser(desk: desk).post("/sign-in", ["key": key], site: "cross-site").status == 403)
        #expect(try await desk.state("X-1") == .awaitingDecision)
        #expect(try await browser.post("/sign-out", [:]).status == 303)
        #expect(try await browser.get("/queue").status == 303)
      }
    }

    @Test func `machines do not sign in, and a revoked key ends its sessions`() async throws {
      try await Desk.with([]) { desk in
        let machine = try await desk.key("bi", ["review"], isPerson: false)
        #expect(try await Browser(desk: desk).post("/sign-in", ["key": machine]).status == 403)
        #expect(try await Browser(desk: desk).post("/sign-in", ["key": "pbn_wrong"]).status == 403)
        let browser = try await Browser.signedIn(desk, try await desk.key("lim", ["broker"]))
        try await desk.revoke("lim")
        #expect(try await browser.get("/queue").response.headers["location"] == "/sign-in")
      }
    }

    @Test func `what a seller wrote is shown as text, whatever it says`() async throws {
      let hostile = Waiting.with(
        "<b>SKU\"'",
        [
          "title": "Shirt <script>alert(1)</script> \u{202E}0199016\u{202C}",
          "brand": "\"><img src=x onerror=alert(2)>",
        ])
      try await Desk.with([hostile]) { desk in
        let browser = try await Browser.signedIn(desk, try await desk.key("o'<i>", ["broker"]))
        let pages = [
          try await browser.get("/queue"), try await browser.get("/cases/\(try await desk.firstCase())"),
        ]
        for page in pages {
          #expect(page.status == 200)
          for markup in ["<script>", "<img", "<b>", "<i>", "\u{202E}"] {
            #expect(!page.text.contains(markup), "\(markup)")
          }
          #expect(page.text.contains("&lt;script&gt;"), "\(page)")
        }
      }
    }
  }
}
