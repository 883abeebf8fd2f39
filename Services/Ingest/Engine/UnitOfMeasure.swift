/// The units that goods are sold in, of the codes of UN/ECE Recommendation 20 and its packaging codes.
enum UnitOfMeasure {
  static func code(_ text: String) -> String? {
    let key = RawRecord.normalised(text)
    let upper = key.uppercased()
    return codes.contains(upper) ? synonyms[key] ?? upper : synonyms[key]
  }

  static let counted: Set<String> = ["C62", "PR", "SET", "DZN", "BX", "CT", "PK", "BG", "BO", "RO", "KT", "CEN", "MIL"]

  private static let codes: Set<String> = counted.union([
    "KGM", "GRM", "MGM", "TNE", "LBR", "ONZ", "LTR", "MLT", "CLT", "GLL", "MTR", "CMT", "MMT", "KMT", "INH", "FOT",
    "YRD",
    "MTK", "CMK", "MTQ", "CMQ", "KWH", "CTM", "ST",
  ])

  private static let synonyms: [String: String] = [
    "ea": "C62", "each": "C62", "h87": "C62", "pce": "C62", "pc": "C62", "pcs": "C62", "piece": "C62", "pieces": "C62",
    "unit": "C62", "units": "C62", "nar": "C62", "buah": "C62", "cái": "C62", "个": "C62", "件": "C62", "ชิ้น": "C62",
    "pair": "PR", "pairs": "PR", "pasang": "PR", "sets": "SET", "dozen": "DZN", "box": "BX", "boxes": "BX",
    "carton": "CT", "cartons": "CT", "ctn": "CT", "pack": "PK", "packs": "PK", "bag": "BG", "bags": "BG",
    "bottle": "BO", "bottles": "BO", "roll": "RO", "rolls": "RO", "kit": "KT", "kits": "KT", "kg": "KGM", "kgs": "KGM",
    "kilogram": "KGM", "kilograms": "KGM", "g": "GRM", "gram": "GRM", "grams": "GRM", "mg": "MGM", "t": "TNE",
    "ton": "TNE", "tonne": "TNE", "tonnes": "TNE", "lb": "LBR", "lbs": "LBR", "oz": "ONZ", "l": "LTR", "litre": "LTR",
    "litres": "LTR", "liter": "LTR", "liters": "LTR", "ml": "MLT", "m": "MTR", "metre": "MTR", "metres": "MTR",
    "meter": "MTR", "meters": "MTR", "cm": "CMT", "m2": "MTK", "sqm": "MTK", "m3": "MTQ", "cbm": "MTQ", "yard": "YRD",
    "yards": "YRD", "ft": "FOT", "sheet": "ST", "sheets": "ST",
  ]
}
