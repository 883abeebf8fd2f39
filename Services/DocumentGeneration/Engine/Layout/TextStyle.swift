/// How a piece of text looks. Sizes are points.
struct TextStyle: Hashable, Sendable {
  var size: Double
  var isBold = false
  var ink = Ink.text
  /// Digits of one width, so that columns of figures line up.
  var isTabular = false

  static let title = TextStyle(size: 20, isBold: true, ink: .accent)
  static let issuer = TextStyle(size: 11, isBold: true)
  static let runningHead = TextStyle(size: 8, ink: .muted)
  static let label = TextStyle(size: 7, isBold: true, ink: .muted)
  static let strong = TextStyle(size: 9.5, isBold: true)
  static let body = TextStyle(size: 8.5)
  static let fine = TextStyle(size: 7.25, ink: .muted)
  static let figure = TextStyle(size: 8.5, isTabular: true)
  static let total = TextStyle(size: 9.5, isTabular: true)
  static let grandTotal = TextStyle(size: 11, isBold: true, isTabular: true)
  static let footer = TextStyle(size: 6.5, ink: .muted, isTabular: true)
  static let watermark = TextStyle(size: 46, isBold: true, ink: .watermark)
}

struct Ink: Hashable, Sendable {
  var red: Double
  var green: Double
  var blue: Double

  static let text = Ink(red: 0.10, green: 0.11, blue: 0.13)
  static let muted = Ink(red: 0.36, green: 0.39, blue: 0.43)
  static let accent = Ink(red: 0.10, green: 0.22, blue: 0.38)
  static let rule = Ink(red: 0.82, green: 0.84, blue: 0.87)
  static let watermark = Ink(red: 0.94, green: 0.90, blue: 0.89)
}
