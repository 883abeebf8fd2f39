/// What a scalar is to the tokeniser. Own table: Foundation's folding would bring all of ICU into the worker.
enum LetterClass {
  case ascii(UInt8)
  case folded([UInt8])
  case other(TokenStream.Kind)
  case ignored
  case space
  case punctuation

  static func of(_ scalar: Unicode.Scalar) -> LetterClass {
    switch scalar.value {
    case 0x61...0x7A, 0x30...0x39: return .ascii(UInt8(scalar.value))
    case 0x41...0x5A: return .ascii(UInt8(scalar.value + 32))
    case 0x27, 0x2019, 0x2BC: return .ignored  // women's, d'eau
    case 0x20, 0x09, 0x0A, 0x0D, 0xA0, 0x2D, 0x5F, 0x26, 0x2E: return .space
    case 0..<0xC0: return .punctuation
    case 0xC0...0x24F: return latin(scalar.value - 0xC0)
    case 0x300...0x36F, 0xFE00...0xFE0F, 0x200B...0x200D: return .ignored
    case 0x370...0x5FF, 0x600...0x6FF, 0x900...0xDFF: return .other(.word)
    case 0xE01...0xE2E, 0xE30...0xE46: return .other(.thai)
    case 0xE47...0xE4E: return .ignored  // tone marks, often left out or mistyped
    case 0x1780...0x17FF, 0x1000...0x109F, 0xE80...0xEFF: return .other(.thai)  // Khmer, Burmese, Lao: no spaces either
    case 0x1E00...0x1EFF: return latin(scalar.value - 0x1E00 + 0x190)
    case 0x3005...0x3007, 0x3041...0x30FF, 0x3400...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0x20000...0x2FFFF:
      return .other(.ideograph)
    case 0xFF10...0xFF19: return .ascii(UInt8(scalar.value - 0xFF10 + 0x30))
    case 0xFF21...0xFF3A: return .ascii(UInt8(scalar.value - 0xFF21 + 0x61))
    case 0xFF41...0xFF5A: return .ascii(UInt8(scalar.value - 0xFF41 + 0x61))
    default: return .punctuation
    }
  }

  private static func latin(_ index: UInt32) -> LetterClass {
    let base = bases[Int(index)]
    return base.isEmpty ? .punctuation : .folded(base)
  }

  /// Base letters of U+00C0…U+024F, then of U+1E00…U+1EFF.
  private static let bases: [[UInt8]] = {
    let letters: [(String, String)] = [
      ("a", "àáâãäåāăąǎǟǡǻȁȃȧḁẚạảấầẩẫậắằẳẵặ"), ("ae", "æǣǽ"), ("b", "ƀɓḃḅḇ"), ("c", "çćĉċčƈḉ"), ("d", "ďđðɖɗḋḍḏḑḓ"),
      ("e", "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"), ("f", "ƒḟ"), ("g", "ĝğġģǥǧǵḡ"), ("h", "ĥħȟḣḥḧḩḫẖ"),
      ("i", "ìíîïĩīĭįıǐȉȋḭḯỉị"), ("j", "ĵǰ"), ("k", "ķĸƙǩḱḳḵ"), ("l", "ĺļľŀłƚḷḹḻḽ"), ("m", "ḿṁṃ"),
      ("n", "ñńņňŉŋƞǹṅṇṉṋ"),
      ("o", "òóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ"), ("oe", "œ"), ("p", "ƥṕṗ"), ("r", "ŕŗřȑȓṙṛṝṟ"),
      ("s", "śŝşšșſṡṣṥṧṩ"),
      ("ss", "ß"), ("t", "ţťŧțƫṫṭṯṱẗ"), ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"), ("v", "ṽṿ"), ("w", "ŵẁẃẅẇẉẘ"),
      ("x", "ẋẍ"),
      ("y", "ýÿŷȳẏẙỳỵỷỹ"), ("z", "źżžƶẑẓẕ"),
    ]
    var table = [[UInt8]](repeating: [], count: 0x190 + 0x100)
    for (base, variants) in letters {
      for scalar in (variants + variants.uppercased()).unicodeScalars {
        switch scalar.value {
        case 0xC0...0x24F: table[Int(scalar.value - 0xC0)] = Array(base.utf8)
        case 0x1E00...0x1EFF: table[Int(scalar.value - 0x1E00 + 0x190)] = Array(base.utf8)
        default: continue
        }
      }
    }
    return table
  }()
}
