import Domain

enum WeightUnit: String {
  case mg, g, kg, oz, lb

  /// Exact by the international definition of the pound.
  var grams: Decimal {
    switch self {
    case .mg: Decimal(1, scale: 3)
    case .g: 1
    case .kg: 1000
    case .oz: Decimal(28_349_523_125, scale: 9)
    case .lb: Decimal(45_359_237, scale: 5)
    }
  }

  static let suffixes: [(String, WeightUnit)] = [
    ("grams", .g), ("gram", .g), ("g", .g), ("kg", .kg), ("kgs", .kg), ("kilograms", .kg), ("mg", .mg), ("oz", .oz),
    ("lb", .lb), ("lbs", .lb),
  ]

  init?(_ text: String) {
    switch RawRecord.normalised(text) {
    case "mg", "milligram", "milligrams", "mgm": self = .mg
    case "g", "gr", "gm", "gms", "grm", "gram", "grams", "gramme", "grammes", "克", "กรัม": self = .g
    case "kg", "kgs", "kgm", "kilo", "kilos", "kilogram", "kilograms", "kilogramme", "kilogrammes", "千克", "公斤",
      "กก", "กิโลกรัม":
      self = .kg
    case "oz", "ozs", "onz", "ounce", "ounces": self = .oz
    case "lb", "lbs", "lbr", "pound", "pounds": self = .lb
    default: return nil
    }
  }
}
