import Testing

@testable import AMQP

@Suite("Publisher confirms")
struct PublisherConfirmsTests {
  private func resolve(
    _ confirms: inout PublisherConfirms<Int>, _ tag: UInt64, multiple: Bool = false, refused: Bool = false
  ) -> [Int: PublishOutcome] {
    var resolutions: [PublisherConfirms<Int>.Resolution] = []
    confirms.confirmed(tag: tag, multiple: multiple, refused: refused, into: &resolutions)
    return Dictionary(uniqueKeysWithValues: resolutions.map { ($0.token, $0.outcome) })
  }

  @Test("a multiple ack resolves everything up to its tag, once")
  func multiple() {
    var confirms = PublisherConfirms<Int>(window: 8)
    for token in 1...5 { confirms.sent(token, bytes: 10) }
    #expect(resolve(&confirms, 2) == [2: .confirmed])
    #expect(resolve(&confirms, 4, multiple: true) == [1: .confirmed, 3: .confirmed, 4: .confirmed])
    #expect(resolve(&confirms, 4, multiple: true) == [:])
    #expect(confirms.count == 1)
    #expect(confirms.bytes == 10)
    #expect(resolve(&confirms, 0, multiple: true, refused: true) == [5: .refused])
    #expect(confirms.isEmpty)
  }

  @Test("a tag that was never sent, or is confirmed again, resolves nothing")
  func unknownTags() {
    var confirms = PublisherConfirms<Int>(window: 4)
    #expect(resolve(&confirms, 1) == [:])
    #expect(resolve(&confirms, 0, multiple: true) == [:])
    confirms.sent(7, bytes: 1)
    #expect(resolve(&confirms, 2, multiple: true) == [:])
    #expect(resolve(&confirms, 1) == [7: .confirmed])
    #expect(resolve(&confirms, 1) == [:])
  }

  @Test("a return belongs to the first match that has none yet")
  func returns() {
    var confirms = PublisherConfirms<Int>(window: 4)
    for token in [5, 6, 6, 7] { confirms.sent(token, bytes: 1) }
    #expect(confirms.returned(code: 312, text: "NO_ROUTE") { $0 == 6 })
    #expect(confirms.returned(code: 312, text: "NO_ROUTE") { $0 == 6 })
    #expect(!confirms.returned(code: 312, text: "NO_ROUTE") { $0 == 6 })
    #expect(!confirms.returned(code: 312, text: "NO_ROUTE") { $0 == 5 })
    var resolutions: [PublisherConfirms<Int>.Resolution] = []
    confirms.confirmed(tag: 4, multiple: true, refused: false, into: &resolutions)
    let returned = PublishOutcome.returned(code: 312, text: "NO_ROUTE")
    #expect(resolutions.map(\.outcome) == [.confirmed, returned, returned, .confirmed])
  }

  @Test("agrees with a dictionary over random interleavings", arguments: 0..<500 as Range<UInt64>)
  func randomInterleavings(seed: UInt64) {
    var random = SeededRandom(seed)
    var confirms = PublisherConfirms<Int>(window: Int.random(in: 1...20, using: &random))
    var outstanding: [UInt64: (token: Int, bytes: Int, returned: Bool)] = [:]
    var nextTag: UInt64 = 1
    var nextToken = 0
    for _ in 0..<400 {
      switch Int.random(in: 0..<12, using: &random) {
      case 0..<6:
        guard confirms.hasRoom else { break }
        let bytes = Int.random(in: 0...100, using: &random)
        let isReturned = Int.random(in: 0..<5, using: &random) == 0
        confirms.sent(nextToken, bytes: bytes)
        outstanding[nextTag] = (nextToken, bytes, isReturned)
        if isReturned {
          let token = nextToken
          #expect(confirms.returned(code: 312, text: "") { $0 == token })
        }
        nextToken += 1
        nextTag += 1
      case 6..<11:
        let tag = UInt64.random(in: 0...nextTag, using: &random)
        let multiple = Bool.random(using: &random)
        let refused = Bool.random(using: &random)
        let last = tag == 0 && multiple ? nextTag - 1 : tag
        let expected = outstanding.filter { multiple ? $0.key <= last && last < nextTag : $0.key == tag }
        let resolved = resolve(&confirms, tag, multiple: multiple, refused: refused)
        #expect(Set(resolved.keys) == Set(expected.values.map(\.token)))
        for message in expected.values {
          let outcome: PublishOutcome =
            refused ? .refused : message.returned ? .returned(code: 312, text: "") : .confirmed
          #expect(resolved[message.token] == outcome)
        }
        for tag in expected.keys { outstanding[tag] = nil }
      default:
        guard Int.random(in: 0..<10, using: &random) == 0 else { break }
        #expect(confirms.connectionLost() == outstanding.sorted { $0.key < $1.key }.map(\.value.token))
        outstanding = [:]
        nextTag = 1
      }
      #expect(confirms.count == outstanding.count)
      #expect(confirms.bytes == outstanding.values.reduce(0) { $0 + $1.bytes })
    }
  }
}
