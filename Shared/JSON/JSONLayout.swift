/// JSON as a person reads it: short lists and objects on one line, the rest indented.
public enum JSONLayout {
  public static func text(_ value: JSONValue, indent: String = "", width: Int = 100) -> String {
    let flat = oneLine(value)
    if indent.count + flat.count <= width { return flat }
    let inner = indent + "  "
    switch value {
    case .array(let values):
      let lines = values.map { inner + text($0, indent: inner, width: width) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let object):
      let lines = object.members.map { member in
        "\(inner)\(JSONValue.string(member.key).text): \(text(member.value, indent: inner, width: width))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    default: return flat
    }
  }

  private static func oneLine(_ value: JSONValue) -> String {
    switch value {
    case .array(let values): "[" + values.map(oneLine).joined(separator: ", ") + "]"
    case .object(let object):
      object.isEmpty
        ? "{}"
        : "{ " + object.members.map { "\(JSONValue.string($0.key).text): \(oneLine($0.value))" }.joined(separator: ", ")
          + " }"
    default: value.text
    }
  }
}
