import Domain
import JSON

/// Reads the members of a request and collects what is wrong with them, so that all of it can be mended at once.
struct MemberReader {
  static let textMax = 4000

  private let object: JSONObject
  private(set) var issues: [FieldFault] = []

  init(_ json: JSONValue, known: Set<String>) throws(Refusal) {
    guard let object = json.objectValue else {
      throw Refusal(
        .malformed, "The body is not a JSON object.",
        [MemberReader.issue("", "This is not an object.", "Send {…} with \(MemberReader.list(known)).")])
    }
    self.object = object
    for key in object.keys where !known.contains(key) {
      add(key, "There is no member '\(key)' here.", "Use \(MemberReader.list(known)).")
    }
  }

  /// A faulty member is reported once: nobody is told that it is missing too.
  mutating func missing(_ key: String, _ remedy: Phrase) {
    guard !issues.contains(where: { $0.field == "/\(key)" }) else { return }
    add(key, "This is missing or too short.", remedy)
  }

  mutating func required<Value>(_ key: String, remedy: Phrase, _ read: (String) -> Value?) -> Value? {
    let value = optional(key, remedy: remedy, read)
    if value == nil { missing(key, remedy) }
    return value
  }

  mutating func optional<Value>(_ key: String, remedy: Phrase, _ read: (String) -> Value?) -> Value? {
    guard let text = text(key) else { return nil }
    guard let value = read(text) else {
      add(key, "This cannot be read.", remedy)
      return nil
    }
    return value
  }

  /// Without the spaces around it; nil when nothing is left.
  mutating func text(_ key: String) -> String? {
    guard let value = object[key], !value.isNull else { return nil }
    guard let raw = value.stringValue else {
      add(key, "This is not text.", "Write it in quotation marks.")
      return nil
    }
    let text = MemberReader.tidied(raw)
    guard text.unicodeScalars.count <= MemberReader.textMax else {
      add(key, "This is too long.", "Use at most \(MemberReader.textMax) characters.")
      return nil
    }
    guard !text.unicodeScalars.contains(where: MemberReader.isControl) else {
      add(key, "This has control characters.", "Write plain text.")
      return nil
    }
    return text.isEmpty ? nil : text
  }

  mutating func positiveInteger(_ key: String, remedy: Phrase) -> Int64? {
    let number = optionalPositiveInteger(key, remedy: remedy)
    if number == nil { missing(key, remedy) }
    return number
  }

  mutating func optionalPositiveInteger(_ key: String, remedy: Phrase) -> Int64? {
    guard let value = object[key], !value.isNull else { return nil }
    guard let number = value.integerValue, number > 0 else {
      add(key, "This is not a whole number above 0.", remedy)
      return nil
    }
    return number
  }

  /// Browsers end lines with CR LF.
  private static func tidied(_ raw: String) -> String {
    let scalars = raw.unicodeScalars.filter { $0 != "\r" }
    let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
    let kept = scalars.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
    var text = String.UnicodeScalarView()
    text.append(contentsOf: kept)
    return String(text)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
  }

  private mutating func add(_ key: String, _ problem: Phrase, _ remedy: Phrase) {
    issues.append(MemberReader.issue("/\(key)", problem, remedy))
  }

  private static func issue(_ field: String, _ problem: Phrase, _ remedy: Phrase)
    -> FieldFault
  {
    FieldFault(field: field, problem: problem, remedy: remedy)
  }

  private static func list(_ known: Set<String>) -> String { known.sorted().joined(separator: ", ") }
}
