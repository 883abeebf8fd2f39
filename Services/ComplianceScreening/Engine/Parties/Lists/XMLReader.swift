/// Reads XML from beginning to end, one event after another. It knows elements, attributes, text, CDATA and the five
/// named entities; a document type is refused, because it could define entities of any size.
struct XMLReader {
  enum Event: Equatable {
    case start(String, attributes: [String: String])
    case text(String)
    case end(String)
  }

  struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
    var offset: Int
    var reason: String
    var description: String { "byte \(offset): \(reason)" }
  }

  private let bytes: [UInt8]
  private var position: Int
  private var open: [String] = []
  /// An element closed by its own tag, `<NOTE/>`, ends in the next event.
  private var closing: String?

  private static let depthMax = 64

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// nil at the end of the document.
  mutating func next() throws(FormatError) -> Event? {
    if let name = closing {
      closing = nil
      return .end(name)
    }
    while position < bytes.count {
      guard bytes[position] == UInt8(ascii: "<") else {
        let text = try text()
        if open.isEmpty || text.allSatisfy(\.isWhitespace) { continue }
        return .text(text)
      }
      if starts("<!--") {
        try skip(past: "-->")
      } else if starts("<![CDATA[") {
        return .text(try cdata())
      } else if starts("<?") {
        try skip(past: "?>")
      } else if starts("<!") {
        throw failure("a document type is not read")
      } else {
        return try tag()
      }
    }
    guard open.isEmpty else { throw failure("<\(open[open.count - 1])> is not closed") }
    return nil
  }

  private func failure(_ reason: String) -> FormatError { FormatError(offset: position, reason: reason) }

  private func starts(_ text: StaticString) -> Bool {
    position + text.utf8CodeUnitCount <= bytes.count
      && text.withUTF8Buffer { bytes[position..<(position + $0.count)].elementsEqual($0) }
  }

  private func find(_ text: StaticString) throws(FormatError) -> Int {
    let wanted = text.withUTF8Buffer { Array($0) }
    var index = position
    while index + wanted.count <= bytes.count {
      if bytes[index] == wanted[0], bytes[index..<(index + wanted.count)].elementsEqual(wanted) { return index }
      index += 1
    }
    throw failure("'\(text)' is missing")
  }

  private mutating func skip(past text: StaticString) throws(FormatError) {
    position = try find(text) + text.utf8CodeUnitCount
  }

  private mutating func cdata() throws(FormatError) -> String {
    position += 9
    let end = try find("]]>")
    defer { position = end + 3 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  private mutating func text() throws(FormatError) -> String {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
    return try resolved(bytes[start..<position])
  }

  private mutating func tag() throws(FormatError) -> Event {
    let end = try find(">")
    var inner = bytes[(position + 1)..<end]
    position = end + 1
    if inner.first == UInt8(ascii: "/") {
      let name = String(decoding: inner.dropFirst().prefix { !XMLReader.isSpace($0) }, as: UTF8.self)
      guard open.popLast() == name else { throw failure("</\(name)> closes nothing") }
      return .end(name)
    }
    let isClosed = inner.last == UInt8(ascii: "/")
    if isClosed { inner = inner.dropLast() }
    let name = String(decoding: inner.prefix { !XMLReader.isSpace($0) }, as: UTF8.self)
    guard !name.isEmpty else { throw failure("an element has no name") }
    let attributes = try attributes(inner.drop { !XMLReader.isSpace($0) })
    if isClosed {
      closing = name
    } else {
      guard open.count < XMLReader.depthMax else { throw failure("elements are nested too deep") }
      open.append(name)
    }
    return .start(name, attributes: attributes)
  }

  private func attributes(_ text: ArraySlice<UInt8>) throws(FormatError) -> [String: String] {
    var attributes: [String: String] = [:]
    var rest = text.drop(while: XMLReader.isSpace)
    while !rest.isEmpty {
      let name = rest.prefix { $0 != UInt8(ascii: "=") && !XMLReader.isSpace($0) }
      rest = rest.dropFirst(name.count).drop { XMLReader.isSpace($0) || $0 == UInt8(ascii: "=") }
      guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
        throw failure("an attribute has no value")
      }
      let value = rest.dropFirst().prefix { $0 != quote }
      attributes[String(decoding: name, as: UTF8.self)] = try resolved(value)
      rest = rest.dropFirst(value.count + 2).drop(while: XMLReader.isSpace)
    }
    return attributes
  }

  private func resolved(_ text: ArraySlice<UInt8>) throws(FormatError) -> String {
    guard text.contains(UInt8(ascii: "&")) else { return String(decoding: text, as: UTF8.self) }
    var result = ""
    var rest = text
    while let ampersand = rest.firstIndex(of: UInt8(ascii: "&")) {
      result += String(decoding: rest[..<ampersand], as: UTF8.self)
      guard let end = rest[ampersand...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
        throw failure("'&' begins no entity")
      }
      let name = String(decoding: rest[(ampersand + 1)..<end], as: UTF8.self)
      guard let scalar = XMLReader.scalar(name) else { throw failure("the entity '\(name)' is not known") }
      result.unicodeScalars.append(scalar)
      rest = rest[(end + 1)...]
    }
    return result + String(decoding: rest, as: UTF8.self)
  }

  private static func scalar(_ entity: String) -> Unicode.Scalar? {
    switch entity {
    case "amp": "&"
    case "lt": "<"
    case "gt": ">"
    case "quot": "\""
    case "apos": "'"
    default:
      if entity.hasPrefix("#x") {
        UInt32(entity.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
      } else if entity.hasPrefix("#") {
        UInt32(entity.dropFirst()).flatMap(Unicode.Scalar.init)
      } else {
        nil
      }
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
}
