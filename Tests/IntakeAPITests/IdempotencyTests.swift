import HTTP
import JSON
import Postgres
import TestSupport
import Testing

@Suite("Repeated requests", .timeLimit(.minutes(5)), .database(from: Installation.template))
struct IdempotencyTests {
  @Test("a repetition gets the first answer's status and bytes, and does nothing")
  func replay() async throws {
    try await IntakeService.with { intake in
      let product = SampleProducts.cotton(sku: "A")
      let first = try await intake.post("/v1/products", product, idempotencyKey: "1")
      let second = try await intake.post("/v1/products", product, idempotencyKey: "1")
      #expect(first.status == 202)
      #expect(second.status == 202)
      #expect(second.body == first.body)
      #expect(second.json["status"] == "accepted")
      #expect(second.headers["idempotent-replayed"] == "true")
      #expect(first.headers["idempotent-replayed"] == nil)
      #expect(second.headers["content-type"] == "application/json")
      #expect(try await intake.pabean.count("SELECT count(*) FROM product_revision") == 1)
    }
  }

  @Test("a refusal is repeated too, and kept once")
  func refusalReplay() async throws {
    try await IntakeService.with { intake in
      let first = try await intake.post("/v1/products", ["sku": "A"], idempotencyKey: "1")
      let second = try await intake.post("/v1/products", ["sku": "A"], idempotencyKey: "1")
      #expect(first.status == 422)
      #expect(second.status == 422)
      #expect(second.body == first.body)
      #expect(second.headers["content-type"] == "application/problem+json")
      #expect(try await intake.pabean.count("SELECT count(*) FROM refused_submission") == 1)
    }
  }

  @Test("a key that was used for another request is refused")
  func reuse() async throws {
    try await IntakeService.with { intake in
      let batch: JSONValue = ["products": [SampleProducts.cotton(sku: "A")]]
      #expect(try await intake.post("/v1/products:batch", batch, idempotencyKey: "1").status == 200)
      let other: JSONValue = ["products": [SampleProducts.cotton(sku: "B")]]
      let reused = try await intake.post("/v1/products:batch", other, idempotencyKey: "1")
      #expect(reused.status == 422)
      #expect(reused.json["title"] == "Idempotency-Key reused")
      #expect(try await intake.post("/v1/products", batch, idempotencyKey: "1").status == 422)
      #expect(try await intake.pabean.count("SELECT count(*) FROM product") == 1)
    }
  }

  @Test("what could not be read is not remembered")
  func malformed() async throws {
    try await IntakeService.with { intake in
      let headers = ["content-type": "application/json", "idempotency-key": "\"1\""]
      let broken = try await intake.send(.post, "/v1/products", key: intake.key, headers, body: Array("{".utf8))
      #expect(broken.status == 400)
      let whole = try await intake.post("/v1/products", SampleProducts.cotton(sku: "A"), idempotencyKey: "1")
      #expect(whole.status == 202)
      let unquoted = ["content-type": "application/json", "idempotency-key": "1"]
      let refused = try await intake.send(.post, "/v1/products", key: intake.key, unquoted, body: Array("{}".utf8))
      #expect(refused.status == 400)
      #expect(refused.json["errors"]?.arrayValue?.first?["pointer"] == "Idempotency-Key")
    }
  }

  @Test("two tenants may use the same key")
  func tenants() async throws {
    try await IntakeService.with { intake in
      let other = try await intake.createKey(for: Installation.otherTenant)
      let first = try await intake.post("/v1/products", SampleProducts.cotton(sku: "A"), idempotencyKey: "1")
      let second = try await intake.post(
        "/v1/products", SampleProducts.cotton(sku: "B"), as: other, idempotencyKey: "1")
      #expect([first.status, second.status] == [202, 202])
    }
  }

  @Test("of many at once one is carried out; the others get its answer or are told that it is under way")
  func concurrent() async throws {
    try await IntakeService.with { intake in
      let products = JSONValue.array((0..<200).map { SampleProducts.cotton(sku: "S-\($0)") })
      let responses = try await withThrowingTaskGroup(of: HTTPClientResponse.self) { group in
        for _ in 0..<8 {
          group.addTask {
            try await intake.post("/v1/products:batch", ["products": products], idempotencyKey: "1")
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let done = responses.filter { $0.status == 200 }
      #expect(!done.isEmpty)
      #expect(Set(done.map(\.body)).count == 1)
      #expect(done.first?.json["counts"]?["accepted"] == 200)
      #expect(responses.allSatisfy { $0.status == 200 || ($0.status == 409 && $0.headers["retry-after"] == "1") })
      #expect(try await intake.pabean.count("SELECT count(*) FROM product_revision") == 200)
    }
  }

  @Test("an answer that was lost with its worker is given by the next one, and the work was done once")
  func lostAnswer() async throws {
    try await IntakeService.with(settings: ["PABEAN_FAULT": "after-commit:1"]) { intake in
      let product = SampleProducts.cotton(sku: "A")
      await #expect(throws: HTTPClientError.self) {
        try await intake.post("/v1/products", product, idempotencyKey: "1")
      }
      #expect(await intake.worker.waitForEnd(within: .seconds(10)) == 137)
      let next = try await intake.replaced()
      let answer = try await next.post("/v1/products", product, idempotencyKey: "1")
      #expect(answer.status == 202)
      #expect(answer.json["status"] == "accepted")
      #expect(answer.headers["idempotent-replayed"] == "true")
      #expect(try await intake.pabean.count("SELECT count(*) FROM product_revision") == 1)
      // What the dead worker did not send waits for maintenance.
      #expect(try await intake.pabean.count("SELECT count(*) FROM outbox") == 1)
      next.worker.kill()
    }
  }
}
