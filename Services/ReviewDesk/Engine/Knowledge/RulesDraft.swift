import Domain
import JSON

/// A policy or own rules as a person wrote them, with everything that must be corrected before they can be kept.
public struct RulesDraft: Sendable {
  public enum Content: Sendable {
    case policy(Policy)
    case ownRules(OwnRules)

    public var json: JSONValue {
      switch self {
      case .policy(let policy): policy.json
      case .ownRules(let rules): rules.json
      }
    }
  }

  public struct Fault: Hashable, Sendable {
    /// From 1; nil where the place cannot be told.
    public var line: Int?
    /// A JSON Pointer; empty where the text is not JSON.
    public var field: String
    public var problem: Phrase
    public var remedy: Phrase
  }

  public private(set) var content: Content?
  public private(set) var faults: [Fault] = []

  public init(_ kind: RulesKind, _ text: String) {
    let bytes = Array(text.utf8)
    do throws(JSONError) {
      let json = JSONCursor(try JSONParser.parse(bytes))
      switch kind {
      case .policy:
        let policy = try Policy(json: json)
        faults = policy.validate().map { issue in
          Fault(
            line: JSONPlace.line(of: issue.field, in: bytes), field: issue.field,
            problem: DraftWords.phrase(of: issue.problem), remedy: DraftWords.phrase(of: issue.remedy))
        }
        if faults.isEmpty { content = .policy(policy) }
      case .ownRules: content = .ownRules(try OwnRules(json: json))
      }
    } catch {
      faults = [RulesDraft.fault(error, in: bytes)]
    }
  }

  private static func fault(_ error: JSONError, in bytes: [UInt8]) -> Fault {
    switch error.location {
    case .pointer(let pointer):
      Fault(
        line: JSONPlace.line(of: pointer, in: bytes), field: pointer.isEmpty ? "/" : pointer,
        problem: DraftWords.phrase(of: error.reason),
        remedy: "Correct it there; the version in force shows one that is right.")
    case .byte(let offset):
      Fault(
        line: JSONPlace.line(ofByte: offset, in: bytes), field: "",
        problem: "This is not JSON. \(DraftWords.phrase(of: error.reason))",
        remedy: "Look at the sign there, and the one before it.")
    }
  }
}

/// Finds where in a text a value of the document stands.
enum JSONPlace {
  static func line(ofByte offset: Int, in bytes: [UInt8]) -> Int {
    1 + bytes.prefix(max(0, offset)).count { $0 == UInt8(ascii: "\n") }
  }

  /// The line where the value begins, or the innermost value around where it should be. The text must be JSON.
  static func line(of pointer: String, in bytes: [UInt8]) -> Int? {
    guard pointer.isEmpty || pointer.hasPrefix("/") else { return nil }
    let names = pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { name in
      String(name).replacing("~1", with: "/").replacing("~0", with: "~")
    }
    var reader = Reader(bytes: bytes)
    return line(ofByte: reader.place(of: names[...]), in: bytes)
  }

  private struct Reader {
    let bytes: [UInt8]
    var offset = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Where the value begins that the names lead to from here.
    mutating func place(of names: ArraySlice<String>) -> Int {
      skipBlanks()
      let start = offset
      guard let name = names.first, let opening = current else { return start }
      let isObject = opening == UInt8(ascii: "{")
      guard isObject || opening == UInt8(ascii: "[") else { return start }
      offset += 1
      var index = 0
      while true {
        skipBlanks()
        guard let byte = current, byte != UInt8(ascii: "}"), byte != UInt8(ascii: "]") else { return start }
        if byte == UInt8(ascii: ",") {
          offset += 1
          continue
        }
        let key = isObject ? self.key() : "\(index)"
        if key == name { return place(of: names.dropFirst()) }
        skipValue()
        index += 1
      }
    }

    private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipBlanks() {
      while let byte = current, byte == 0x20 || (0x09...0x0D).contains(byte) { offset += 1 }
    }

    /// With the colon behind it.
    private mutating func key() -> String? {
      let start = offset
      skipString()
      let text = String(decoding: bytes[start..<offset], as: UTF8.self)
      skipBlanks()
      if current == UInt8(ascii: ":") { offset += 1 }
      return (try? JSONParser.parse(text))?.stringValue
    }

    private mutating func skipString() {
      offset += 1
      while let byte = current, byte != UInt8(ascii: "\"") { offset += byte == UInt8(ascii: "\\") ? 2 : 1 }
      offset = min(offset + 1, bytes.count)
    }

    private mutating func skipValue() {
      skipBlanks()
      var depth = 0
      while let byte = current {
        switch byte {
        case UInt8(ascii: "\""):
          skipString()
          if depth == 0 { return }
          continue
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          if depth == 0 { return }
          depth -= 1
          if depth == 0 {
            offset += 1
            return
          }
        case UInt8(ascii: ","): if depth == 0 { return }
        default: break
        }
        offset += 1
      }
    }
  }
}
