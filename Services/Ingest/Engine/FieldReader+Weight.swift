import Domain
import JSON

extension FieldReader {
  /// A weight in grams, from a name that carries its unit (`weight_kg`), an object, text with a unit, or a number whose
  /// unit stands in another field. A number without any unit is refused, since a guess is a thousandfold error.
  mutating func weightGrams(_ name: String) -> Decimal? {
    guard record.hasField(prefix: RawRecord.normalised(name)) else { return nil }
    let unitField = one(["\(name)Unit", "\(name)Uom", "\(name)UnitOfMeasure"])
    let unit = unitField.flatMap { weightUnit($0) }
    var found: [(pointer: String, grams: Decimal)] = []
    for (suffix, unit) in WeightUnit.suffixes {
      guard let field = one(["\(name)\(suffix)"]) else { continue }
      if let grams = weight(field, unit) { found.append((field.pointer, grams)) }
    }
    if let field = one([name]), unit != nil || unitField == nil, let grams = weight(field, unit) {
      found.append((field.pointer, grams))
    }
    for other in found.dropFirst() where other.grams != found[0].grams {
      log.refuse(
        other.pointer, .conflicting, "\(other.grams) g contradicts \(found[0].pointer), \(found[0].grams) g.",
        "Send the weight once.")
    }
    return found.first?.grams
  }

  private mutating func weightUnit(_ field: RawRecord.Field) -> WeightUnit? {
    guard let text = text(field, max: 30) else { return nil }
    if let unit = WeightUnit(text) { return unit }
    refuseUnit(text, field.pointer)
    return nil
  }

  private mutating func refuseUnit(_ text: String, _ pointer: String) {
    log.refuse(pointer, .invalid, "\(quoted(text)) is not a unit of weight.", "Use mg, g, kg, oz or lb.")
  }

  private mutating func weight(_ field: RawRecord.Field, _ unit: WeightUnit?) -> Decimal? {
    if case .object(let object) = field.value {
      return nested(object, field.pointer) { inner in
        let unitField = inner.one(["unit", "uom", "unitCode"])
        let stated = unitField.flatMap { inner.weightUnit($0) }
        guard let value = inner.one(["value", "amount", "weight"]) else {
          inner.log.refuse("\(field.pointer)/value", .missing, "The weight is missing.", "Send a number, such as 250.")
          return nil
        }
        guard value.value.numeral != nil else {
          inner.log.refuse(value.pointer, .invalid, "This is not a number.", "Send a number, such as 250.")
          return nil
        }
        return unitField == nil || stated != nil ? inner.weight(value, stated ?? unit) : nil
      }
    }
    guard let text = text(field, max: 60) else { return nil }
    let isDigit: (Character) -> Bool = { $0.isASCII && $0.isNumber }
    // What follows the last digit, so that the `e` of 1e3 stays part of the number.
    let written = text.lastIndex(where: isDigit).map { String(text[$0...].dropFirst()) } ?? text
    var unit = unit
    if !written.isEmpty {
      guard let stated = WeightUnit(written) else {
        refuseUnit(written, field.pointer)
        return nil
      }
      if let outer = unit, outer != stated {
        log.refuse(
          field.pointer, .conflicting, "The weight is in \(stated.rawValue) here and in \(outer.rawValue) elsewhere.",
          "Send one unit.")
        return nil
      }
      unit = stated
    }
    guard let unit else {
      log.refuse(field.pointer, .missing, "The weight \(quoted(text)) has no unit.", "Write the unit, such as 250 g.")
      return nil
    }
    let digits = JSONValue.string(String(text.dropLast(written.count)))
    return number(.init(pointer: field.pointer, value: digits)).flatMap { plausible($0, unit, field.pointer) }
  }

  private mutating func plausible(_ value: Decimal, _ unit: WeightUnit, _ pointer: String) -> Decimal? {
    guard value > 0 else {
      log.refuse(
        pointer, .invalid, "A weight of \(value) \(unit.rawValue) is not possible.",
        "Send a weight above zero, or leave it out when it is not known.")
      return nil
    }
    let grams = (value * unit.grams).rounded(places: 3, .halfEven)
    guard grams > 0, grams <= FieldReader.gramsMax else {
      log.refuse(
        pointer, .invalid, "A weight of \(value) \(unit.rawValue) is not plausible for one unit or package.",
        "Check the number and its unit.")
      return nil
    }
    return grams
  }

  /// 50 t: more than a loaded container.
  static let gramsMax = Decimal(50_000_000)
}
