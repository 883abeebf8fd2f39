/// The string literals of a Swift source, as the keys that they would be as phrases.
struct SourceLiterals {
  struct Literal {
    var key: String
    /// What stands just before it.
    var context: String
  }

  private var bytes: [UInt8]
  private var position = 0

  static func of(_ source: String) -> [Literal] {
    var reader = SourceLiterals(bytes: Array(source.utf8))
    var found: [Literal] = []
    while let literal = reader.next() { found.append(literal) }
    return found
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func has(_ text: String, at place: Int) -> Bool {
    bytes[place...].starts(with: text.utf8)
  }

  private mutating func next() -> Literal? {
    while position < bytes.count {
      if has("//", at: position) {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      } else if bytes[position] == UInt8(ascii: "\"") {
        let context = String(decoding: bytes[max(0, position - 40)..<position], as: UTF8.self)
        return Literal(key: has("\"\"\"", at: position) ? block() : line(), context: context)
      } else {
        position += 1
      }
    }
    return nil
  }

  private mutating func line() -> String {
    position += 1
    var text: [UInt8] = []
    var count = 0
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") { take(&text, &count) }
    position += 1
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func block() -> String {
    position += 3
    var text: [UInt8] = []
    var count = 0
    while position < bytes.count, !has("\"\"\"", at: position) {
      if has("\\\n", at: position) {
        position += 2
        while bytes[position] == UInt8(ascii: " ") { position += 1 }
      } else {
        take(&text, &count)
      }
    }
    position += 3
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.dropFirst().dropLast().map { String($0.drop { $0 == " " }) }.joined(separator: "\n")
  }

  private mutating func take(_ text: inout [UInt8], _ count: inout Int) {
    if has("\\(", at: position) {
      skipInterpolation()
      text += Array("{\(count)}".utf8)
      count += 1
    } else if bytes[position] == UInt8(ascii: "\\") {
      text.append(bytes[position + 1])
      position += 2
    } else {
      text.append(bytes[position])
      position += 1
    }
  }

  private mutating func skipInterpolation() {
    position += 2
    var depth = 1
    while depth > 0 {
      switch bytes[position] {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: "\""):
        _ = line()
        continue
      default: break
      }
      position += 1
    }
  }
}
