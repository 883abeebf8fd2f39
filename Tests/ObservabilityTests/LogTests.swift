import Glibc
import JSON
import Synchronization
import Testing

@testable import Observability

@Suite("The log")
struct LogTests {
  /// Lines in memory.
  private final class Lines: Sendable {
    private let lines = Mutex<[[UInt8]]>([])
    var sink: LogSink { LogSink { line in self.lines.withLock { $0.append(line) } } }
    var all: [String] { lines.withLock { $0.map { String(decoding: $0, as: UTF8.self) } } }
  }

  private let lines = Lines()

  private func log(_ level: LogLevel = .debug, _ format: LogFormat = .json) -> Log {
    Log(service: "classifier", level: level, format: format, sink: lines.sink) { 1_795_147_200_123_456 }
  }

  private let trace = TraceContext(
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")!

  @Test("writes one JSON object a line, with its own fields first")
  func json() {
    log().with(["case_id": "c-1"]).with(trace: trace).notice(
      "Case classified", ["candidates": 3, "confidence": 0.5, "auto": true, "markets": ["TH", "VN"]])
    #expect(
      lines.all == [
        #"{"ts":"2026-11-20T04:00:00.123456Z","level":"notice","service":"classifier","msg":"Case classified","#
          + #""trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","auto":true,"candidates":3,"#
          + #""case_id":"c-1","confidence":0.5,"markets":["TH","VN"]}"# + "\n"
      ])
  }

  @Test("writes for people at a terminal")
  func text() {
    log(.debug, .text).warning("Broker is slow", ["delay_seconds": .seconds(.milliseconds(1500))])
    #expect(lines.all == ["04:00:00.123 WARNING  classifier: Broker is slow delay_seconds=1.5\n"])
  }

  @Test("leaves out what is below its level", arguments: LogLevel.allCases)
  func levels(level: LogLevel) {
    let log = log(level)
    for other in LogLevel.allCases { log.log(other, "x") }
    #expect(lines.all.count == LogLevel.allCases.count { $0 >= level })
  }

  @Test("does not compute metadata that is not written")
  func laziness() {
    func fail() -> LogValue {
      Issue.record("computed")
      return ""
    }
    log(.error).debug("x", ["value": fail()])
  }

  @Test("does not print what is sensitive")
  func redaction() {
    log().info("Product read", ["title": .sensitive("secret sauce")])
    #expect(lines.all.first?.contains("secret") == false)
    #expect(lines.all.first?.contains(#""title":"[12 bytes redacted]""#) == true)
  }

  @Test("keeps a line a line, whatever is in it")
  func injection() throws {
    log().info("x", ["a": "1\n{\"level\":\"error\"}\r\u{0}", "level": "fake", "msg": "fake"])
    let line = try #require(lines.all.first)
    #expect(line.utf8.count { $0 == 0x0a } == 1)
    let parsed = try JSONParser.parse(String(line.dropLast()))
    #expect(parsed["level"]?.stringValue == "info")
    #expect(parsed["msg"]?.stringValue == "x")
    #expect(parsed["level_"]?.stringValue == "fake")
    #expect(parsed["a"]?.stringValue == "1\n{\"level\":\"error\"}\r\u{0}")
  }

  @Test("cuts long values and writes numbers that JSON does not have as text")
  func awkwardValues() throws {
    log().info("x", ["long": .string(String(repeating: "é", count: 5000)), "nan": .double(.nan)])
    let line = try #require(lines.all.first)
    #expect(line.utf8.count < 2500)
    let parsed = try JSONParser.parse(String(line.dropLast()))
    #expect(parsed["nan"]?.stringValue == "nan")
  }

  @Test("carries the context of the running task")
  func taskContext() async {
    await TraceContext.$current.withValue(trace) {
      await Task { log().info("x") }.value
    }
    #expect(lines.all.first?.contains("4bf92f3577b34da6a3ce929d0e0e4736") == true)
  }

  @Test("does one write for each line")
  func fileDescriptor() {
    var ends: [Int32] = [0, 0]
    // A datagram socket keeps each write apart.
    socketpair(AF_UNIX, 2, 0, &ends)
    defer { for end in ends { close(end) } }
    let log = Log(service: "a", level: .info, format: .json, sink: .fileDescriptor(ends[0]))
    log.info("first")
    log.info("second", ["padding": .string(String(repeating: "a", count: 2000))])
    var buffer = [UInt8](repeating: 0, count: 65_536)
    for message in ["first", "second"] {
      let count = read(ends[1], &buffer, buffer.count)
      let line = String(decoding: buffer[..<max(0, count)], as: UTF8.self)
      #expect(line.contains("\"msg\":\"\(message)\"") && line.hasSuffix("}\n"))
    }
  }

  @Test(
    "writes times as RFC 3339",
    arguments: [
      (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
      (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"), (4_107_542_399_999_999, "2100-02-28T23:59:59.999999Z"),
      (1_709_164_800_000_001, "2024-02-29T00:00:00.000001Z"), (253_402_300_799_000_000, "9999-12-31T23:59:59.000000Z"),
    ] as [(Int64, String)])
  func timestamps(microseconds: Int64, text: String) {
    #expect(Timestamp.text(microsecondsSince1970: microseconds) == text)
  }
}
