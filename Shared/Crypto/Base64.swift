/// Base 64 (RFC 4648). Decoding is strict: one text for each sequence of bytes, anything else is refused.
public enum Base64 {
  /// The standard alphabet, with padding.
  public static func encode(_ bytes: [UInt8]) -> String {
    encode(bytes, alphabet: .standard, padded: true)
  }

  /// The URL and file name safe alphabet, without padding.
  public static func encodeURLSafe(_ bytes: [UInt8]) -> String {
    encode(bytes, alphabet: .urlSafe, padded: false)
  }

  public static func decode(_ text: String) -> [UInt8]? {
    let characters = Array(text.utf8)
    guard characters.count.isMultiple(of: 4) else { return nil }
    let padding = characters.reversed().prefix(2).prefix { $0 == UInt8(ascii: "=") }.count
    return decode(characters.dropLast(padding), alphabet: .standard)
  }

  public static func decodeURLSafe(_ text: String) -> [UInt8]? {
    decode(Array(text.utf8)[...], alphabet: .urlSafe)
  }

  private static func encode(_ bytes: [UInt8], alphabet: Alphabet, padded: Bool) -> String {
    var output: [UInt8] = []
    output.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      for position in 0...group.count {
        output.append(alphabet.characters[Int(bits >> UInt32(18 - 6 * position) & 63)])
      }
      if padded { output.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - group.count)) }
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func decode(_ characters: ArraySlice<UInt8>, alphabet: Alphabet) -> [UInt8]? {
    guard characters.count % 4 != 1 else { return nil }
    var output: [UInt8] = []
    output.reserveCapacity(characters.count * 3 / 4)
    var bits: UInt32 = 0
    var bitCount: UInt32 = 0
    for character in characters {
      let value = alphabet.values[Int(character)]
      guard value != Alphabet.none else { return nil }
      bits = bits << 6 | UInt32(value)
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        output.append(UInt8(truncatingIfNeeded: bits >> bitCount))
        bits &= 1 << bitCount - 1
      }
    }
    // Bits left over must be zero, or two texts would mean the same bytes.
    return bits == 0 ? output : nil
  }
}

private struct Alphabet: Sendable {
  static let none: UInt8 = 255
  static let standard = Alphabet("+/")
  static let urlSafe = Alphabet("-_")

  let characters: [UInt8]
  let values: [UInt8]

  init(_ lastTwo: String) {
    let characters = Array(("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + lastTwo).utf8)
    var values = [UInt8](repeating: Self.none, count: 256)
    for (value, character) in characters.enumerated() { values[Int(character)] = UInt8(value) }
    self.characters = characters
    self.values = values
  }
}
