import Testing

@testable import Configuration

@Suite("Setting types")
struct SettingTypeTests {
  @Test(
    "take durations with units",
    arguments: [
      ("0s", Duration.zero), ("250ms", .milliseconds(250)), ("5s", .seconds(5)), ("2m", .seconds(120)),
      ("1h", .seconds(3600)), ("7d", .seconds(604_800)), ("10us", .microseconds(10)),
    ])
  func durations(text: String, duration: Duration) {
    #expect(DurationText.parse(text) == duration)
    #expect(DurationText.show(duration) == text)
  }

  @Test(
    "refuse other durations",
    arguments: ["", "5", "s", "-5s", "5 s", "1.5s", "5S", "99999999999999999999s", "9999999999999d", "٣s"])
  func badDurations(text: String) {
    #expect(DurationText.parse(text) == nil)
  }

  @Test("take endpoints", arguments: ["localhost:5672", "10.0.0.1:1", "[::1]:65535"])
  func endpoints(text: String) {
    #expect(Endpoint(text)?.description == text)
  }

  @Test(
    "refuse other endpoints",
    arguments: ["", "localhost", ":5", "localhost:", "a:0", "a:65536", "a:+5", "::1:5", "[a]:5", "a b:5", "u@h:5"])
  func badEndpoints(text: String) {
    #expect(Endpoint(text) == nil)
  }

  @Test(
    "hide what a URL may carry in secret",
    arguments: [
      ("https://h/p", "https://h/p"), ("https://u:p@h:1/p", "https://u:[redacted]@h:1/p"),
      ("https://h?token=1", "https://h?[redacted]"), ("postgresql://u@h/db", "postgresql://u:[redacted]@h/db"),
    ])
  func urls(text: String, shown: String) {
    #expect(URLText(text)?.description == shown)
  }

  @Test(
    "refuse other URLs",
    arguments: ["", "h", "https:/h", "https://", "https:///p", "https://:80", "1s://h", "https://a b", "https://h\\x"])
  func badURLs(text: String) {
    #expect(URLText(text) == nil)
  }

  @Test("take numbers in their range only", arguments: [("1", 1), ("10", 10), ("0", nil), ("11", nil), ("+5", nil)])
  func integers(text: String, value: Int?) {
    #expect(SettingType.int(in: 1...10).parse(text) == value)
  }

  @Test("take lists, with every element checked")
  func lists() {
    let type = SettingType.list(of: .int(in: 1...9))
    #expect(type.parse("") == [])
    #expect(type.parse("1, 2,3") == [1, 2, 3])
    #expect(type.parse("1,,3") == nil)
    #expect(type.parse("1,10") == nil)
  }
}
