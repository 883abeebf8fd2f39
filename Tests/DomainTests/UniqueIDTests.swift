import Domain
import Testing

@Suite("Ids")
struct UniqueIDTests {
  @Test("are read as they are written, in small letters or capitals")
  func roundTrip() {
    var random = SeededRandom(5)
    for _ in 0..<2000 {
      let id = UniqueID(high: random.next(), low: random.next())
      #expect(UniqueID(id.description) == id)
      #expect(UniqueID(id.description.uppercased()) == id)
      #expect(id.description.utf8.count == 36)
    }
  }

  @Test("sort as their text does")
  func order() {
    var random = SeededRandom(6)
    for _ in 0..<2000 {
      let (a, b) = (
        UniqueID(high: random.next() % 4, low: random.next()), UniqueID(high: random.next() % 4, low: random.next())
      )
      #expect((a < b) == (a.description < b.description))
    }
  }

  @Test("from a digest are marked as version 8, variant 1, and differ when the digests do")
  func digest() {
    var random = SeededRandom(7)
    var seen: Set<UniqueID> = []
    for _ in 0..<1000 {
      let id = UniqueID(digest: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
      let text = Array(id.description)
      #expect(text[14] == "8")
      #expect("89ab".contains(text[19]))
      #expect(seen.insert(id).inserted)
    }
  }

  @Test(
    "are refused in any other form",
    arguments: [
      "", "0123456789abcdef0123456789abcdef", "01234567-89ab-8def-8123-456789abcde",
      "01234567-89ab-8def-8123-456789abcdeff",
      "01234567-89ab-8def-8123-456789abcdeg", "0123456789ab--8def-8123-456789abcdef",
      "01234567-89ab-8def-8123-456789abcdé",
      "{01234567-89ab-8def-8123-456789abcdef}", "-1234567-89ab-8def-8123-456789abcdef",
    ])
  func refused(text: String) { #expect(UniqueID(text) == nil) }
}
