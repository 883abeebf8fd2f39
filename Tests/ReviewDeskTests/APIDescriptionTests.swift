import Domain
import FoundationEssentials
import HTTP
import JSON
import ReviewDeskEngine
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("The API keeps its description", .enabled(if: Judge.hasPython, "run infra/scripts/python-env.sh"))
  struct APIDescription {
    @Test func `openapi.json is a description of OpenAPI 3.1`() async throws {
      let verdict = try await Judge.run("openapi-spec-validator", ["Services/ReviewDesk/openapi.json"])
      #expect(verdict.succeeded, "\(verdict)")
    }

    /// The server answers it before any route is looked at.
    @Test(arguments: ["ReviewDesk", "Ingest"])
    func `every operation says that a malformed request target is refused`(service: String) throws {
      let text = try String(
        contentsOfFile: "\(Repository.root)/Services/\(service)/openapi.json", encoding: .utf8)
      for path in try JSONParser.parse(text)["paths"]?.objectValue?.members ?? [] {
        for operation in path.value.objectValue?.members ?? [] where operation.value["responses"] != nil {
          #expect(operation.value["responses"]?["400"] != nil, "\(operation.key) \(path.key)")
        }
      }
    }

    @Test func `whatever a fuzzer sends is answered as described`() async throws {
      try await Desk.with([Waiting.shirt("F-1")]) { desk in
        let key = try await desk.key("lim", ["broker"])
        #expect(try await desk.get("/openapi.json").response.body == OpenAPI.bytes)
        // Once with ids that nobody has, once with a case that waits.
        for id in [nil, try await desk.caseID("F-1")] {
          let file = "\(desk.pabean.folder)/schemathesis.toml"
          let settings = "[parameters]\n" + (id.map { "\"path.id\" = \"\($0)\"\n" } ?? "")
          _ = try await Subprocess.run("tee", [file], stdin: Array(settings.utf8))
          let verdict = try await Subprocess.run(
            "env",
            [
              "--chdir", desk.pabean.folder, try Judge.path(of: "schemathesis"),
              "--config-file", file, "run", "\(desk.address)/openapi.json", "--header", "Authorization: Bearer \(key)",
              "--max-examples", "12", "--seed", "7", "--generation-deterministic", "--phases",
              "examples,coverage,fuzzing", "--checks", "all",
              "--exclude-path", "/v1/review/events", "--exclude-checks",
              "positive_data_acceptance,use_after_free,ensure_resource_availability", "--no-color",
            ], deadline: .seconds(200))
          #expect(verdict.succeeded, "\(verdict.description.suffix(6000))")
        }
      }
    }
  }
}
