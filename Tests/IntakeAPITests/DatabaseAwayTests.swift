import HTTP
import JSON
import TestSupport
import Testing

@Suite("Intake while the database is away", .timeLimit(.minutes(5)))
struct DatabaseAwayTests {
  @Test(
    "a request is answered 503 with a time to come back, and works again afterwards",
    .database(from: Installation.template))
  func databaseAway() async throws {
    let proxy = try FaultProxy(toPort: try IntakeService.databasePort())
    defer { proxy.stop() }
    try await IntakeService.with(databasePort: proxy.port) { intake in
      #expect(try await intake.post("/v1/products", SampleProducts.cotton(sku: "A")).status == 202)
      proxy.refuseConnections(true)
      proxy.cutNow()
      let refused = try await intake.post("/v1/products", SampleProducts.cotton(sku: "B"), idempotencyKey: "b")
      #expect(refused.status == 503)
      #expect(refused.headers["retry-after"] == "5")
      #expect(refused.headers["content-type"] == "application/problem+json")
      proxy.refuseConnections(false)
      let taken = try await eventually("the database is back") {
        let response = try await intake.post("/v1/products", SampleProducts.cotton(sku: "B"), idempotencyKey: "b")
        return response.status == 503 ? nil : response
      }
      #expect(taken.status == 202)
      #expect(taken.json["revision"] == 1)
    }
  }
}
