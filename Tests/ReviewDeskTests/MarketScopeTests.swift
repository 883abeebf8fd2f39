import Domain
import JSON
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("Roles and markets say what a person sees") struct Scopes {
    private static func bound(_ sku: String, _ market: String) -> JSONValue {
      Waiting.with(sku, ["markets": [.string(market)]])
    }

    @Test func `what belongs to another market does not exist for a person of one market`() async throws {
      try await Desk.with([Self.bound("SG-1", "SG"), Self.bound("MY-1", "MY")], markets: ["SG", "MY"]) { desk in
        try await desk.person("all@acme.example", [.broker])
        try await desk.person("sg@acme.example", [.broker, .complianceLead, .admin], markets: ["SG"])
        let all = try await Browser.signedIn(desk, email: "all@acme.example")
        let one = try await Browser.signedIn(desk, email: "sg@acme.example")
        let (own, foreign) = (try await desk.caseID("SG-1"), try await desk.caseID("MY-1"))
        let everything = try await all.get("/queue").text
        #expect(everything.contains("SG-1") && everything.contains("MY-1") && everything.contains("2 cases wait"))
        for path in ["/queue", "/queue?market=MY", "/queue?market=&role="] {
          let queue = try await one.get(path).text
          #expect(!queue.contains("MY-1") && queue.contains("1 case waits"), "\(path)")
        }
        #expect(try await one.get("/cases/\(own)").status == 200)
        #expect(try await one.get("/cases/\(foreign)").status == 404)
        let fields = ["action": "approve", "expectedVersion": "3"]
        #expect(try await one.post("/cases/\(foreign)/decision", fields).status == 404)
        #expect(try await one.post("/cases/\(foreign)/answer", ["answer": "x"]).status == 404)
        #expect(try await desk.state("MY-1") == .awaitingDecision)

        _ = try await all.post("/cases/\(foreign)/decision", fields)
        try await desk.reaches(.writtenBack, "MY-1")
        let page = try await all.get("/cases/\(foreign)").text
        let document = try #require(
          page.firstRange(of: "/documents/").map { String(page[$0.lowerBound...].prefix(47)) })
        #expect(try await all.get(document).status == 200)
        #expect(try await one.get(document).status == 404)
        _ = try await one.post("/cases/\(own)/decision", fields)
        try await desk.reaches(.writtenBack, "SG-1")
      }
    }

    @Test func `an auditor and an operator see everything and decide nothing`() async throws {
      try await Desk.with([Waiting.shirt("R-1")]) { desk in
        let id = try await desk.caseID("R-1")
        for role in [PersonRole.auditor, .operator] {
          try await desk.person("\(role.rawValue)@acme.example", [role])
          let browser = try await Browser.signedIn(desk, email: "\(role.rawValue)@acme.example")
          #expect(try await browser.get("/queue").text.contains("R-1"))
          let page = try await browser.get("/cases/\(id)")
          #expect(page.status == 200 && !page.text.contains("/decision\""), "\(role)")
          for fields in [
            ["action": "approve", "expectedVersion": "3"], ["action": "ask", "question": "Q?", "expectedVersion": "3"],
            ["action": "reject", "reason": "No.", "expectedVersion": "3"],
          ] {
            #expect(try await browser.post("/cases/\(id)/decision", fields).status == 403, "\(role) \(fields)")
          }
        }
        #expect(try await desk.state("R-1") == .awaitingDecision)
      }
    }

    @Test func `each role decides what was routed to it, and the tenant's administrator where no control objects`()
      async throws
    {
      let products = PersonRole.allCases.map { Waiting.shirt("P-\($0.rawValue)") }
      try await Desk.with(products) { desk in
        for role in PersonRole.allCases {
          try await desk.person("\(role.rawValue)@acme.example", [role])
          let browser = try await Browser.signedIn(desk, email: "\(role.rawValue)@acme.example")
          let id = try await desk.caseID("P-\(role.rawValue)")
          let status = try await browser.post(
            "/cases/\(id)/decision", ["action": "reject", "reason": "No.", "expectedVersion": "3"]
          ).status
          let may: [PersonRole] = [.broker, .complianceLead, .admin]
          #expect(status == (may.contains(role) ? 303 : 403), "\(role)")
        }
      }
    }

    @Test func `another tenant's person finds none of it`() async throws {
      try await Desk.with([Waiting.shirt("T-1")]) { desk in
        try await desk.person(
          "eve@other.example", [.admin, .broker, .complianceLead], tenant: Installation.otherTenant)
        let eve = try await Browser.signedIn(desk, email: "eve@other.example")
        let id = try await desk.caseID("T-1")
        #expect(try await eve.get("/cases/\(id)").status == 404)
        #expect(try await eve.get("/queue").text.contains("0 cases wait"))
        let fields = ["action": "approve", "expectedVersion": "3"]
        #expect(try await eve.post("/cases/\(id)/decision", fields).status == 404)
      }
    }
  }
}
