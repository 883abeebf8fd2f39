import JSON
import Testing

@Suite("JSON")
struct JSONTests {
  @Test("every kind of value survives writing and reading")
  func roundTrip() throws {
    let value: JSONValue = [
      "text": "a \"quoted\" line\nwith \u{1} and ไทย 😀", "whole": -9_223_372_036_854_775_808, "money": .number("12.50"),
      "list": [nil, true, false, []], "nested": ["a": [:]],
    ]
    #expect(try JSONParser.parse(value.bytes) == value)
    #expect(try JSONParser.parse(value.canonicalBytes) == value)
  }

  @Test(
    "what RFC 8259 forbids is refused",
    arguments: [
      "", " ", "[1,]", "{\"a\":1,}", "[01]", "[1.]", "[.5]", "[1e]", "[+1]", "{a:1}", "[\"\u{1}\"]", "[\"\\x\"]",
      "[\"\\ud800\"]", "[\"\\udc00\\ud800\"]", "nul", "[1]]", "{\"a\":1,\"a\":2}", "\"", "[NaN]", "\u{FEFF}[]",
      "{\"a\"}", "[1 2]",
    ])
  func refused(_ text: String) {
    #expect(throws: JSONError.self) { try JSONParser.parse(text) }
  }

  @Test("bytes that are not UTF-8 are refused")
  func notUTF8() {
    #expect(throws: JSONError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
    #expect(throws: JSONError.self) { try JSONParser.parse([0x22, 0xED, 0xA0, 0x80, 0x22]) }
  }

  @Test("a key that stands twice is refused in large objects too")
  func duplicateInLargeObject() {
    let members = (0..<40).map { "\"k\($0)\":1" }.joined(separator: ",")
    #expect(throws: JSONError.self) { try JSONParser.parse("{\(members),\"k35\":2}") }
  }

  @Test("nesting deeper than the limit is refused, and does not exhaust the stack")
  func deep() {
    #expect(throws: JSONError.self) { try JSONParser.parse(String(repeating: "[", count: 100_000)) }
  }

  @Test("numbers keep their digits")
  func numbers() throws {
    #expect(
      try JSONParser.parse("[1.10, 1e5, 12345678901234567890, -0]") == [
        .number("1.10"), .number("1e5"), .number("12345678901234567890"), .number("-0"),
      ])
  }

  @Test("escapes above the basic plane are read")
  func surrogatePair() throws {
    #expect(try JSONParser.parse("\"\\ud83d\\ude00\\u0041\"") == "😀A")
  }

  @Test("the canonical form sorts keys and is the same for any order")
  func canonical() throws {
    let left = try JSONParser.parse("{\"b\":1,\"a\":{\"d\":1,\"c\":2}}")
    let right = try JSONParser.parse("{\"a\":{\"c\":2,\"d\":1},\"b\":1}")
    #expect(left == right)
    #expect(left.canonicalBytes == right.canonicalBytes)
    #expect(String(decoding: left.canonicalBytes, as: UTF8.self) == "{\"a\":{\"c\":2,\"d\":1},\"b\":1}")
  }

  @Test("an error names the place by JSON Pointer")
  func pointers() throws {
    let document = JSONCursor(try JSONParser.parse("{\"lines\":[{\"sku\":7,\"a/b\":null}]}"))
    let line = try document.elements("lines")[0]
    #expect(throws: JSONError(at: .pointer("/lines/0/sku"), "must be text")) { try line.string("sku") }
    #expect(throws: JSONError(at: .pointer("/lines/0/a~1b"), "is missing")) { try line.required("a/b") }
  }
}
