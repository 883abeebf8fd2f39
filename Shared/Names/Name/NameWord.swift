/// One word of a name, ready to be compared.
struct NameWord: Hashable, Sendable {
  enum Role: UInt8, Sendable {
    /// Tells who it is.
    case name
    /// One letter that stands for a name.
    case initial
    /// `ovich`, `ovna`: the father's name. Only its stem is compared.
    case patronymic
    case number
    case common
    case place
    case title
    case particle
    case form
  }

  /// Latin letters without case and accents, and digits; other bytes where a script has no transliteration.
  var text: [UInt8]
  var role: Role
  var weight: Float
  var script: Script
  /// Stands after `bin`, `ben`, `ibn`.
  var isFathers = false
  /// Of a patronymic, which is compared without it.
  var ending: [UInt8] = []
  var skeleton: [UInt8] = []
  var families: [UInt16] = []
  /// Which letters occur, to tell unlike words apart without counting edits.
  let letters: UInt32

  init(text: [UInt8], role: Role, weight: Float, script: Script) {
    self.text = text
    self.role = role
    self.weight = weight
    self.script = script
    var letters: UInt32 = 0
    for byte in text where byte >= 97 && byte <= 122 { letters |= 1 << UInt32(byte - 97) }
    self.letters = letters
  }

  /// Without it the name would still be the same name.
  var isIncidental: Bool { role == .title || role == .particle || role == .form }
}
