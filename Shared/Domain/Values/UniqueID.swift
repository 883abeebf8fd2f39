/// 128 bits, written as a UUID. Ids are passed in or derived from content, never drawn here, so that decisions replay.
public struct UniqueID: Hashable, Sendable, Comparable {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The first 16 bytes of a digest, marked as a version 8 (custom) UUID.
  public init(digest bytes: [UInt8]) {
    precondition(bytes.count >= 16, "a digest has at least 16 bytes")
    func word(_ start: Int) -> UInt64 { bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
    high = word(0) & ~0xF000 | 0x8000
    low = word(8) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
  }

  public init?(_ text: String) {
    var words: (UInt64, UInt64) = (0, 0)
    var digits = 0
    for (offset, byte) in text.utf8.enumerated() {
      if offset == 8 || offset == 13 || offset == 18 || offset == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard digits < 32, byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      if digits < 16 { words.0 = words.0 << 4 | UInt64(digit) } else { words.1 = words.1 << 4 | UInt64(digit) }
      digits += 1
    }
    guard digits == 32 else { return nil }
    self.init(high: words.0, low: words.1)
  }

  public static func < (left: UniqueID, right: UniqueID) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

extension UniqueID: CustomStringConvertible {
  public var description: String {
    let digits: StaticString = "0123456789abcdef"
    return String(unsafeUninitializedCapacity: 36) { buffer in
      var position = 0
      for index in 0..<32 {
        if index == 8 || index == 12 || index == 16 || index == 20 {
          buffer[position] = UInt8(ascii: "-")
          position += 1
        }
        let word = index < 16 ? high : low
        buffer[position] = digits.utf8Start[Int(word >> UInt64((15 - index % 16) * 4) & 15)]
        position += 1
      }
      return 36
    }
  }
}
