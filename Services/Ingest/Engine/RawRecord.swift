import Domain
import JSON

/// One object as an ERP sends it. Its fields are found whatever their case and whichever of `hsCode`, `hs_code` or
/// `HS Code` the sender writes; those that nothing asked for are left over.
struct RawRecord {
  struct Field {
    var pointer: String
    var value: JSONValue

    var isBlank: Bool {
      switch value {
      case .null: true
      case .string(let text): text.utf8.allSatisfy { $0 <= 0x20 }
      case .array(let elements): elements.isEmpty
      case .object(let object): object.isEmpty
      default: false
      }
    }
  }

  private var fields: [(name: String, field: Field)] = []
  let pointer: String

  init(_ object: JSONObject, pointer: String) {
    self.pointer = pointer
    fields = object.members.prefix(FieldReader.membersMax).map { member in
      (RawRecord.normalised(member.key), Field(pointer: "\(pointer)/\(escaped(member.key))", value: member.value))
    }
  }

  /// The given fields under this name, blank ones left out. They do not count as unknown any more.
  mutating func take(_ name: String) -> [Field] {
    guard let first = fields.firstIndex(where: { RawRecord.isName(name, $0.name) }) else { return [] }
    let taken = fields[first...].filter { RawRecord.isName(name, $0.name) }.map(\.field)
    fields.removeAll { RawRecord.isName(name, $0.name) }
    return taken.filter { !$0.isBlank }
  }

  func hasField(prefix: String) -> Bool { fields.contains { $0.name.hasPrefix(prefix) } }

  /// Whether our camel-case name, in lower case, is the sender's. Asked a hundred times for each record.
  private static func isName(_ name: String, _ normalised: String) -> Bool {
    name.utf8.count == normalised.utf8.count
      && zip(name.utf8, normalised.utf8).allSatisfy { $0 == $1 || $0 | 0x20 == $1 }
  }

  /// The fields whose name begins so and goes on in a way that is recognised: `title_th` as Thai.
  mutating func take<Rest>(prefix: String, _ recognise: (String) -> Rest?) -> [(Rest, Field)] {
    var taken: [(Rest, Field)] = []
    fields.removeAll { name, field in
      guard name.hasPrefix(prefix), let rest = recognise(String(name.dropFirst(prefix.count))) else { return false }
      if !field.isBlank { taken.append((rest, field)) }
      return true
    }
    return taken
  }

  var leftOver: [Field] { fields.map(\.field) }

  static func normalised(_ key: String) -> String {
    var name = ""
    for scalar in key.unicodeScalars.prefix(64) {
      switch scalar {
      case "A"..."Z": name.unicodeScalars.append(Unicode.Scalar(scalar.value + 32) ?? scalar)
      case "_", "-", " ", ".": continue
      default: name.unicodeScalars.append(scalar)
      }
    }
    return name
  }
}

/// A key as one token of a JSON Pointer, cut where it would only fill a report.
func escaped(_ key: String) -> String {
  var token = ""
  for scalar in CleanText.clean(String(key.unicodeScalars.prefix(80))).unicodeScalars {
    switch scalar {
    case "~": token += "~0"
    case "/": token += "~1"
    default: token.unicodeScalars.append(scalar)
    }
  }
  return token
}

/// A value as it is shown back to its sender, cut to what a person needs to recognise it.
func quoted(_ value: String) -> String {
  let clean = CleanText.clean(String(value.unicodeScalars.prefix(200)))
  return clean.unicodeScalars.count <= 60 ? "'\(clean)'" : "'\(String(clean.unicodeScalars.prefix(57)))…'"
}

func described(_ value: JSONValue) -> String {
  switch value {
  case .null: "nothing"
  case .bool(let flag): flag ? "true" : "false"
  case .integer, .number, .string: quoted(value.numeral ?? "")
  case .array: "a list"
  case .object: "an object"
  }
}
