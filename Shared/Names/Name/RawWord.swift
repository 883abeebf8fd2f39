/// A word as it stands in the text, before it is known what it is.
struct RawWord {
  enum Gap { case none, space, point, hyphen, comma, ampersand }

  var scalars: [Unicode.Scalar]
  var script: Script
  /// What stands before it.
  var gap: Gap

  /// Splits at everything that is no letter, mark or digit, where the script changes, and where `JohnSmith` shows two words.
  static func all(in text: String) -> [RawWord] {
    var words: [RawWord] = []
    var current: [Unicode.Scalar] = []
    var script = Script.latin
    var gap = Gap.none
    func finish(next: Gap) {
      if !current.isEmpty {
        words.append(RawWord(scalars: current, script: script, gap: gap))
        current = []
        gap = next
      } else if next != .space || gap == .none {
        gap = next
      }
    }
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      switch RawWord.part(scalar) {
      case .mark: if !current.isEmpty { current.append(scalar) }
      case .digit: current.append(scalar)
      case .letter:
        let found = Script(scalar)
        if current.isEmpty {
          script = found
        } else if found != script, !current.allSatisfy({ $0.properties.numericType != nil }) {
          finish(next: .none)
          script = found
        } else if isBoundary(current, scalar), !isEnd(scalars[(index + 1)...]) {
          finish(next: .space)
        }
        script = found
        current.append(scalar)
      case .inside: break
      case .gap(let next): finish(next: next)
      }
    }
    finish(next: .none)
    return words
  }

  /// `GmbH` is one word after all.
  private static func isEnd(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
    scalars.first.map { !$0.properties.isAlphabetic } ?? true
  }

  private enum Part { case letter, mark, digit, inside, gap(Gap) }

  private static func part(_ scalar: Unicode.Scalar) -> Part {
    switch scalar {
    case "a"..."z", "A"..."Z": return .letter
    case "0"..."9": return .digit
    case " ", "\t", "\n": return .gap(.space)
    case ".": return .gap(.point)
    case ",", ";": return .gap(.comma)
    case "&", "+": return .gap(.ampersand)
    case "-", "‐", "‑", "–", "/", "_": return .gap(.hyphen)
    case "'", "’", "‘", "`", "´", "ʼ", "ʻ", "ʾ", "ʿ", "′", "״", "׳": return .inside
    case "\u{200B}"..."\u{200F}", "\u{2060}", "\u{FEFF}", "\u{00AD}", "\u{0640}": return .inside
    default: break
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber:
      return .letter
    case .nonspacingMark, .spacingMark, .enclosingMark: return .mark
    case .decimalNumber, .otherNumber: return .digit
    default: return .gap(.space)
    }
  }

  /// A small letter before a capital, after at least three letters: `PolPot`, and not `McKay` or `LeBron`.
  private static func isBoundary(_ word: [Unicode.Scalar], _ next: Unicode.Scalar) -> Bool {
    guard word.count >= 3, let last = word.last, last.properties.isLowercase, next.properties.isUppercase else {
      return false
    }
    let isMac = word.count == 3 && word[1] == "a" && word[2] == "c"
    return !isMac
  }
}
