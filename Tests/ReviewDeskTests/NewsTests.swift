import AMQP
import Contracts
import Domain
import HTTP
import JSON
import Postgres
import Store
import Synchronization
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("Others are told what happens to waiting cases") struct News {
    /// A system of the tenant's that takes webhooks.
    private final class Receiver: Sendable {
      struct Message: Sendable {
        var headers: HTTPHeaders
        var json: JSONValue
      }

      private final class Box: Sendable { let kept = Mutex<[Message]>([]) }

      private let box: Box
      private let server: HTTPServer

      init() throws {
        let box = Box()
        self.box = box
        server = try HTTPServer(host: "127.0.0.1", port: 0) { request in
          let json = (try? JSONParser.parse(request.body)) ?? .null
          box.kept.withLock { $0.append(Message(headers: request.headers, json: json)) }
          return .noContent
        }
        server.start()
      }

      var url: String { "http://127.0.0.1:\(server.port)/" }
      var all: [Message] { box.kept.withLock { $0 } }
      func stop() async { await server.stop() }
    }

    private static func follow(_ desk: Desk, _ destinations: [Destination]) async throws {
      try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
        for destination in destinations { try AccessStore.addDestination(destination, tx) }
      }
    }

    private static func webhook(_ name: String, _ config: JSONValue) -> Destination {
      Destination(
        name: name, kind: .webhook, config: config, secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        isDryRun: false,
        carries: .reviews)
    }

    /// What became of each delivery so far.
    private static func standing(_ desk: Desk) async throws -> [String] {
      try await desk.pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
        try tx.query(
          "SELECT destination, state, coalesce(last_error, ''), attempts::text FROM delivery ORDER BY sequence, destination"
        )
        .map(String.self, String.self, String.self, String.self) { "\($0) \($1) \($2) \($3)" }
      }
    }

    @Test func `a queue, a webhook and a chat learn of a case from its opening to its end, each thing once`()
      async throws
    {
      let receiver = try Receiver()
      let chat = try Receiver()
      try await Desk.with([], settings: ["PABEAN_PUBLIC_URL": "https://desk.example/"]) { desk in
        try await Self.follow(
          desk,
          [
            Destination(name: "news", kind: .amqp, config: [:], secrets: [], isDryRun: false, carries: .reviews),
            Self.webhook("hook", ["url": .string(receiver.url)]),
            Self.webhook("chat", ["url": .string(chat.url), "format": "chat", "risk": 101]),
          ])
        try await desk.submit([Waiting.shirt("N-1")], settled: 1)
        let key = try await desk.key("lim", ["broker"])
        let id = try await desk.caseID("N-1")
        #expect(try await desk.send(.post, "/v1/cases/\(id)/claim", key: key).status == 200)
        #expect(try await desk.decide("N-1", ["action": "ask", "question": "Which fibre?"], key: key).status == 200)
        #expect(try await desk.post("/v1/cases/\(id)/answer", ["answer": "Cotton."], key: key).status == 200)
        #expect(try await desk.post("/v1/cases/\(id)/escalate", ["reason": "<!channel> odd"], key: key).status == 200)
        let lead = try await desk.key("lead", ["compliance-lead"])
        #expect(try await desk.decide("N-1", ["action": "approve"], key: lead).status == 200)

        let expected = [
          "held-for-decision", "claimed", "information-requested", "information-received", "escalated", "decided",
        ]
        _ = try await eventually("the webhook has it all", within: .seconds(30)) {
          if receiver.all.count == expected.count { return true }
          throw NotReached(
            description: "\(try await Self.standing(desk)); came: \(receiver.all.map { $0.json["data"]?["what"] })")
        }
        let told = receiver.all.sorted {
          ($0.json["data"]?["sequence"]?.integerValue ?? 0) < ($1.json["data"]?["sequence"]?.integerValue ?? 0)
        }
        #expect(told.map { $0.json["data"]?["what"]?.stringValue } == expected)
        #expect(told.first?.json["type"] == "pabean.review.opened.v1")
        #expect(told.last?.json["type"] == "pabean.review.closed.v1")
        #expect(told.allSatisfy { $0.headers["webhook-signature"]?.hasPrefix("v1,") == true })
        #expect(told[0].json["data"]?["link"] == .string("https://desk.example/cases/\(id)"))
        #expect(told[2].json["data"]?["question"] == "Which fibre?" && told[5].json["data"]?["code"] != nil)

        let consumer = AMQPConsumer(
          endpoint: desk.pabean.broker, name: "outsider",
          subscriptions: [Subscription(queue: "reviews.acme", prefetchCount: 50)])
        consumer.start()
        var events: [JSONValue] = []
        while events.count < expected.count, let batch = await consumer.nextBatch(max: 50) {
          events += try batch.map { try JSONParser.parse($0.body) }
          #expect(batch.allSatisfy { $0.routingKey == "review.sg" })
          consumer.acknowledge(batch)
        }
        await consumer.close()
        #expect(Set(events.compactMap { $0["id"]?.stringValue }).count == expected.count)
        #expect(Set(events.map { $0["data"]?["what"]?.stringValue ?? "" }) == Set(expected))
        #expect(events.allSatisfy { $0["subject"] == .string(id.description) && $0["market"] == "SG" })

        let lines = try await eventually("the chat is told", within: .seconds(30)) { chat.all.isEmpty ? nil : chat.all }
        #expect(lines.count == 1 && lines[0].json["text"]?.stringValue?.contains("&lt;!channel&gt; odd") == true)
        let waiting = try await desk.pabean.count(
          """
          SELECT (SELECT count(*) FROM review_event)
            + (SELECT count(*) FROM delivery WHERE subject_kind = 'review' AND state <> 'delivered')
          """)
        #expect(waiting == 0)
        // The desk forgets news in time, and cannot forget an outcome.
        try await desk.reaches(.writtenBack, "N-1")
        let forgotten = try await desk.pabean.reviewDesk.transaction(as: Installation.tenant) { tx in
          try tx.execute("DELETE FROM delivery")
        }
        #expect(forgotten == 2 * expected.count + 1)
        #expect(try await desk.pabean.count("SELECT count(*) FROM delivery") == 1)
        let file = try await desk.get("/v1/cases/\(id)", key: lead)
        #expect(file["deliveries"]?.arrayValue?.allSatisfy { $0["destination"] == "queue" } == true)
      }
      await receiver.stop()
      await chat.stop()
    }

    @Test
    func `a decision given, taken back or dropped, and an outcome that cannot be delivered, are told like the rest`()
      async throws
    {
      let receiver = try Receiver()
      let mail = try await ScriptedMailServer.start()
      let settings = [
        "PABEAN_SMTP_URL": "smtp+plain://127.0.0.1:\(mail.port)", "PABEAN_MAIL_FROM": "desk@pabean.example",
      ]
      var policy = Desk.cautious
      policy.review.undoSeconds = 300
      try await Desk.with([Waiting.shirt("G-1")], policy: policy, settings: settings) { desk in
        try await desk.person("ana@acme.example", [.broker])
        let ana = try await desk.key("ana@acme.example", ["broker"])
        _ = try await eventually("that it was held is told to nobody yet") {
          try await desk.pabean.count("SELECT count(*) FROM review_event") == 0 ? true : nil
        }
        var nowhere = Self.webhook("erp", ["url": "http://10.255.255.1/"])
        nowhere.carries = .outcomes
        try await Self.follow(desk, [Self.webhook("hook", ["url": .string(receiver.url)]), nowhere])
        let id = try await desk.caseID("G-1")
        func told(_ count: Int) async throws -> [JSONValue] {
          let news = try await eventually("\(count) are told", within: .seconds(30)) {
            if receiver.all.count == count { return receiver.all }
            throw NotReached(description: "\(try await Self.standing(desk)); \(receiver.all.map { $0.json["data"] })")
          }
          return news.compactMap { $0.json["data"] }
            .sorted { ($0["sequence"]?.integerValue ?? 0) < ($1["sequence"]?.integerValue ?? 0) }
        }
        func takesEffectNow() async throws {
          let count = try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
            try tx.execute("UPDATE pending_decision SET takes_effect_at = now()")
          }
          #expect(count == 1)
        }

        let override: JSONValue = ["action": "override", "code": "6109.90", "reason": "Polyester, says the label"]
        #expect(try await desk.decide("G-1", override, key: ana).status == 200)
        #expect(try await desk.send(.post, "/v1/cases/\(id)/undo", key: ana).status == 200)
        let undone = try await told(2)
        #expect(undone.map { $0["what"] } == ["decision-given", "decision-undone"])
        #expect(undone[0]["takesEffectAt"] != nil && undone[0]["code"] == nil && undone[1]["code"] == "610990")
        #expect(undone.allSatisfy { $0["by"] == "person:ana@acme.example" && $0["state"] == "awaiting-decision" })

        #expect(try await desk.decide("G-1", ["action": "approve"], key: ana).status == 200)
        try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          _ = try tx.execute("UPDATE customs_case SET version = version + 1 WHERE id = $1", id)
        }
        try await takesEffectNow()
        let dropped = try #require(try await told(4).last)
        #expect(dropped["what"] == "decision-dropped" && dropped["reason"] != nil)
        _ = try await eventually("its giver gets a letter", within: .seconds(30)) {
          try mail.letters().count == 1 ? true : nil
        }

        let version = try await desk.get("/v1/cases/\(id)", key: ana)["version"]
        let again: JSONValue = ["action": "reject", "reason": "Not ours to sell", "expectedVersion": version ?? .null]
        #expect(try await desk.decide("G-1", again, key: ana).status == 200)
        try await takesEffectNow()
        try await desk.reaches(.undeliverable, "G-1")
        let failed = try #require(try await told(7).last)
        #expect(failed["what"] == "delivery-failed" && failed["state"] == "undeliverable", "\(failed)")
        #expect(failed["reason"]?.stringValue?.hasPrefix("erp: ") == true && failed["by"] == "system:writeback")
        let letters = try await eventually("who decided gets a letter", within: .seconds(30)) {
          try mail.letters().count == 2 ? try mail.letters() : nil
        }
        #expect(letters[1].contains("\r\nSubject: The outcome could not be delivered: G-1 (SG)\r\n"), "\(letters)")
      }
      await receiver.stop()
    }

    @Test func `what cleared by itself or is another tenant's is no news`() async throws {
      let receiver = try Receiver()
      try await Desk.with([], policy: .starter) { desk in
        try await Self.follow(desk, [Self.webhook("hook", ["url": .string(receiver.url)])])
        try await desk.pabean.publish([Waiting.shirt("O-1")], as: Installation.otherTenant)
        _ = try await desk.pabean.settled(1, of: Installation.otherTenant)
        try await desk.submit([Waiting.shirt("M-1")], settled: 1)
        _ = try await eventually("all was told", within: .seconds(30)) {
          try await desk.pabean.count("SELECT count(*) FROM review_event") == 0 ? true : nil
        }
        let own = try await desk.state("M-1")
        let isHeld = own == .awaitingDecision
        _ = try await eventually("it came", within: .seconds(30)) {
          receiver.all.count == (isHeld ? 1 : 0) ? true : nil
        }
        #expect(receiver.all.allSatisfy { $0.json["data"]?["sku"] == "M-1" })
      }
      await receiver.stop()
    }
  }
}
