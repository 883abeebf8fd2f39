import Contracts
import Domain
import HTTP
import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite("Who may do what over HTTP", .timeLimit(.minutes(5)), .database(from: Installation.template))
struct AccessTests {
  @Test("without a key that is known nothing is answered")
  func authentication() async throws {
    try await IntakeService.with { intake in
      let unknown = "pbn_" + String(repeating: "x", count: 43)
      for path in ["/v1/products/A", "/v1/cases/x", "/v1/submissions/refused"] {
        let bare = try await intake.send(.get, path, key: nil)
        #expect(bare.status == 401)
        #expect(bare.headers["www-authenticate"] == "Bearer realm=\"pabean\"")
        #expect(bare.headers["content-type"] == "application/problem+json")
        for key in ["nonsense", "pbn_short", unknown] {
          let refused = try await intake.send(.get, path, key: key)
          #expect(refused.status == 401)
          #expect(refused.headers["www-authenticate"]?.contains("invalid_token") == true)
        }
      }
      let basic = try await intake.send(.get, "/v1/cases/x", key: nil, ["authorization": "Basic eDp5"])
      #expect(basic.status == 401)
      #expect(try await intake.send(.get, "/openapi.json", key: nil).status == 200)
      #expect(try await intake.send(.get, "/healthz", key: nil).status == 200)
    }
  }

  @Test("a key of the other environment is refused")
  func environment() async throws {
    try await IntakeService.with { intake in
      let sandbox = try await intake.createKey(environment: "sandbox")
      let response = try await intake.get("/v1/products/A", as: sandbox)
      #expect(response.status == 403)
      #expect(response.json["detail"]?.stringValue?.contains("environment") == true)
    }
  }

  @Test("any role may read, and only intake may submit")
  func roles() async throws {
    try await IntakeService.with { intake in
      let reader = try await intake.createKey(roles: ["broker"])
      #expect(try await intake.get("/v1/submissions/refused", as: reader).status == 200)
      #expect(try await intake.post("/v1/products", SampleProducts.cotton(sku: "A"), as: reader).status == 403)
      #expect(try await intake.post("/v1/shipments", [:], as: reader).status == 403)
      #expect(try await intake.put("/v1/products/A/codes/SG", ["code": nil], as: reader).status == 403)
      #expect(try await intake.pabean.count("SELECT count(*) FROM product") == 0)
    }
  }

  @Test("another tenant's things are not there")
  func otherTenant() async throws {
    try await IntakeService.with { intake in
      let other = try await intake.createKey(for: Installation.otherTenant)
      let product = try await intake.post("/v1/products", SampleProducts.cotton(sku: "A")).json
      _ = try await intake.post("/v1/products", ["sku": "B"])
      let shipment = SampleProducts.shipment("SO-1", lines: [("A", 1)])
      _ = try await intake.post("/v1/shipments", shipment)
      let id = try #require(product["cases"]?.arrayValue?.first?["id"]?.stringValue)
      let document = DocumentID(UniqueID(high: 7, low: 7))
      try await intake.pabean.pool.transaction(as: Installation.tenant) { tx in
        let stored = StoredDocument(
          id: document, subject: UniqueID(high: 1, low: 1), kind: "decision-record", name: "a.pdf",
          mediaType: "application/pdf", sha256: [UInt8](repeating: 1, count: 32), bytes: [1])
        try DocumentStore.insert([stored], at: Instant(microseconds: 0), tx)
      }
      for path in ["/v1/products/A", "/v1/cases/\(id)", "/v1/shipments/SO-1", "/v1/documents/\(document)"] {
        #expect(try await intake.get(path).status == 200, "\(path)")
        #expect(try await intake.get(path, as: other).status == 404, "\(path)")
      }
      #expect(try await intake.get("/v1/submissions/refused", as: other).json["refused"] == [])
      // The same names are another tenant's own things.
      let own = try await intake.post("/v1/products", SampleProducts.cotton(sku: "A"), as: other)
      #expect(own.json["revision"] == 1)
      #expect(own.json["cases"]?.arrayValue?.first?["id"]?.stringValue != id)
    }
  }

  @Test("ids that are none are not found either")
  func oddIDs() async throws {
    try await IntakeService.with { intake in
      for path in [
        "/v1/cases/1", "/v1/documents/x", "/v1/products/none", "/v1/shipments/none", "/v1/nothing",
        "/v1/cases/00000000-0000-8000-8000-000000000000",
      ] {
        let response = try await intake.get(path)
        #expect(response.status == 404)
        #expect(response.headers["content-type"] == "application/problem+json")
      }
      #expect(try await intake.send(.delete, "/v1/products/A", key: intake.key).status == 405)
    }
  }

  @Test("a tenant that asks too often is told when to come back, and delays no other")
  func rateLimit() async throws {
    try await IntakeService.with(settings: ["PABEAN_RATE_LIMIT": "5"]) { intake in
      let other = try await intake.createKey(for: Installation.otherTenant)
      for left in (0..<5).reversed() {
        let response = try await intake.get("/v1/products/A")
        #expect(response.status == 404)
        #expect(response.headers["ratelimit"]?.hasPrefix("\"tenant\";r=\(left);t=") == true)
        #expect(response.headers["ratelimit-policy"] == "\"tenant\";q=5;w=60")
      }
      let refused = try await intake.get("/v1/products/A")
      #expect(refused.status == 429)
      let seconds = try #require(refused.headers["retry-after"].flatMap { Int($0) })
      #expect((1...12).contains(seconds))
      #expect(refused.headers["ratelimit"]?.contains("r=0") == true)
      #expect(try await intake.get("/v1/products/A", as: other).status == 404)
    }
  }

  @Test("batches and tables cost one request for each hundred products")
  func batchCost() async throws {
    try await IntakeService.with(settings: ["PABEAN_RATE_LIMIT": "5"]) { intake in
      let products = JSONValue.array((0..<300).map { SampleProducts.cotton(sku: "S-\($0)") })
      let batch = try await intake.post("/v1/products:batch", ["products": products])
      #expect(batch.headers["ratelimit"]?.contains("r=2") == true)
      let rows = String(repeating: "A\n", count: 400)
      #expect(try await intake.postTable("sku\n\(rows)").status == 429)
    }
  }
}
