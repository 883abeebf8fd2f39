import Domain
import Testing

@Suite("Moments and days")
struct TimeTests {
  @Test("a moment is read as it is written, to the microsecond, before and after 1970")
  func instantRoundTrip() {
    var random = SeededRandom(3)
    for _ in 0..<5000 {
      let instant = Instant(
        microseconds: Int64.random(in: -62_000_000_000_000_000...253_000_000_000_000_000, using: &random))
      #expect(Instant(instant.description) == instant)
    }
  }

  @Test("written moments sort like the moments")
  func instantOrder() {
    var random = SeededRandom(4)
    for _ in 0..<2000 {
      let a = Instant(microseconds: Int64.random(in: 0...253_000_000_000_000_000, using: &random))
      let b = Instant(microseconds: Int64.random(in: 0...253_000_000_000_000_000, using: &random))
      #expect((a < b) == (a.description < b.description))
    }
  }

  @Test(
    "offsets are taken into account",
    arguments: [
      ("2026-01-31T08:00:00Z", "2026-01-31T08:00:00.000000Z"),
      ("2026-01-31T08:00:00+08:00", "2026-01-31T00:00:00.000000Z"),
      ("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00.000000Z"),
      ("2026-01-31t08:00:00.5z", "2026-01-31T08:00:00.500000Z"),
      ("2026-01-31T08:00:00.123456789-05:30", "2026-01-31T13:30:00.123456Z"),
    ])
  func offsets(text: String, expected: String) { #expect(Instant(text)?.description == expected) }

  @Test(
    "what is no moment is refused",
    arguments: [
      "", "2026-01-31", "2026-01-31T08:00:00", "2026-02-30T08:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T08:60:00Z",
      "2026-01-31T08:00:60Z", "2026-01-31T08:00:00.Z", "2026-01-31T08:00:00+0800", "2026-01-31T08:00:00+24:00",
      "2026-01-31 08:00:00Z", "2026-01-31T08:00:00.1234567890Z", "20260131T080000Z", "2026-01-31T08:00:00Zx",
      "2026-01-31T08:00:00.",
    ])
  func refusedInstants(text: String) { #expect(Instant(text) == nil) }

  @Test("durations move a moment exactly")
  func adding() {
    let start = Instant(microseconds: 1_700_000_000_000_001)
    #expect(start.adding(.microseconds(-1)).microseconds == 1_700_000_000_000_000)
    #expect(start.adding(.seconds(5)).timeIntervalMilliseconds(since: start) == 5000)
  }

  @Test("every day of four centuries follows the one before")
  func days() throws {
    let first = try #require(CalendarDate("1900-01-01"))
    let last = try #require(CalendarDate("2300-01-01"))
    var previous = first.civil
    for number in (first.daysSinceEpoch + 1)...last.daysSinceEpoch {
      let date = CalendarDate(daysSinceEpoch: number)
      let civil = date.civil
      let follows =
        (civil.year, civil.month, civil.day) == (previous.year, previous.month, previous.day + 1)
        || (civil.day == 1
          && (civil.month == previous.month + 1 && civil.year == previous.year
            || civil.month == 1 && previous.month == 12 && civil.year == previous.year + 1))
      guard follows, CalendarDate(year: civil.year, month: civil.month, day: civil.day) == date else {
        Issue.record("\(date) does not follow \(previous)")
        return
      }
      previous = civil
    }
    #expect(CalendarDate("1970-01-01")?.daysSinceEpoch == 0)
  }

  @Test(
    "what is no day is refused",
    arguments: [
      "2026-02-29", "2100-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-04-31", "26-01-01", "2026-1-1",
      "0000-01-01", "2026/01/01", "2026-01-01 ", "",
    ])
  func refusedDays(text: String) { #expect(CalendarDate(text) == nil) }

  @Test("leap days are days", arguments: ["2024-02-29", "2000-02-29"])
  func leapDays(text: String) { #expect(CalendarDate(text)?.description == text) }
}
