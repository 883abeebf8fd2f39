import Domain
import JSON

extension FieldReader {
  /// Materials or ingredients: a list of `{name, percent}`, an object of shares, or text such as
  /// `60% cotton, 40% polyester`.
  mutating func components(_ names: String...) -> [Component] {
    guard let field = one(names) else { return [] }
    let components = components(field)
    guard components.count <= Limit.components else {
      log.refuse(
        field.pointer, .invalid, "There are more than \(Limit.components) entries.",
        "Send at most \(Limit.components), the largest shares first.")
      return []
    }
    checkShares(components, field.pointer)
    return components
  }

  private mutating func components(_ field: RawRecord.Field) -> [Component] {
    switch field.value {
    case .array(let elements):
      return elements.prefix(Limit.components + 1).enumerated().flatMap { index, element in
        component(RawRecord.Field(pointer: "\(field.pointer)/\(index)", value: element))
      }
    case .object(let object):
      if object["name"] != nil || object["material"] != nil || object["ingredient"] != nil { return component(field) }
      return object.members.prefix(Limit.components + 1).compactMap { member in
        let share = RawRecord.Field(pointer: "\(field.pointer)/\(escaped(member.key))", value: member.value)
        let name = RawRecord.Field(pointer: share.pointer, value: .string(member.key))
        guard let name = text(name, max: Limit.component) else { return nil }
        return Component(name, percent: share.isBlank ? nil : percent(share))
      }
    default:
      guard let whole = text(field, max: Limit.description) else { return [] }
      let pieces = ComponentText.pieces(whole)
      if let parts = ComponentText.byParts(pieces) {
        log.notify(
          field.pointer, .vague, "The shares are those of parts, not of the whole product, and were kept as text.",
          "Send shares of the whole product where they are known.")
        return parts.compactMap { component($0, field.pointer) }
      }
      return pieces.compactMap { component($0, field.pointer) }
    }
  }

  private mutating func component(_ field: RawRecord.Field) -> [Component] {
    guard case .object(let object) = field.value else {
      guard !field.isBlank, let whole = text(field, max: Limit.component * 5) else { return [] }
      return ComponentText.pieces(whole).compactMap { component($0, field.pointer) }
    }
    let found: Component? = nested(object, field.pointer) { inner in
      let share = inner.one(["percent", "percentage", "pct", "share", "%"])
      let percent = share.flatMap { inner.percent($0) }
      guard let name = inner.one(["name", "material", "ingredient", "type"]) else {
        inner.log.refuse("\(field.pointer)/name", .missing, "The name is missing.", "Send what it is, such as cotton.")
        return nil
      }
      return inner.text(name, max: Limit.component).map { Component($0, percent: percent) }
    }
    return found.map { [$0] } ?? []
  }

  private mutating func component(_ piece: ComponentText.Piece, _ pointer: String) -> Component? {
    guard piece.name.contains(where: \.isLetter) else {
      log.refuse(
        pointer, .invalid, "\(quoted(piece.text)) has no name of a material or ingredient.",
        "Write each as share and name, such as 60% cotton, with a point for decimals.")
      return nil
    }
    guard let name = text(.init(pointer: pointer, value: .string(piece.name)), max: Limit.component) else { return nil }
    return Component(name, percent: piece.percent.flatMap { percent(.init(pointer: pointer, value: .string($0))) })
  }

  private mutating func percent(_ field: RawRecord.Field) -> Decimal? {
    guard var text = text(field, max: 40) else { return nil }
    if text.hasSuffix("%") { text = CleanText.clean(String(text.dropLast())) }
    guard let value = number(.init(pointer: field.pointer, value: .string(text))) else { return nil }
    guard value > 0, value <= 100 else {
      log.refuse(
        field.pointer, .invalid, "\(value)% is not a share of the product.", "Send a share above 0 and up to 100.")
      return nil
    }
    return value
  }

  private mutating func checkShares(_ components: [Component], _ pointer: String) {
    let shares = components.compactMap(\.percent)
    let total = shares.reduce(.zero, +)
    if total > 100 {
      log.refuse(
        pointer, .invalid, "The shares add up to \(total)%.",
        "Send shares of the whole product, all its parts together, that add up to 100% at most.")
    } else if shares.count > 1, total == 1 {
      log.refuse(
        pointer, .invalid, "The shares add up to 1%, so they look like fractions.", "Send percentages: 60, not 0.6.")
    }
  }
}
