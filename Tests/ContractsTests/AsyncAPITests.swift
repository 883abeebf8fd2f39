import Contracts
import Domain
import FoundationEssentials
import JSON
import TestSupport
import Testing

@Suite("The description of the messages in AsyncAPI", .timeLimit(.minutes(1)))
struct AsyncAPITests {
  private static let path = "\(Repository.root)/Shared/Contracts/asyncapi.json"
  private static let schema = ProcessInfo.processInfo.environment["PABEAN_SHARED_DATA"].map {
    "\($0)/vectors/asyncapi/3.0.0-without-$id.json"
  }
  private static let hasSchema = schema.map { FileManager.default.fileExists(atPath: $0) } == true

  private static func document() throws -> JSONValue {
    try JSONParser.parse(Array(try Data(contentsOf: URL(filePath: path))))
  }

  @Test("keeps AsyncAPI 3.0", .enabled(if: Judge.hasPython && hasSchema, "needs the schema of AsyncAPI"))
  func valid() async throws {
    let verdict = try await Judge.run("check-jsonschema", ["--schemafile", try #require(Self.schema), Self.path])
    #expect(verdict.succeeded, "\(verdict)")
  }

  @Test("has a message for each type of event, each in a channel, and no other")
  func messages() throws {
    let document = try Self.document()
    let messages = try #require(document["components"]?["messages"]?.objectValue).members
    #expect(Set(messages.compactMap { $0.value["name"]?.stringValue }) == Set(EventType.allCases.map(\.rawValue)))
    #expect(messages.count == EventType.allCases.count)
    let channels = try #require(document["channels"]?.objectValue).members
    let carried = channels.flatMap { $0.value["messages"]?.objectValue?.keys ?? [] }
    #expect(Set(carried) == Set(messages.map(\.key)))
    let operated = try #require(document["operations"]?.objectValue).members.compactMap {
      $0.value["channel"]?["$ref"]?.stringValue
    }
    #expect(Set(operated) == Set(channels.map { "#/channels/\($0.key)" }))
  }

  @Test("gives every channel the exchange and routing key that the broker has")
  func channels() throws {
    let market = try #require(Market("SG"))
    let tenant = try #require(TenantID("acme"))
    var expected = Stage.allCases.filter(\.isPerMarket).map { ["jobs", Topology.job($0, market).text] }
    expected += SubmissionKind.allCases.map { ["submissions", Topology.submission($0, of: tenant).text] }
    expected += [EventType.caseOutcome, .shipmentOutcome].map {
      [Topology.outcomesExchange(tenant).text, $0.rawValue]
    }
    expected += [[Topology.reviewsExchange(tenant).text, Topology.review(market).text]]
    let channels = try #require(try Self.document()["channels"]?.objectValue).members
    let found = channels.map { channel in
      [
        channel.value["bindings"]?["amqp"]?["exchange"]?["name"]?.stringValue ?? "",
        (channel.value["address"]?.stringValue ?? "").replacing("{market}", with: "sg")
          .replacing("{tenant}", with: "acme"),
      ]
    }
    #expect(Set(found) == Set(expected))
  }

  @Test("names everything that can happen to a case that waits")
  func happenings() throws {
    let schema = try Self.document()["components"]?["schemas"]?["reviewNews"]
    #expect(schema?["properties"]?["what"]?["enum"] == .strings(ReviewHappening.allCases.map(\.rawValue)))
    #expect(schema?["properties"]?["state"]?["enum"] == .strings(CaseState.allCases.map(\.rawValue)))
  }

  @Test(
    "describes the events as they are", .enabled(if: Judge.hasPython, "run infra/scripts/python-env.sh"))
  func payloads() async throws {
    let program = """
      import json, sys, jsonschema
      document = json.load(open(sys.argv[1]))
      for message in document["components"]["messages"].values():
          schema = dict(message["payload"], components=document["components"])
          event = json.load(open(f"{sys.argv[2]}/{message['name']}.json"))
          jsonschema.Draft202012Validator(schema).validate(event)
          event["data"] = []
          assert not jsonschema.Draft202012Validator(schema).is_valid(event), message["name"]
      """
    let verdict = try await Judge.run("python", ["-c", program, Self.path, CloudEventTests.folder])
    #expect(verdict.succeeded, "\(verdict)")
  }
}
