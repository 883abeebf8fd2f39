/// The messages sent on one channel and not yet confirmed, in the order of their delivery tags.
///
/// A ring: the broker confirms roughly in order, singly or with `multiple`. `basic.return` carries no tag, but comes
/// before the message's own ack and in the order of publishing.
struct PublisherConfirms<Token> {
  struct Resolution {
    let token: Token
    let outcome: PublishOutcome
  }

  private struct Entry {
    let token: Token
    let bytes: Int
    var returned: (code: Int, text: String)?
  }

  private var ring: [Entry?]
  private var oldestTag: UInt64 = 1
  private var nextTag: UInt64 = 1
  /// Returns come in order, so that the search never looks back.
  private var nextReturnTag: UInt64 = 1
  private(set) var count = 0
  private(set) var bytes = 0

  init(window: Int) {
    var capacity = 1
    while capacity < max(window, 1) { capacity *= 2 }
    ring = Array(repeating: nil, count: capacity)
  }

  var isEmpty: Bool { count == 0 }
  /// False also while one old tag is unconfirmed behind a whole ring of confirmed ones.
  var hasRoom: Bool { nextTag - oldestTag < UInt64(ring.count) }

  /// Notes a message that was just sent; the broker counts the same tags.
  mutating func sent(_ token: Token, bytes: Int) {
    precondition(hasRoom, "the window is checked before sending")
    ring[slot(nextTag)] = Entry(token: token, bytes: bytes)
    nextTag += 1
    count += 1
    self.bytes += bytes
  }

  /// Marks the message that the broker returned. Two messages that match are equal to the last byte, so that it makes
  /// no difference to the publisher which of them is taken.
  mutating func returned(code: Int, text: String, where matches: (Token) -> Bool) -> Bool {
    var tag = max(nextReturnTag, oldestTag)
    while tag < nextTag {
      let index = slot(tag)
      if let entry = ring[index], entry.returned == nil, matches(entry.token) {
        ring[index]?.returned = (code, text)
        nextReturnTag = tag + 1
        return true
      }
      tag += 1
    }
    return false
  }

  /// `basic.ack` or `basic.nack`. Tag 0 with `multiple` means all. A tag never sent, or already resolved, resolves none.
  mutating func confirmed(tag: UInt64, multiple: Bool, refused: Bool, into resolutions: inout [Resolution]) {
    let last = multiple && tag == 0 ? nextTag - 1 : tag
    guard last >= oldestTag, last < nextTag else { return }
    for tag in (multiple ? oldestTag : last)...last { resolve(tag, refused: refused, into: &resolutions) }
    while oldestTag < nextTag, ring[slot(oldestTag)] == nil { oldestTag += 1 }
  }

  /// The channel is gone: every message left is `unknown`, and the tags begin at 1 again.
  mutating func connectionLost() -> [Token] {
    let left = (oldestTag..<nextTag).compactMap { ring[slot($0)]?.token }
    self = PublisherConfirms(window: ring.count)
    return left
  }

  private mutating func resolve(_ tag: UInt64, refused: Bool, into resolutions: inout [Resolution]) {
    let index = slot(tag)
    guard let entry = ring[index] else { return }
    ring[index] = nil
    count -= 1
    bytes -= entry.bytes
    let outcome: PublishOutcome =
      if refused {
        .refused
      } else if let (code, text) = entry.returned {
        .returned(code: code, text: text)
      } else {
        .confirmed
      }
    resolutions.append(Resolution(token: entry.token, outcome: outcome))
  }

  private func slot(_ tag: UInt64) -> Int { Int(tag & UInt64(ring.count - 1)) }
}
