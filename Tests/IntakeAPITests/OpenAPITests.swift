import HTTP
import JSON
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
      _ = try await intake.post("/v1/products", SampleProducts.cotton(sku: "TEE-1"))
      _ = try await intake.post("/v1/shipments", SampleProducts.shipment("SO-1001", lines: [("TEE-1", 1)]))
      let checks = [
        "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
        "response_schema_conformance",
      ]
      let program = try Judge.path(of: "schemathesis")
      let result = try await Subprocess.run(
        "env",
        [
          "--chdir", intake.pabean.folder, program, "run", "http://127.0.0.1:\(intake.port)/openapi.json",
          "--header", "Authorization: Bearer \(intake.key)", "--checks", checks.joined(separator: ","),
          "--phases", "examples,coverage,fuzzing", "--max-examples", "20", "--max-time", "60", "--seed", "20260131",
          "--continue-on-failure", "--suppress-health-check", "all", "--no-color",
        ], deadline: .seconds(240))
      #expect(result.succeeded, "\(result)")
      print(result.stdout.suffix(1500))
      #expect(intake.worker.hasEnded == false)
    }
  }
}
