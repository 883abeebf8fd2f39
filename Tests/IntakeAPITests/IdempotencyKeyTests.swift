import HTTP
import JSON
import Testing

@testable import IngestWorker

@Suite("The Idempotency-Key header")
struct IdempotencyKeyTests {
  private func key(_ field: String, route: String = "POST /v1/products", body: String = "{}") throws
    -> IdempotencyKey?
  {
    try IdempotencyKey(["idempotency-key": field], route: route, body: try JSONParser.parse(body).canonicalBytes)
  }

  @Test(
    "a quoted string is the key, without its marks",
    arguments: [
      ("\"a\"", "a"), ("\"8e03978e-40d5\"", "8e03978e-40d5"), (#""say \"hi\" \\""#, #"say "hi" \"#),
    ])
  func quoted(_ field: String, _ text: String) throws {
    #expect(try key(field)?.text == text)
  }

  @Test("no header is no key")
  func absent() throws {
    #expect(try IdempotencyKey([:], route: "", body: []) == nil)
  }

  @Test(
    "anything but one quoted string of 1 to 255 characters is refused",
    arguments: [
      "a", "\"\"", "\"", "\"a", "a\"", "\"a\"b\"", #""\a""#, #""a\""#, "\"é\"", "\"a\", \"b\"",
      "\"" + String(repeating: "x", count: 256) + "\"",
    ])
  func malformed(_ field: String) {
    #expect(throws: Problem.self) { try key(field) }
  }

  @Test("two headers are refused")
  func twice() {
    var headers: HTTPHeaders = ["idempotency-key": "\"a\""]
    headers.append("idempotency-key", "\"a\"")
    #expect(throws: Problem.self) { try IdempotencyKey(headers, route: "", body: []) }
  }

  @Test("the fingerprint knows the route and the facts, not how they were written")
  func fingerprint() throws {
    let first = try key("\"a\"", body: #"{"sku": "1", "title": "x"}"#)?.fingerprint
    #expect(try key("\"b\"", body: #"{"title":"x","sku":"1"}"#)?.fingerprint == first)
    #expect(try key("\"a\"", body: #"{"title":"y","sku":"1"}"#)?.fingerprint != first)
    #expect(try key("\"a\"", route: "POST /v1/shipments", body: #"{"sku": "1", "title": "x"}"#)?.fingerprint != first)
  }
}
