/// The `tracestate` header: a list of vendors' entries that is passed on unchanged if all of it is valid.
enum TraceState {
  private static let membersMax = 32

  /// The members without optional spaces and empty ones; nil when any of it is not valid.
  static func normalized(_ header: String) -> String? {
    var members: [Substring] = []
    var keys: Set<Substring> = []
    for part in header.split(separator: ",", omittingEmptySubsequences: false) {
      let member = part.trimmingBlanks
      if member.isEmpty { continue }
      guard let equals = member.firstIndex(of: "=") else { return nil }
      let key = member[..<equals]
      guard isKey(key), isValue(member[member.index(after: equals)...]), keys.insert(key).inserted else { return nil }
      members.append(member)
    }
    return members.count <= membersMax ? members.joined(separator: ",") : nil
  }

  /// `simple` or `tenant@system`.
  private static func isKey(_ key: Substring) -> Bool {
    let parts = key.split(separator: "@", omittingEmptySubsequences: false)
    switch parts.count {
    case 1: return isName(parts[0], lengthMax: 256, mayBeginWithDigit: false)
    case 2:
      return isName(parts[0], lengthMax: 241, mayBeginWithDigit: true)
        && isName(parts[1], lengthMax: 14, mayBeginWithDigit: false)
    default: return false
    }
  }

  private static func isName(_ name: Substring, lengthMax: Int, mayBeginWithDigit: Bool) -> Bool {
    let lowercase = UInt8(ascii: "a")...UInt8(ascii: "z")
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let first = name.utf8.first, name.utf8.count <= lengthMax,
      lowercase.contains(first) || (mayBeginWithDigit && digits.contains(first))
    else { return false }
    return name.utf8.allSatisfy { lowercase.contains($0) || digits.contains($0) || "_-*/".utf8.contains($0) }
  }

  private static func isValue(_ value: Substring) -> Bool {
    guard let last = value.utf8.last, last != UInt8(ascii: " "), value.utf8.count <= 256 else { return false }
    return value.utf8.allSatisfy { (0x20...0x7e).contains($0) && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=") }
  }
}

extension Substring {
  fileprivate var trimmingBlanks: Substring {
    let isBlank = { (character: Character) in character == " " || character == "\t" }
    var rest = drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return rest
  }
}
