import Domain

/// Quantities with units, as sellers write them: `20,000mAh 3.7V`, `ABV 40%`, `<5 mW`.
struct Measurements {
  struct Value {
    var amount: Decimal
    var field: Int
    /// How the figure came about, in the seller's words or as a short calculation.
    var text: String
  }

  private var byUnit: [Unit: [Value]] = [:]

  enum Unit: String, CaseIterable {
    case kilowattHours = "kwh", wattHours = "wh", milliampereHours = "mah", ampereHours = "ah", volts = "v"
    case milliwatts = "mw", milligramsPerMillilitre = "mg/ml", percent = "%", kilowatts = "kw", watts = "w"
    case lumens = "lm", millilitres = "ml", litres = "l"

    /// As sellers write it beside the sign, longest first.
    var words: [String] {
      switch self {
      case .volts: ["volts", "volt", "伏"]
      case .watts: ["watts", "watt", "瓦"]
      case .lumens: ["lumens", "lumen"]
      case .litres: ["litres", "liters", "litre", "liter", "升", "ลิตร", "lít"]
      case .kilowattHours: ["千瓦时", "千瓦時"]
      case .kilowatts: ["千瓦"]
      case .wattHours: ["watt hours", "watt-hours", "瓦时", "瓦時"]
      case .milliampereHours: ["毫安时", "毫安時", "毫安", "มิลลิแอมป์"]
      case .ampereHours: ["安时"]
      case .millilitres: ["毫升", "มล.", "มิลลิลิตร"]
      default: []
      }
    }

    static let spellings: [(unit: Unit, utf8: [UInt8])] = allCases.flatMap { unit in
      (unit.words + [unit.rawValue]).map { (unit, Array($0.utf8)) }
    }
  }

  init(_ text: ProductText) {
    for (index, field) in text.fields.enumerated() {
      var scanner = QuantityScanner(field.attribute.flatMap(Measurements.withUnitOfName) ?? field.original)
      while let quantity = scanner.next() {
        if quantity.unit == .percent, !quantity.isAlcohol { continue }
        byUnit[quantity.unit, default: []].append(Value(amount: quantity.amount, field: index, text: quantity.text))
      }
    }
  }

  /// `Battery capacity (mAh)` with the bare value `20000` reads as `20000 mah`.
  private static func withUnitOfName(_ attribute: Attribute) -> String? {
    guard Decimal(attribute.value) != nil else { return nil }
    let words = attribute.name.lowercased().split { !$0.isLetter && $0 != "%" && $0 != "/" }
    if words.contains(where: { $0 == "abv" || $0 == "alcohol" || $0 == "alkohol" }) {
      return "\(attribute.value)% vol"
    }
    if words.contains("voltage") { return "\(attribute.value) v" }
    if words.contains("wattage") { return "\(attribute.value) w" }
    let unit = Unit.allCases.first { unit in words.contains { $0 == unit.rawValue || unit.words.contains(String($0)) } }
    return unit.map { "\(attribute.value) \($0.rawValue)" }
  }

  func values(_ quantity: NumberTest.Quantity) -> [Value] {
    switch quantity {
    case .wattHours: energies
    case .alcoholPercent: byUnit[.percent] ?? []
    case .laserMilliwatts: byUnit[.milliwatts] ?? []
    case .nicotineMilligramsPerMillilitre: byUnit[.milligramsPerMillilitre] ?? []
    case .watts: (byUnit[.watts] ?? []) + thousandfold(.kilowatts)
    case .lumens: byUnit[.lumens] ?? []
    case .volts: byUnit[.volts] ?? []
    case .milliampereHours: (byUnit[.milliampereHours] ?? []) + thousandfold(.ampereHours)
    case .millilitres: (byUnit[.millilitres] ?? []) + thousandfold(.litres)
    case .netWeightGrams: []
    }
  }

  private func thousandfold(_ unit: Unit) -> [Value] {
    (byUnit[unit] ?? []).map { Value(amount: $0.amount * 1000, field: $0.field, text: $0.text) }
  }

  /// Stated energy, else charge times voltage.
  private var energies: [Value] {
    let stated = (byUnit[.wattHours] ?? []) + thousandfold(.kilowattHours)
    return stated.isEmpty ? smallCharges + largeCharges : stated
  }

  private var smallCharges: [Value] {
    (byUnit[.milliampereHours] ?? []).map { energy($0, thousandths: true, volts: cellVolts) }
  }

  private var largeCharges: [Value] {
    let volts = byUnit[.volts]?.map(\.amount).max() ?? Measurements.nominalCellVolts
    return (byUnit[.ampereHours] ?? []).map { energy($0, thousandths: false, volts: volts) }
  }

  private func energy(_ charge: Value, thousandths: Bool, volts: Decimal) -> Value {
    let product = charge.amount * volts
    let energy = thousandths ? product.divided(by: 1000, places: 3, .up) : product
    return Value(amount: energy, field: charge.field, text: "\(charge.text) × \(volts) V = \(energy) Wh")
  }

  /// A power bank's label also names its output voltage (5, 9, 12, 20 V); only a voltage that lithium packs have is its
  /// own. Without one, a single cell's is taken.
  private var cellVolts: Decimal {
    let packs = (byUnit[.volts] ?? []).map(\.amount).filter { Measurements.lithiumPackVolts.contains($0) }
    return packs.max() ?? Measurements.nominalCellVolts
  }

  private static let nominalCellVolts = Decimal(37, scale: 1)
  private static let lithiumPackVolts: Set<Decimal> = Set(
    [
      "3.2", "3.6", "3.63", "3.65", "3.7", "3.75", "3.8", "3.82", "3.83", "3.85", "3.87", "3.9", "4.2", "6.4", "7.2",
      "7.3", "7.4", "7.6", "7.7", "8.4", "10.8", "11.1", "11.4", "11.55", "12.8", "14.4", "14.8", "15.2", "15.4",
      "18.5",
      "21.6", "22.2", "25.2", "25.6", "29.4", "36", "48", "52",
    ].compactMap { Decimal($0) })
}

/// Reads figures with units from left to right.
private struct QuantityScanner {
  struct Quantity {
    var amount: Decimal
    var unit: Measurements.Unit
    var isAlcohol: Bool
    var text: String
  }

  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func next() -> Quantity? {
    while position < bytes.count {
      guard isDigit(position), position == 0 || !isDigit(position - 1) && !isPoint(position - 1) else {
        position += 1
        continue
      }
      let start = position
      let digits = number()
      let numberEnd = position
      guard let unit = unit(), let amount = value(digits, unit) else {
        position = numberEnd
        continue
      }
      return Quantity(
        amount: amount, unit: unit, isAlcohol: unit == .percent && speaksOfAlcohol(start),
        text: String(decoding: bytes[start..<position], as: UTF8.self))
    }
    return nil
  }

  /// Digits with points and commas; a sign that no digit follows ends the number.
  private mutating func number() -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.count, isDigit(position) || isPoint(position) && isDigit(position + 1) { position += 1 }
    return bytes[start..<position]
  }

  private mutating func unit() -> Measurements.Unit? {
    var at = position
    while at < bytes.count, at < position + 2, bytes[at] == UInt8(ascii: " ") || bytes[at] == UInt8(ascii: "-") {
      at += 1
    }
    for (unit, spelling) in Measurements.Unit.spellings {
      let end = at + spelling.count
      guard end <= bytes.count, zip(bytes[at..<end], spelling).allSatisfy({ lowered($0) == $1 }),
        unit == .percent || end == bytes.count || !isLetter(end)
      else { continue }
      position = end
      return unit
    }
    return nil
  }

  /// `20,000` and `20.000 mAh` group thousands; `3,7` and `3.7` do not.
  private func value(_ digits: ArraySlice<UInt8>, _ unit: Measurements.Unit) -> Decimal? {
    let groups = digits.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ".") }
    let isGrouped = groups.count > 1 && groups.dropFirst().allSatisfy { $0.count == 3 } && groups[0].count <= 3
    let lastPoint = digits.last { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ".") }
    let groupsThousands = isGrouped && (groups.count > 2 || lastPoint == UInt8(ascii: ",") || unit == .milliampereHours)
    let text: String
    if groupsThousands || groups.count == 1 {
      text = groups.map { String(decoding: $0, as: UTF8.self) }.joined()
    } else {
      let whole = groups.dropLast().map { String(decoding: $0, as: UTF8.self) }.joined()
      text = "\(whole).\(String(decoding: groups[groups.count - 1], as: UTF8.self))"
    }
    return text.utf8.count <= 12 ? Decimal(text) : nil
  }

  /// A percentage is alcohol only beside a word that says so.
  private func speaksOfAlcohol(_ start: Int) -> Bool {
    let window = bytes[max(0, start - 40)..<min(bytes.count, position + 12)].map(lowered)
    return QuantityScanner.alcoholWords.contains { word in
      guard window.count >= word.count else { return false }
      return (0...window.count - word.count).contains { window[$0..<$0 + word.count].elementsEqual(word) }
    }
  }

  private static let alcoholWords: [[UInt8]] = [
    "alc", "abv", "vol", "alkohol", "ethanol", "etanol", "แอลกอฮอล์", "酒精", "cồn",
  ].map { Array($0.utf8) }

  private func isDigit(_ at: Int) -> Bool {
    at < bytes.count && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at])
  }
  private func isPoint(_ at: Int) -> Bool { bytes[at] == UInt8(ascii: ".") || bytes[at] == UInt8(ascii: ",") }
  private func isLetter(_ at: Int) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowered(bytes[at])) }
  private func lowered(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
