/// How alike two words are, from 0 to 1.
struct WordLikeness {
  var value: Float
  var reason: NameMatch.Piece.Kind

  static let none = WordLikeness(value: 0, reason: .conflict)

  static func of(_ left: NameWord, _ right: NameWord, as kind: NameKind) -> WordLikeness {
    if kind != .organisation, isInitial(left, of: right) || isInitial(right, of: left) {
      return WordLikeness(value: 0.85, reason: .initial)
    }
    // `Oleksandrovych` is Oleksandr's child.
    guard (left.role == .patronymic) == (right.role == .patronymic) else { return misspeltPatronymic(left, right) }
    if left.text == right.text { return WordLikeness(value: 1, reason: left.role == .initial ? .initial : .sameWord) }
    if left.role == .number || right.role == .number { return .none }
    if left.role == .initial || right.role == .initial { return initial(left, right, as: kind) }
    if kind != .organisation, shareFamily(left, right) { return WordLikeness(value: 0.93, reason: .sameName) }
    let letters = byLetters(left, right, as: kind)
    guard left.script != right.script, left.script.hidesVowels || right.script.hidesVowels else { return letters }
    let consonants = byConsonants(left.skeleton, right.skeleton)
    return consonants.value > letters.value ? consonants : letters
  }

  /// `A. I. Petrov` is Aleksandr Ivanovich.
  private static func isInitial(_ letter: NameWord, of patronymic: NameWord) -> Bool {
    letter.role == .initial && patronymic.role == .patronymic && letter.text.first == patronymic.text.first
  }

  private static func misspeltPatronymic(_ left: NameWord, _ right: NameWord) -> WordLikeness {
    let (first, second) = (left.text + left.ending, right.text + right.ending)
    let longer = max(first.count, second.count)
    guard let cost = LetterDistance.cost(first, second, limit: personLimit(longer)) else { return .none }
    return WordLikeness(value: 1 - cost / Float(longer), reason: .similarWord)
  }

  private static func initial(_ left: NameWord, _ right: NameWord, as kind: NameKind) -> WordLikeness {
    guard kind != .organisation, left.text.first == right.text.first, left.role == .name || right.role == .name else {
      return .none
    }
    return WordLikeness(value: 0.85, reason: .initial)
  }

  private static func shareFamily(_ left: NameWord, _ right: NameWord) -> Bool {
    !left.families.isEmpty && left.families.contains(where: right.families.contains)
  }

  private static func byLetters(_ left: NameWord, _ right: NameWord, as kind: NameKind) -> WordLikeness {
    let longer = max(left.text.count, right.text.count)
    let limit = kind == .organisation ? organisationLimit(longer) : personLimit(longer)
    // Each edit changes at most two letters of the sets; the cheapest edits cost a quarter.
    guard limit > 0, Float(abs(left.text.count - right.text.count)) * 0.4 <= limit,
      Float((left.letters ^ right.letters).nonzeroBitCount) <= limit * 8,
      let cost = LetterDistance.cost(left.text, right.text, limit: limit)
    else { return .none }
    return WordLikeness(value: 1 - cost / Float(longer), reason: .similarWord)
  }

  /// How much may differ, by length: short words become other words soon.
  private static func personLimit(_ length: Int) -> Float {
    switch length {
    case ...2: 0
    case 3: 0.5
    case 4: 1
    case 5: 1.2
    case 6...7: 1.6
    case 8...9: 2
    case 10...11: 2.2
    default: 2.6
    }
  }

  private static func organisationLimit(_ length: Int) -> Float {
    switch length {
    case ...2: 0
    case 3...4: 1
    case 5...8: 1.2
    default: 2
    }
  }

  private static func byConsonants(_ left: [UInt8], _ right: [UInt8]) -> WordLikeness {
    let longer = max(left.count, right.count)
    guard min(left.count, right.count) >= 2 else { return .none }
    if left == right {
      return WordLikeness(value: longer > 3 ? 0.93 : longer == 3 ? 0.85 : 0.7, reason: .sameConsonants)
    }
    guard longer >= 4, LetterDistance.isOneEditAway(left, right) else { return .none }
    return WordLikeness(value: 0.7, reason: .sameConsonants)
  }
}
