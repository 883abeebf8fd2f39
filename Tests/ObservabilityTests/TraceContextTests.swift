import Testing

@testable import Observability

/// The cases of the W3C test harness for traceparent and tracestate, level 1.
@Suite("Trace context")
struct TraceContextTests {
  private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
  private static let span = "00f067aa0ba902b7"
  private static let valid = "00-\(trace)-\(span)-01"

  @Test("survives the trip through headers")
  func roundTrip() throws {
    let context = try #require(TraceContext(traceparent: Self.valid, tracestate: "a=1,b=2"))
    #expect(context.traceparent == Self.valid)
    #expect(context.tracestate == "a=1,b=2")
    #expect(context.isSampled)
  }

  @Test(
    "begins a new trace instead of one that is not valid",
    arguments: [
      "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-", "00-\(trace)-\(span)-1", "00-\(trace)-\(span)-001",
      "00-\(trace)-\(span)-01-", "00-\(trace)-\(span)-01-what", "00-\(trace)-\(span)-01.", "ff-\(trace)-\(span)-01",
      "0-\(trace)-\(span)-01", "000-\(trace)-\(span)-01", "0g-\(trace)-\(span)-01", "00_\(trace)-\(span)-01",
      "00-00000000000000000000000000000000-\(span)-01", "00-\(trace)-0000000000000000-01",
      "00-\(trace.uppercased())-\(span)-01", "00-\(trace)-\(span.uppercased())-01", "00-\(trace)-\(span)-0X",
      "00-\(trace.dropLast())-\(span)-01", "00-\(trace)a-\(span)-01", "00-\(trace)-\(span)a-01", " \(valid)",
      "\(valid) ",
      "01-\(trace)-\(span)-01.", "00-\(trace.dropLast()).-\(span)-01", "00-\(trace)-\(span)-0\u{e9}",
    ])
  func invalid(traceparent: String) {
    #expect(TraceContext(traceparent: traceparent) == nil)
  }

  @Test(
    "reads later versions for what it knows, and answers in its own",
    arguments: [
      "cc-\(trace)-\(span)-01", "cc-\(trace)-\(span)-01-what-the-future-will-be-like", "01-\(trace)-\(span)-ff",
    ])
  func laterVersions(traceparent: String) {
    #expect(TraceContext(traceparent: traceparent)?.traceparent == Self.valid)
  }

  @Test(
    "drops a state that is not valid, and keeps the trace",
    arguments: [
      "foo", "foo=", "=1", "foo=1,foo=2", "foo@=1", "@foo=1", "foo@@bar=1", "FOO=1", "foo =1", "1foo=1", "foo.bar=1",
      "foo=a=b", "foo=1 2\u{7f}", "foo=b,bar=\u{e9}", "foo@bar@baz=1", "\(String(repeating: "z", count: 257))=1",
      "t@\(String(repeating: "v", count: 15))=1", "\(String(repeating: "t", count: 242))@v=1",
      "foo=\(String(repeating: "v", count: 257))", (1...33).map { "k\($0)=1" }.joined(separator: ","),
    ])
  func invalidState(tracestate: String) {
    let context = TraceContext(traceparent: Self.valid, tracestate: tracestate)
    #expect(context?.traceparent == Self.valid)
    #expect(context?.tracestate == nil)
  }

  @Test(
    "passes a valid state on",
    arguments: [
      ("foo=1", "foo=1"), ("foo=1 , \t bar=2 ", "foo=1,bar=2"), ("foo=1,,bar=2", "foo=1,bar=2"), (" ,", nil),
      ("foo@bar=1,1t@v=2", "foo@bar=1,1t@v=2"), ("a-_*/0=! ~", "a-_*/0=! ~"),
      (String(repeating: "z", count: 256) + "=1", String(repeating: "z", count: 256) + "=1"),
      ((1...32).map { "k\($0)=1" }.joined(separator: ","), (1...32).map { "k\($0)=1" }.joined(separator: ",")),
    ] as [(String, String?)])
  func validState(tracestate: String, expected: String?) {
    #expect(TraceContext(traceparent: Self.valid, tracestate: tracestate)?.tracestate == expected)
  }

  /// Counts, so that ids can be foretold.
  private struct CountingGenerator: RandomNumberGenerator {
    var count: UInt64
    mutating func next() -> UInt64 {
      defer { count += 1 }
      return count
    }
  }

  @Test("takes its ids from the source it is given, and never zero")
  func randomSource() {
    var random = CountingGenerator(count: 0)
    let root = TraceContext.root(using: &random)
    #expect(root.traceparent == "00-00000000000000000000000000000001-0000000000000002-01")
    random.count = 0
    #expect(root.child(using: &random).traceparent == "00-00000000000000000000000000000001-0000000000000001-01")
  }

  @Test("gives a child the trace, the sampling and the state of its parent")
  func child() throws {
    let parent = try #require(
      TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-00", tracestate: "a=1"))
    let child = parent.child()
    #expect(child.traceID == parent.traceID && child.spanID != parent.spanID)
    #expect(!child.isSampled && child.state == "a=1")
    #expect(TraceContext.root().traceID != TraceContext.root().traceID)
  }
}
