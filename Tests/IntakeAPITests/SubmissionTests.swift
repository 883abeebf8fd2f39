import Contracts
import Crypto
import Domain
import HTTP
import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite("Submissions over HTTP", .timeLimit(.minutes(5)), .database(from: Installation.template))
struct SubmissionTests {
  @Test("a product is taken, its cases opened, and the classifier told")
  func product() async throws {
    try await IntakeService.with { intake in
      let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
      let response = try await intake.send(
        .post, "/v1/products", key: intake.key,
        ["content-type": "application/json; charset=utf-8", "traceparent": traceparent],
        body: SampleProducts.cotton(sku: "TEE-1", markets: ["SG", "TH"]).bytes)
      #expect(response.status == 202)
      #expect(response.headers["content-type"] == "application/json")
      let answer = response.json
      #expect(answer["sku"] == "TEE-1")
      #expect(answer["revision"] == 1)
      #expect(answer["status"] == "accepted")
      let cases = try #require(answer["cases"]?.arrayValue)
      #expect(cases.map { $0["market"] } == ["SG", "TH"])
      #expect(cases.map { $0["state"] } == ["opened", "opened"])
      let depths = try await eventually("the classifier's queues hold the cases") {
        let depths = try await intake.pabean.queueDepths()
        return depths == ["classifier.sg": 1, "classifier.th": 1] ? depths : nil
      }
      #expect(depths.count == 2)
      #expect(try await eventually("the outbox is empty") { try await outboxIsEmpty(intake) ? true : nil })
      let event = try await message(in: "classifier.sg", intake)
      #expect(event["data"]?["caseID"] == cases[0]["id"])
      let trace = try #require(event["traceparent"]?.stringValue)
      #expect(trace.hasPrefix("00-0af7651916cd43dd8448eb211c80319c-"))
      #expect(trace != traceparent)
      let audited = try await intake.pabean.count(
        "SELECT count(*) FROM audit_entry WHERE content LIKE '%\"actor\":\"key:erp\"%case.opened%'")
      #expect(audited == 2)
    }
  }

  @Test("the same product again is unchanged and names the same cases")
  func unchanged() async throws {
    try await IntakeService.with { intake in
      let product = SampleProducts.cotton(sku: "TEE-1", markets: ["SG", "TH"])
      let first = try await intake.post("/v1/products", product).json
      let second = try await intake.post("/v1/products", product)
      #expect(second.status == 202)
      #expect(second.json["status"] == "unchanged")
      #expect(second.json["revision"] == 1)
      #expect(second.json["cases"] == first["cases"])
      #expect(second.json["submissionId"] != first["submissionId"])
      #expect(try await intake.pabean.count("SELECT count(*) FROM customs_case") == 2)
    }
  }

  @Test("a refused product is told field by field, kept under its id, and taken off the list once corrected")
  func refusedAndCorrected() async throws {
    try await IntakeService.with { intake in
      let wrong: JSONValue = [
        "sku": "TEE-1", "title": "Shirt", "materials": "60% cotton, 50% linen", "markets": ["XX"],
      ]
      let response = try await intake.post("/v1/products", wrong)
      #expect(response.status == 422)
      #expect(response.headers["content-type"] == "application/problem+json")
      let errors = try #require(response.json["errors"]?.arrayValue)
      #expect(errors.contains { $0["pointer"] == "/markets/0" || $0["pointer"] == "/markets" })
      #expect(errors.allSatisfy { $0["remedy"]?.stringValue?.isEmpty == false })
      let id = try #require(response.json["submissionId"])
      let kept = try await intake.get("/v1/submissions/refused").json["refused"]?.arrayValue ?? []
      #expect(kept.map { $0["id"] } == [id])
      #expect(kept.first?["reference"] == "TEE-1")
      #expect(kept.first?["channel"] == "http")
      #expect(kept.first?["submission"] == wrong)
      #expect(kept.first?["issues"]?.arrayValue?.count == errors.count)
      #expect(try await intake.post("/v1/products", SampleProducts.cotton(sku: "TEE-1")).status == 202)
      #expect(try await intake.get("/v1/submissions/refused").json["refused"] == [])
      #expect(
        try await intake.pabean.count("SELECT count(*) FROM refused_submission WHERE corrected_at IS NOT NULL") == 1)
    }
  }

  @Test("a submission is known by its SKU however the field is written")
  func referenceSpelling() async throws {
    try await IntakeService.with { intake in
      #expect(try await intake.post("/v1/products", ["Item_Code": " TEE-1 ", "title": "Shirt"]).status == 422)
      #expect(
        try await intake.get("/v1/submissions/refused").json["refused"]?.arrayValue?.first?["reference"] == "TEE-1")
      _ = try await intake.post("/v1/products", SampleProducts.cotton(sku: "TEE-1"))
      #expect(try await intake.get("/v1/submissions/refused").json["refused"] == [])
    }
  }

  @Test("what is no JSON, no object, or holds a NUL is refused and breaks nothing")
  func oddBodies() async throws {
    try await IntakeService.with { intake in
      let json = ["content-type": "application/json"]
      let broken = try await intake.send(.post, "/v1/products", key: intake.key, json, body: Array("{".utf8))
      #expect(broken.status == 400)
      let typed = try await intake.send(.post, "/v1/products", key: intake.key, body: Array("{}".utf8))
      #expect(typed.status == 415)
      #expect(try await intake.post("/v1/products", "text").status == 422)
      #expect(try await intake.post("/v1/products", []).status == 422)
      #expect(try await intake.post("/v1/products", ["sku": "a\u{0}b", "title": "\u{0}"]).status == 422)
      #expect(try await intake.post("/v1/shipments", ["reference": "a\u{0}b"]).status == 422)
      #expect(try await intake.get("/v1/submissions/refused?limit=0").status == 400)
      #expect(try await intake.get("/v1/submissions/refused?limit=1").json["refused"]?.arrayValue?.count == 1)
    }
  }

  @Test("each product of a batch has its own result")
  func batch() async throws {
    try await IntakeService.with { intake in
      _ = try await intake.post("/v1/products", SampleProducts.cotton(sku: "A"))
      let response = try await intake.post(
        "/v1/products:batch",
        [
          "products": [
            SampleProducts.cotton(sku: "A"), ["sku": "B"], SampleProducts.cotton(sku: "C", markets: ["SG", "TH"]),
            "no object", SampleProducts.doubtful(sku: "C"),
          ]
        ])
      #expect(response.status == 200)
      #expect(response.json["counts"] == ["accepted": 2, "unchanged": 1, "refused": 2])
      let results = try #require(response.json["results"]?.arrayValue)
      #expect(results.map { $0["index"] } == [0, 1, 2, 3, 4])
      #expect(results.map { $0["sku"] } == ["A", "B", "C", .null, "C"])
      #expect(results.map { $0["status"] } == ["unchanged", "refused", "accepted", "refused", "accepted"])
      #expect(results.map { $0["revision"] } == [1, nil, 1, nil, 2])
      #expect(results[0]["cases"]?.arrayValue?.count == 1)
      #expect(results[2]["cases"]?.arrayValue?.count == 2)
      #expect(results[1]["issues"]?.arrayValue?.isEmpty == false)
      #expect(try await intake.pabean.count("SELECT count(*) FROM refused_submission") == 2)
    }
  }

  @Test("a batch is a list of 1 to 1000 products")
  func batchLimits() async throws {
    try await IntakeService.with { intake in
      let product = SampleProducts.cotton(sku: "A")
      for body: JSONValue in [
        [], [:], ["products": [:]], ["products": []],
        ["products": .array(Array(repeating: product, count: 1001))],
      ] {
        let response = try await intake.post("/v1/products:batch", body)
        #expect(response.status == 422)
        #expect(response.json["errors"]?.arrayValue?.first?["pointer"] == "/products")
      }
      let many = JSONValue.array((0..<1000).map { SampleProducts.cotton(sku: "S-\($0)") })
      let response = try await intake.post("/v1/products:batch", ["products": many])
      #expect(response.json["counts"] == ["accepted": 1000, "unchanged": 0, "refused": 0])
    }
  }

  @Test("a product may have one mebibyte, a batch more")
  func bodySizes() async throws {
    try await IntakeService.with { intake in
      func padded(to count: Int) -> [UInt8] {
        var product = SampleProducts.cotton(sku: "BIG").objectValue ?? JSONObject()
        product["padding"] = ""
        let missing = count - JSONValue.object(product).bytes.count
        product["padding"] = .string(String(repeating: "x", count: missing))
        return JSONValue.object(product).bytes
      }
      let json = ["content-type": "application/json"]
      let largest = try await intake.send(.post, "/v1/products", key: intake.key, json, body: padded(to: 1 << 20))
      #expect(largest.status == 202)
      let over = try await intake.send(.post, "/v1/products", key: intake.key, json, body: padded(to: 1 << 20 + 1))
      #expect(over.status == 413)
      let double = try await intake.send(.post, "/v1/products", key: intake.key, json, body: padded(to: 2 << 20))
      #expect(double.status == 413)
      #expect(double.headers["content-type"] == "application/problem+json")
      let batch = Array("{\"products\":[".utf8) + padded(to: 2 << 20) + Array("]}".utf8)
      #expect(try await intake.send(.post, "/v1/products:batch", key: intake.key, json, body: batch).status == 200)
    }
  }

  @Test("a shipment opens what it needs, is found by its reference, and its reference belongs to it")
  func shipment() async throws {
    try await IntakeService.with { intake in
      _ = try await intake.post("/v1/products", SampleProducts.cotton(sku: "TEE-1", markets: ["TH"]))
      let shipment = SampleProducts.shipment("SO/1 ä", lines: [("TEE-1", 3), ("LATER", 1)])
      let response = try await intake.post("/v1/shipments", shipment)
      #expect(response.status == 202)
      #expect(response.json["status"] == "accepted")
      #expect(response.json["state"] == "waiting")
      let found = try await intake.get("/v1/shipments/SO%2F1%20%C3%A4").json
      #expect(found["id"] == response.json["id"])
      #expect(found["lines"]?.arrayValue?.map { $0["status"] } == ["waiting", "waiting"])
      #expect(found["lines"]?.arrayValue?.map { $0["caseId"] == .null } == [false, true])
      #expect(try await intake.post("/v1/shipments", shipment).json["status"] == "unchanged")
      let other = SampleProducts.shipment("SO/1 ä", lines: [("TEE-1", 4)])
      let conflict = try await intake.post("/v1/shipments", other)
      #expect(conflict.status == 422)
      #expect(conflict.json["errors"]?.arrayValue?.first?["pointer"] == "/reference")
      #expect(try await intake.get("/v1/submissions/refused").json["refused"]?.arrayValue?.count == 1)
      #expect(try await intake.get("/v1/shipments/unknown").status == 404)
    }
  }

  @Test("a product and its cases are shown as they stand, with code, decision, evidence and document")
  func standing() async throws {
    try await IntakeService.with { intake in
      let product = SampleProducts.cotton(sku: "TEE/1", markets: ["SG", "TH"])
      _ = try await intake.post("/v1/products", SampleProducts.doubtful(sku: "TEE/1"))
      let submitted = try await intake.post("/v1/products", product).json
      let caseID = try #require(submitted["cases"]?.arrayValue?.first?["id"]?.stringValue.flatMap { CaseID($0) })
      let document = try await decide(caseID, intake)
      let standing = try await intake.get("/v1/products/TEE%2F1").json
      #expect(standing["sku"] == "TEE/1")
      #expect(standing["revision"] == 2)
      #expect(standing["product"]?["sku"] == "TEE/1")
      let cases = try #require(standing["cases"]?.arrayValue)
      #expect(cases.map { $0["state"] } == ["decided", "opened"])
      #expect(cases.map { $0["lane"] } == ["auto", .null])
      #expect(cases.map { $0["code"] } == ["61091000", .null])
      let found = try await intake.get("/v1/cases/\(caseID)").json
      #expect(found["decision"]?["kind"] == "auto-cleared")
      #expect(found["candidates"]?.arrayValue?.first?["code"] == "61091000")
      #expect(found["documents"]?.arrayValue?.first?["id"]?.stringValue == document.id.description)
      let bytes = try await intake.get("/v1/documents/\(document.id)")
      #expect(bytes.status == 200)
      #expect(bytes.body == document.bytes)
      #expect(bytes.headers["content-type"] == "application/pdf")
      #expect(bytes.headers["content-disposition"]?.hasPrefix("attachment; filename=\"record.pdf\"") == true)
      let tag = try #require(bytes.headers["etag"])
      #expect(tag == "\"\(SHA256.hash(document.bytes).hex)\"")
      #expect(try await intake.get("/v1/documents/\(document.id)", ["if-none-match": tag]).status == 304)
      #expect(try await intake.send(.head, "/v1/documents/\(document.id)", key: intake.key).body == [])
    }
  }

  @Test("what an ERP says it holds is kept for write-back")
  func erpCode() async throws {
    try await IntakeService.with { intake in
      let path = "/v1/products/TEE-1/codes/sg"
      #expect(try await intake.put(path, ["code": "6109.10.00"]).json["code"] == "61091000")
      let kept = try await intake.pabean.pool.transaction(as: Installation.tenant) { tx in
        try ERPValues.find([("TEE-1", Market("SG")!)], tx).values.first?.code?.digits
      }
      #expect(kept == "61091000")
      #expect(try await intake.put(path, ["code": nil]).json["code"] == .null)
      #expect(try await intake.put(path, ["code": "shirt"]).status == 422)
      #expect(try await intake.put(path, [:]).status == 422)
      #expect(try await intake.put("/v1/products/TEE-1/codes/DE", ["code": nil]).status == 404)
      #expect(
        try await intake.pabean.count(
          "SELECT count(*) FROM audit_entry WHERE content LIKE '%erp-code.reported%'") == 2)
    }
  }

  @Test("requests are counted by route and status, and nothing of a customer is logged")
  func observed() async throws {
    try await IntakeService.with(settings: ["PABEAN_LOG_LEVEL": "debug"]) { intake in
      _ = try await intake.post("/v1/products", SampleProducts.cotton(sku: "SECRET-SKU"))
      _ = try await intake.post("/v1/products", ["sku": "SECRET-SKU"])
      _ = try await intake.get("/v1/products/SECRET-SKU")
      let metrics = try await intake.get("/metrics").text
      #expect(metrics.contains("pabean_http_requests_total{route=\"POST /v1/products\",status=\"202\"} 1"))
      #expect(metrics.contains("pabean_http_requests_total{route=\"POST /v1/products\",status=\"422\"} 1"))
      #expect(metrics.contains("pabean_http_requests_total{route=\"GET /v1/products/{sku}\",status=\"200\"} 1"))
      let log = intake.worker.log
      #expect(log.contains("request answered"))
      #expect(!log.contains("SECRET-SKU"))
      #expect(!log.contains(intake.key))
    }
  }
}

private func outboxIsEmpty(_ intake: IntakeService) async throws -> Bool {
  try await intake.pabean.count("SELECT count(*) FROM outbox") == 0
}

private func message(in queue: String, _ intake: IntakeService) async throws -> JSONValue {
  let messages = try await intake.pabean.management(
    .post, "/api/queues/\(intake.pabean.vhost)/\(queue)/get",
    ["count": 1, "ackmode": "ack_requeue_true", "encoding": "auto"])
  return try JSONParser.parse(messages?.arrayValue?.first?["payload"]?.stringValue ?? "")
}

/// What the later stages would store.
private func decide(_ id: CaseID, _ intake: IntakeService) async throws -> StoredDocument {
  let now = Instant(microseconds: 1_800_000_000_000_000)
  let code = try #require(HSCode("61091000"))
  let bytes = Array("%PDF-1.7 record".utf8)
  let document = StoredDocument(
    id: DocumentID(UniqueID(high: 1, low: 2)), subject: id.value, kind: "decision-record", name: "record.pdf",
    mediaType: "application/pdf", sha256: SHA256.hash(bytes).bytes, bytes: bytes)
  try await intake.pabean.pool.transaction(as: Installation.tenant) { tx in
    let stored = try #require(try CaseStore.load([id], tx)[id])
    let candidate = Candidate(code: code, title: "T-shirts", confidence: Confidence(0.97))
    let classification = Classification(candidates: [candidate], isTooVague: false, modelVersion: "1")
    try ClassificationStore.insert([(id, version: 1, classification)], at: now, tx)
    let decision = Decision(
      id: DerivedID.decision(id, sequence: 1), caseID: id, sequence: 1, kind: .autoCleared, code: code, reason: nil,
      decidedBy: .system("router"), decidedAt: now)
    try DecisionStore.insert([decision], tx)
    _ = try CaseStore.apply(
      [CaseTransition(stored, to: .decided, lane: .auto, decisionID: decision.id)], at: now, tx)
    try DocumentStore.insert([document], at: now, tx)
  }
  return document
}
