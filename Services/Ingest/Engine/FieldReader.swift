import Domain
import JSON

/// Reads the fields of one record and notes what is wrong with them; a field that is absent gives nil and no issue.
struct FieldReader {
  var record: RawRecord
  var log: IssueLog
  /// The product's fields in which something was refused, so that they are not reported as missing too.
  private(set) var refusedFields: Set<ProductField> = []

  /// Each known name is looked for in all members, so their number bounds the cost.
  static let membersMax = 500

  init(_ object: JSONObject, pointer: String = "", log: IssueLog = IssueLog()) {
    record = RawRecord(object, pointer: pointer)
    self.log = log
  }

  /// The one value that stands under any of these names.
  mutating func one(_ names: [String]) -> RawRecord.Field? {
    var fields: [RawRecord.Field] = []
    for name in names { fields += record.take(name) }
    guard let first = fields.first else { return nil }
    for other in fields.dropFirst() where !sameValue(other.value, first.value) {
      log.refuse(
        other.pointer, .conflicting,
        "\(described(other.value)) contradicts \(first.pointer), \(described(first.value)).",
        "Send the value once, or the same value in both places.")
    }
    return first
  }

  private func sameValue(_ left: JSONValue, _ right: JSONValue) -> Bool {
    if left == right { return true }
    guard let left = left.numeral, let right = right.numeral else { return false }
    return CleanText.clean(left) == CleanText.clean(right)
  }

  /// Says that a field is missing, unless it stood there and was refused for another reason.
  mutating func required<T>(_ name: String, _ remedy: String, _ read: (inout FieldReader) -> T?) -> T? {
    let issuesBefore = log.issues.count
    if let value = read(&self) { return value }
    if log.issues.count == issuesBefore {
      log.refuse("\(record.pointer)/\(name)", .missing, "\(name) is missing.", remedy)
    }
    return nil
  }

  mutating func field<T>(_ field: ProductField, _ read: (inout FieldReader) -> T) -> T {
    let issuesBefore = log.issues.count
    let value = read(&self)
    if log.issues.count > issuesBefore { refusedFields.insert(field) }
    return value
  }

  mutating func text(_ names: String..., max: Int) -> String? {
    one(names).flatMap { text($0, max: max) }
  }

  /// Clean text within its limit. A number is taken as its digits, because systems send a SKU of digits as a number.
  mutating func text(_ field: RawRecord.Field, max: Int) -> String? {
    guard let raw = field.value.numeral else {
      log.refuse(field.pointer, .invalid, "This is \(described(field.value)), not text.", "Send text.")
      return nil
    }
    // No text within the limit has this many bytes; a longer one is not worth cleaning.
    guard raw.utf8.count <= max * 16 + 1024 else {
      refuseLength(field, max: max, count: raw.utf8.count, unit: "bytes")
      return nil
    }
    let clean = CleanText.clean(raw)
    guard clean.unicodeScalars.count <= max else {
      refuseLength(field, max: max, count: clean.unicodeScalars.count, unit: "characters")
      return nil
    }
    return clean.isEmpty ? nil : clean
  }

  private mutating func refuseLength(_ field: RawRecord.Field, max: Int, count: Int, unit: String) {
    log.refuse(
      field.pointer, .invalid, "The text has \(count) \(unit); at most \(max) characters are kept.",
      "Shorten it to \(max) characters.")
  }

  mutating func number(_ field: RawRecord.Field, remedy: String? = nil) -> Decimal? {
    guard let numeral = field.value.numeral else {
      log.refuse(field.pointer, .invalid, "This is \(described(field.value)), not a number.", "Send a number.")
      return nil
    }
    do throws(NumberText.Failure) {
      return try NumberText.read(numeral)
    } catch {
      log.refuse(field.pointer, .invalid, "\(quoted(numeral)) \(error.problem).", remedy ?? error.remedy)
      return nil
    }
  }

  /// Reads a nested object with the same log.
  mutating func nested<T>(_ object: JSONObject, _ pointer: String, _ read: (inout FieldReader) -> T) -> T {
    if object.members.count > FieldReader.membersMax {
      log.refuse(
        pointer, .invalid, "The object has \(object.members.count) fields.",
        "Send at most \(FieldReader.membersMax) fields.")
    }
    var inner = FieldReader(object, pointer: pointer, log: log)
    let result = read(&inner)
    inner.notifyLeftOver()
    log = inner.log
    return result
  }

  mutating func notifyLeftOver() {
    for field in record.leftOver where !field.isBlank {
      log.notify(
        field.pointer, .unknown, "This field is not known and was not kept.",
        "Check its spelling, or send it under /attributes if it says something about the product.")
    }
  }

  mutating func strings(_ field: RawRecord.Field, countMax: Int, max: Int, split: (String) -> [String]) -> [String] {
    var result: [String] = []
    switch field.value {
    case .array(let elements):
      guard elements.count <= countMax else { break }
      for (index, element) in elements.enumerated() {
        let item = RawRecord.Field(pointer: "\(field.pointer)/\(index)", value: element)
        if !item.isBlank, let text = text(item, max: max) { result.append(text) }
      }
      return result
    default:
      guard let whole = text(field, max: max * min(countMax, 20)) else { return [] }
      let parts = split(whole).map(CleanText.clean).filter { !$0.isEmpty }
      guard parts.count <= countMax else { break }
      for part in parts {
        if let part = text(.init(pointer: field.pointer, value: .string(part)), max: max) { result.append(part) }
      }
      return result
    }
    log.refuse(field.pointer, .invalid, "There are more than \(countMax) entries.", "Send at most \(countMax).")
    return []
  }
}
