import Contracts
import Domain
import FoundationEssentials
import JSON
import TestSupport
import Testing

@Suite("Events on the wire", .timeLimit(.minutes(1)))
struct CloudEventTests {
  static let folder = "\(Repository.root)/Tests/ContractsTests/Golden"

  private static func file(_ type: EventType) -> String { "\(folder)/\(type.rawValue).json" }

  @Test("are the bytes that they always were, and are read back whole", arguments: GoldenEvents.all)
  func golden(event: CloudEvent) throws {
    // To record the event of a new type: PABEAN_RECORD_GOLDEN=1. What is recorded is never recorded again.
    if ProcessInfo.processInfo.environment["PABEAN_RECORD_GOLDEN"] != nil,
      !FileManager.default.fileExists(atPath: Self.file(event.type))
    {
      try Data(event.json.bytes + [0x0A]).write(to: URL(filePath: Self.file(event.type)))
    }
    let bytes = Array(try Data(contentsOf: URL(filePath: Self.file(event.type))))
    #expect(event.json.bytes + [0x0A] == bytes)
    #expect(try CloudEvent(json: JSONCursor(JSONParser.parse(bytes.dropLast(1)))) == event)
  }

  @Test("have one file for each type and no other")
  func complete() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
    #expect(Set(names) == Set(EventType.allCases.map { "\($0.rawValue).json" }))
  }

  private static let schema = ProcessInfo.processInfo.environment["PABEAN_SHARED_DATA"].map {
    "\($0)/vectors/cloudevents/cloudevents.json"
  }

  @Test(
    "keep the schema of CloudEvents 1.0.2",
    .enabled(
      if: Judge.hasPython && schema.map { FileManager.default.fileExists(atPath: $0) } == true, "needs the schema"))
  func valid() async throws {
    let files = EventType.allCases.map(Self.file)
    let verdict = try await Judge.run(
      "check-jsonschema", ["--schemafile", try #require(Self.schema)] + files)
    #expect(verdict.succeeded, "\(verdict)")
  }

  @Test("are read by the SDK of CloudEvents", .enabled(if: Judge.hasPython, "run infra/scripts/python-env.sh"))
  func sdk() async throws {
    let program = """
      import json, sys
      from cloudevents.core.formats.json import JSONFormat
      from cloudevents.core.v1.event import CloudEvent
      for path in sys.argv[1:]:
          event = JSONFormat().read(CloudEvent, open(path, "rb").read())
          attributes = event.get_attributes()
          assert attributes["specversion"] == "1.0" and attributes["tenant"] == "acme", attributes
          print(attributes["type"], event.get_data() is not None)
      """
    let verdict = try await Judge.run("python", ["-c", program] + EventType.allCases.map(Self.file))
    #expect(verdict.succeeded, "\(verdict)")
    #expect(verdict.stdout == EventType.allCases.map { "\($0.rawValue) True\n" }.joined())
  }

  @Test(
    "are refused when a part is missing or of another kind",
    arguments: ["specversion", "id", "source", "type", "time", "tenant", "data"])
  func incomplete(member: String) throws {
    for event in GoldenEvents.all {
      guard case .object(var object) = event.json else { return }
      object[member] = JSONValue?.none
      #expect(throws: JSONError.self) { try CloudEvent(json: JSONCursor(.object(object))) }
      object[member] = 7
      if member != "data" { #expect(throws: JSONError.self) { try CloudEvent(json: JSONCursor(.object(object))) } }
    }
  }
}
