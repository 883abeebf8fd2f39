import Domain
import JSON

extension FieldReader {
  /// Attributes as an object, as a list of `{name, value}`, or as text such as `Colour: red; Size: M`. Their order
  /// means nothing, so they are kept sorted.
  mutating func attributes() -> [Attribute] {
    guard let field = one(["attributes", "attribute", "properties", "specifications", "specs"]) else { return [] }
    var attributes: [Attribute] = []
    switch field.value {
    case .object(let object):
      for member in object.members.prefix(Limit.attributes + 1) {
        add(name: member.key, member.value, at: "\(field.pointer)/\(escaped(member.key))", to: &attributes)
      }
    case .array(let elements):
      for (index, element) in elements.prefix(Limit.attributes + 1).enumerated() {
        add(element, at: "\(field.pointer)/\(index)", to: &attributes)
      }
    default:
      guard let text = text(field, max: Limit.description) else { return [] }
      for part in text.split(whereSeparator: { $0 == ";" || $0 == "|" }) {
        add(pair: String(part), at: field.pointer, to: &attributes)
      }
    }
    guard attributes.count <= Limit.attributes else {
      log.refuse(
        field.pointer, .invalid, "There are more than \(Limit.attributes) attributes.",
        "Send those that say what the product is.")
      return []
    }
    return attributes.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
  }

  private mutating func add(_ element: JSONValue, at pointer: String, to attributes: inout [Attribute]) {
    if let pair = element.stringValue { return add(pair: pair, at: pointer, to: &attributes) }
    guard case .object(let object) = element else {
      log.refuse(pointer, .invalid, "This is \(described(element)).", "Send a name and a value.")
      return
    }
    let pair: (name: String, value: JSONValue)? = nested(object, pointer) { inner in
      let name = inner.text("name", "key", "attribute", max: Limit.attributeName)
      let unit = inner.text("unit", max: 30)
      guard let name, let value = inner.one(["value", "values"]) else {
        if inner.log.issues.allSatisfy({ !$0.field.hasPrefix(pointer) }) {
          inner.log.refuse(pointer, .missing, "An attribute has no name or no value.", "Send both, or leave it out.")
        }
        return nil
      }
      guard let unit, let number = value.value.numeral else { return (name, value.value) }
      return (name, .string("\(number) \(unit)"))
    }
    if let pair { add(name: pair.name, pair.value, at: "\(pointer)/value", to: &attributes) }
  }

  private mutating func add(pair: String, at pointer: String, to attributes: inout [Attribute]) {
    guard !CleanText.clean(pair).isEmpty else { return }
    guard let split = pair.firstIndex(where: { $0 == ":" || $0 == "=" || $0 == "：" }) else {
      log.refuse(pointer, .invalid, "\(quoted(pair)) has no value.", "Write name: value, and ; between attributes.")
      return
    }
    let value = String(pair[pair.index(after: split)...])
    add(name: String(pair[..<split]), .string(value), at: pointer, to: &attributes)
  }

  private mutating func add(
    name: String, _ value: JSONValue, at pointer: String, to attributes: inout [Attribute]
  ) {
    guard let name = text(.init(pointer: pointer, value: .string(name)), max: Limit.attributeName),
      let value = scalarText(.init(pointer: pointer, value: value))
    else { return }
    if let twin = attributes.first(where: { $0.name == name }) {
      if twin.value != value {
        log.refuse(
          pointer, .conflicting, "\(quoted(name)) is \(quoted(twin.value)) and also \(quoted(value)).",
          "Send one value for each attribute.")
      }
      return
    }
    attributes.append(Attribute(name, value))
  }

  private mutating func scalarText(_ field: RawRecord.Field) -> String? {
    switch field.value {
    case .null: return nil
    case .bool(let flag): return flag ? "yes" : "no"
    case .array(let elements):
      let parts = elements.prefix(50).compactMap { $0.numeral }
      guard parts.count == elements.count else { break }
      return text(
        .init(pointer: field.pointer, value: .string(parts.joined(separator: ", "))), max: Limit.attributeValue)
    case .object(let object):
      guard let number = object["value"]?.numeral, let unit = object["unit"]?.stringValue, object.members.count == 2
      else { break }
      return text(.init(pointer: field.pointer, value: .string("\(number) \(unit)")), max: Limit.attributeValue)
    default: return text(field, max: Limit.attributeValue)
    }
    log.refuse(
      field.pointer, .invalid, "This is \(described(field.value)), not one value.",
      "Send text, a number, true or false, or a short list of them.")
    return nil
  }
}
