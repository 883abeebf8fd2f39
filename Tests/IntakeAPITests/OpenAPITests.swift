import Domain
import FoundationEssentials
import HTTP
import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite("The OpenAPI document", .timeLimit(.minutes(5)))
struct OpenAPITests {
  private static let path = "\(Repository.root)/Services/Ingest/openapi.json"

  @Test("is valid OpenAPI 3.1 in the judgement of openapi-spec-validator", .enabled(if: Judge.hasPython))
  func isValid() async throws {
    let result = try await Judge.run("openapi-spec-validator", ["--schema", "3.1", OpenAPITests.path])
    #expect(result.succeeded, "\(result)")
  }

  @Test("has examples that keep their own schemas", .enabled(if: Judge.hasPython))
  func examplesKeepTheirSchemas() async throws {
    let check = """
      import json, sys, jsonschema
      document = json.load(open(sys.argv[1]))
      count = 0
      def walk(node):
          global count
          if isinstance(node, dict):
              if "schema" in node and "example" in node:
                  schema = dict(node["schema"], components=document["components"])
                  jsonschema.Draft202012Validator(schema).validate(node["example"])
                  count += 1
              for child in node.values(): walk(child)
          elif isinstance(node, list):
              for child in node: walk(child)
      walk(document)
      print(count)
      """
    let result = try await Judge.run("python", ["-c", check, OpenAPITests.path])
    #expect(result.succeeded, "\(result)")
    #expect((Int(result.stdout.split(separator: "\n").first ?? "") ?? 0) > 25)
  }

  @Test("is served as it is checked in", .database(from: Installation.template))
  func isServed() async throws {
    try await IntakeService.with { intake in
      let served = try await intake.send(.get, "/openapi.json", key: nil)
      let text = try await Subprocess.run("cat", [OpenAPITests.path]).stdout
      #expect(served.text == text)
      #expect(served.headers["content-type"] == "application/json")
    }
  }

  @Test(
    "is kept by the running worker, in the judgement of schemathesis", .enabled(if: Judge.hasPython),
    .database(from: Installation.template))
  func isKept() async throws {
    try await IntakeService.with(settings: ["PABEAN_RATE_LIMIT": "1000000"]) { intake in
      let document = try await documentWithRealExamples(intake)
      let checks = [
        "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
        "response_schema_conformance",
      ]
      let program = try Judge.path(of: "schemathesis")
      let result = try await Subprocess.run(
        "env",
        [
          "--chdir", intake.pabean.folder, program, "run", document, "--url", "http://127.0.0.1:\(intake.port)",
          "--header", "Authorization: Bearer \(intake.key)", "--checks", checks.joined(separator: ","),
          "--phases", "examples,coverage,fuzzing", "--max-examples", "20", "--max-time", "60", "--seed", "20260131",
          "--continue-on-failure", "--suppress-health-check", "all", "--no-color",
        ], deadline: .seconds(240))
      #expect(result.succeeded, "\(result)")
      let counted = try await intake.get("/metrics").text
      for route in ["GET /v1/cases/{id}", "GET /v1/documents/{id}", "GET /v1/shipments/{reference}"] {
        #expect(counted.contains("{route=\"\(route)\",status=\"200\"}"), "\(route)")
      }
      #expect(intake.worker.hasEnded == false)
    }
  }

  /// The document with ids that exist in its examples, so that more is answered than 404.
  private func documentWithRealExamples(_ intake: IntakeService) async throws -> String {
    let product = try await intake.post("/v1/products", SampleProducts.cotton(sku: "TEE-1")).json
    _ = try await intake.post("/v1/shipments", SampleProducts.shipment("SO-1001", lines: [("TEE-1", 1)]))
    let caseID = try #require(product["cases"]?.arrayValue?.first?["id"]?.stringValue.flatMap { CaseID($0) })
    let document = StoredDocument(
      id: DocumentID(UniqueID(high: 1, low: 1)), subject: caseID.value, kind: "decision-record", name: "a.pdf",
      mediaType: "application/pdf", sha256: [UInt8](repeating: 1, count: 32), bytes: [1])
    try await intake.pabean.pool.transaction(as: Installation.tenant) { tx in
      try DocumentStore.insert([document], at: Instant(microseconds: 0), tx)
    }
    let path = "\(intake.pabean.folder)/openapi.json"
    let text = try await intake.get("/openapi.json").text
      .replacing(OpenAPITests.caseExample, with: caseID.description)
      .replacing(OpenAPITests.documentExample, with: document.id.description)
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  private static let caseExample = "0b8f5c4e-9a0d-8f53-b1c2-6a7d8e9f0a1b"
  private static let documentExample = "5f0c7a1e-4b7d-8c31-9a52-0d6e8f3b2a11"
}
