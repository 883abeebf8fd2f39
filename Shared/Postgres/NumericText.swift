/// Turns the binary form of `numeric` into the digits that `numeric::text` shows, exactly.
///
/// The value is Σ digit[i] × 10000^(weight − i), to be shown with `scale` decimals.
enum NumericText {
  private enum Sign: UInt16 {
    case positive = 0x0000
    case negative = 0x4000
    case notANumber = 0xC000
    case infinity = 0xD000
    case negativeInfinity = 0xF000
  }

  static func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    guard bytes.count >= 8, bytes.count % 2 == 0 else { return nil }
    let words = stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
    let digits = words[4...]
    guard digits.count == Int(words[0]), digits.allSatisfy({ $0 < 10000 }) else { return nil }
    switch Sign(rawValue: words[2]) {
    case nil: return nil
    case .notANumber: return "NaN"
    case .infinity: return "Infinity"
    case .negativeInfinity: return "-Infinity"
    case .positive: return text(digits, weight: Int(Int16(bitPattern: words[1])), scale: Int(words[3]))
    case .negative: return "-" + text(digits, weight: Int(Int16(bitPattern: words[1])), scale: Int(words[3]))
    }
  }

  private static func text(_ digits: ArraySlice<UInt16>, weight: Int, scale: Int) -> String {
    func group(_ position: Int) -> UInt16 {
      let index = digits.startIndex + weight - position
      return digits.indices.contains(index) ? digits[index] : 0
    }
    var integer = ""
    for position in stride(from: max(weight, 0), through: 0, by: -1) {
      integer += integer.isEmpty ? String(group(position)) : padded(group(position))
      if integer == "0" && position > 0 { integer = "" }
    }
    guard scale > 0 else { return integer }
    let groupsNeeded = (scale + 3) / 4
    let fraction = (1...groupsNeeded).map { padded(group(-$0)) }.joined()
    return integer + "." + fraction.prefix(scale)
  }

  private static func padded(_ group: UInt16) -> String {
    let digits = String(group)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
