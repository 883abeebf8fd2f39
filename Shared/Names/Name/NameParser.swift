/// Takes a name apart.
struct NameParser {
  private let original: String
  private let kind: NameKind
  private let vocabulary = NameVocabulary.standard
  private var words: [Draft] = []

  /// A word that is spelt in Latin letters already.
  private struct Draft {
    var text: [UInt8]
    var script: Script
    var gap: RawWord.Gap
    var role: NameWord.Role?
    var isFathers = false
  }

  init(_ text: String, kind: NameKind) {
    original = text
    self.kind = kind
  }

  private var isPerson: Bool { kind == .person }

  func name() -> Name {
    var parser = self
    let (raw, hasForm) = parser.rawWords()
    parser.words = parser.spelt(raw)
    parser.joinSingleLetters()
    parser.joinServants()
    parser.markForms()
    parser.putLastNameLast()
    let joinedAll = parser.words.prefix(NameParser.wordsMax).flatMap(\.text)
    if parser.isPerson { parser.readDigitsAsLetters() } else { parser.readNumbers() }
    parser.markFathers()
    let words = parser.weighed()
    let joined = parser.joined(words)
    let skeleton = joined.isEmpty ? [] : Skeleton.of(joined)
    return Name(
      original: original, kind: parser.knownKind(words, hasForm: hasForm), words: words, joined: joined,
      joinedAll: joinedAll, joinedSkeleton: skeleton, characters: NameParser.characters(raw))
  }

  /// Company forms in scripts without spaces are taken out of the text first.
  private func rawWords() -> ([RawWord], hasForm: Bool) {
    var scalars = Array(original.unicodeScalars)
    guard scalars.contains(where: { $0.value >= 0xE00 }) else { return (RawWord.all(in: original), false) }
    var hasForm = false
    for form in vocabulary.nativeForms {
      while let range = scalars.firstRange(of: form), range.count < scalars.count {
        scalars.replaceSubrange(range, with: [" "])
        hasForm = true
      }
    }
    return (RawWord.all(in: String(String.UnicodeScalarView(scalars))), hasForm)
  }

  private func spelt(_ raw: [RawWord]) -> [Draft] {
    raw.flatMap { word -> [Draft] in
      if word.script == .han { return chinese(word, alone: raw.count == 1) }
      if word.script == .hangul { return korean(word, alone: raw.count == 1) }
      if word.script == .arabic, word.scalars.count > 4, word.scalars[0] == "ا", word.scalars[1] == "ل" {
        let rest = RawWord(scalars: Array(word.scalars.dropFirst(2)), script: .arabic, gap: .none)
        return [
          Draft(text: Array("al".utf8), script: .arabic, gap: word.gap, role: .particle),
          Draft(text: Romaniser.latin(rest), script: .arabic, gap: .hyphen),
        ]
      }
      let text = Romaniser.latin(word)
      // `عبد`: the first letter is lost with its vowel.
      let isServant = word.script == .arabic && text == Array("bd".utf8)
      return [Draft(text: isServant ? Array("abd".utf8) : text, script: word.script, gap: word.gap)]
    }.filter { !$0.text.isEmpty }
  }

  /// A family name is one character and a given name one or two; longer runs are companies or foreign names.
  private func chinese(_ word: RawWord, alone: Bool) -> [Draft] {
    let syllables = Romaniser.syllables(word.scalars)
    var groups: [[UInt8]]
    switch syllables.count {
    case 2 where !alone: groups = [syllables[0] + syllables[1]]
    case 3: groups = [syllables[0], syllables[1] + syllables[2]]
    default: groups = syllables
    }
    if groups.isEmpty { groups = [Romaniser.latin(word)] }
    return groups.enumerated().map { index, text in
      Draft(text: text, script: .han, gap: index == 0 ? word.gap : .space)
    }
  }

  private func korean(_ word: RawWord, alone: Bool) -> [Draft] {
    guard alone, word.scalars.count <= 4 else {
      return [Draft(text: Romaniser.latin(word), script: .hangul, gap: word.gap)]
    }
    return word.scalars.enumerated().map { index, scalar in
      let syllable = RawWord(scalars: [scalar], script: .hangul, gap: .none)
      return Draft(text: Romaniser.latin(syllable), script: .hangul, gap: index == 0 ? word.gap : .space)
    }
  }

  private static func characters(_ raw: [RawWord]) -> [Unicode.Scalar] {
    guard !raw.isEmpty, raw.allSatisfy({ $0.script == raw[0].script }) else { return [] }
    switch raw[0].script {
    case .han:
      let text = String(String.UnicodeScalarView(raw.flatMap(\.scalars)))
      return Array(Transliterator.simplifiedChinese.apply(text).unicodeScalars)
    case .hangul: return raw.flatMap(\.scalars)
    default: return []
    }
  }

  /// `P.T.` and `A.B.C.` are one word, as `L & H` and `L and H` are; the initials of a person stay apart.
  private mutating func joinSingleLetters() {
    let and = Array("and".utf8)
    for index in words.indices.dropFirst().dropLast().reversed()
    where words[index].text == and && words[index - 1].text.count == 1 && words[index + 1].text.count == 1 {
      words.remove(at: index)
      words[index].gap = .ampersand
    }
    var joined: [Draft] = []
    var run: [Draft] = []
    func isTight(_ gap: RawWord.Gap) -> Bool { gap == .point || gap == .none || gap == .space || gap == .ampersand }
    func flush() {
      for part in NameParser.split(run) { joined += oneWord(part) }
      run = []
    }
    for word in words {
      let isLetter = word.text.count == 1 && word.script == .latin && !(48...57).contains(word.text[0])
      if !isLetter || !run.isEmpty && !isTight(word.gap) { flush() }
      if isLetter { run.append(word) } else { joined.append(word) }
    }
    flush()
    words = joined
  }

  /// In `Fund V L.P.` the space ends a word, in `S A` it does not.
  private static func split(_ run: [Draft]) -> [[Draft]] {
    guard run.dropFirst().contains(where: { $0.gap == .point }) else { return run.isEmpty ? [] : [run] }
    var parts: [[Draft]] = []
    for letter in run {
      if parts.isEmpty || letter.gap == .space { parts.append([]) }
      parts[parts.count - 1].append(letter)
    }
    return parts
  }

  private func oneWord(_ letters: [Draft]) -> [Draft] {
    let text = letters.flatMap(\.text)
    // Two letters are a person's initials more often than a company's form: `R. A.`, `S. A.`
    let isApart =
      letters.count == 1 || isPerson && (letters.count == 2 || vocabulary.forms.length(in: [text], at: 0) == 0)
    return isApart ? letters : [Draft(text: text, script: .latin, gap: letters[0].gap)]
  }

  /// `Abd al-Aziz`, `Abd ul Aziz` and `Abdul Aziz`
  private mutating func joinServants() {
    var index = 1
    while index + 1 < words.count {
      let (servant, article) = (words[index - 1].text, words[index].text)
      if servant == Array("abd".utf8), NameParser.articles.contains(article) {
        words[index - 1].text = Array("abdul".utf8)
        words.remove(at: index)
      }
      index += 1
    }
  }

  private static let articles: Set<[UInt8]> = Set(["al", "ul", "el", "ur", "ar", "as"].map { Array($0.utf8) })

  private mutating func markForms() {
    let texts = words.map(\.text)
    var start = 0
    while start < texts.count {
      let length = vocabulary.forms.length(in: texts, at: start)
      // A person's name may begin like a form: `Co`, `Sa`, `Pt`.
      let isTrailing = start + length == texts.count && start >= 2
      if length > 0, !isPerson || isTrailing && texts[start].count >= 2 {
        for index in start..<(start + length) { words[index].role = .form }
      }
      start += max(1, length)
    }
    if words.allSatisfy({ $0.role == .form }) { for index in words.indices { words[index].role = nil } }
  }

  /// `Frost, William W.`
  private mutating func putLastNameLast() {
    let commas = words.indices.filter { words[$0].gap == .comma && words[$0].role != .form }
    guard kind != .organisation, kind != .vessel, commas.count == 1, let comma = commas.first, comma > 0 else { return }
    words = Array(words[comma...]) + Array(words[..<comma])
  }

  /// `Ig0r Sech1n`
  private mutating func readDigitsAsLetters() {
    for index in words.indices {
      let text = words[index].text
      guard text.contains(where: { $0 >= 97 }), text.contains(where: { (48...57).contains($0) }) else { continue }
      words[index].text = text.map { NameParser.letterOfDigit[$0] ?? $0 }
    }
  }

  private static let letterOfDigit: [UInt8: UInt8] = Dictionary(
    uniqueKeysWithValues: zip("0134579".utf8, "oieastg".utf8))

  private mutating func readNumbers() {
    for index in words.indices where words[index].role == nil {
      let text = words[index].text
      if let value = NumberWords.value(text) {
        words[index].text = Array("\(value)".utf8)
        words[index].role = .number
      } else if index > 0, let value = NumberWords.roman(text), text.count > 1 || isLastTelling(index) {
        words[index].text = Array("\(value)".utf8)
        words[index].role = .number
      } else if text.contains(where: { (48...57).contains($0) }) {
        words[index].role = .number
      }
    }
    addTensAndUnits()
  }

  private func isLastTelling(_ index: Int) -> Bool {
    words[(index + 1)...].allSatisfy { $0.role == .form }
  }

  /// `Forty Four`, `Forty-4`
  private mutating func addTensAndUnits() {
    var index = 1
    while index < words.count {
      if let tens = NumberWords.plain(words[index - 1].text), let unit = NumberWords.plain(words[index].text),
        tens >= 20, tens < 100, tens % 10 == 0, (1...9).contains(unit), words[index - 1].role == .number
      {
        words[index - 1].text = Array("\(tens + unit)".utf8)
        words.remove(at: index)
      } else {
        index += 1
      }
    }
  }

  private static let sonOf: Set<[UInt8]> = Set(["bin", "ben", "ibn", "bint", "binti"].map { Array($0.utf8) })

  private mutating func markFathers() {
    guard words.count > 2 else { return }
    for index in 1..<words.count where NameParser.sonOf.contains(words[index - 1].text) {
      words[index].isFathers = true
    }
  }

  private func weighed() -> [NameWord] {
    var seen: Set<[UInt8]> = []
    var result: [NameWord] = []
    for (index, draft) in words.prefix(NameParser.wordsMax).enumerated() {
      var role = draft.role ?? role(of: draft)
      // `Xu Bin` and `Bin Xu`: a small word at an end of two is a name.
      if role == .particle, isPerson, words.count == 2 || index == words.count - 1 { role = .name }
      if draft.script == .latin, isPerson, role == .name, let letters = NameParser.initials(draft.text) {
        result += letters.map { NameWord(text: [$0], role: .initial, weight: weight(.initial, [$0]), script: .latin) }
        continue
      }
      var text = draft.text
      if role == .name, draft.script == .latin || draft.script == .cyrillic, let stem = Patronymic.stem(text),
        !result.isEmpty
      {
        text = stem
        role = .patronymic
      }
      let ending = draft.text.dropFirst(text.count)
      if role == .name, draft.script == .latin { text = Transcription.plain(text) }
      if text.count >= 4, role != .form, !seen.insert(text).inserted { continue }
      var word = NameWord(text: text, role: role, weight: weight(role, text), script: draft.script)
      word.isFathers = draft.isFathers
      word.ending = Array(ending)
      word.skeleton = Skeleton.of(text)
      word.families = vocabulary.families(of: text)
      result.append(word)
    }
    if result.allSatisfy(\.isIncidental) {
      for index in result.indices { (result[index].role, result[index].weight) = (.name, 1) }
    }
    return result
  }

  /// More than any name has; what follows is an address.
  private static let wordsMax = 24

  private func role(of draft: Draft) -> NameWord.Role {
    let text = draft.text
    if kind != .organisation, kind != .vessel, vocabulary.titles.contains(text) {
      // A general trades, too.
      return !isPerson && vocabulary.common.contains(text) ? .common : .title
    }
    if kind == .vessel, NameParser.shipPrefixes.contains(text) { return .title }
    let hasInitials = draft.script == .latin || draft.script == .cyrillic && isPerson
    if text.count == 1, text[0] < 0x80, hasInitials { return .initial }
    if vocabulary.particles.contains(text) { return .particle }
    guard !isPerson else { return .name }
    if vocabulary.common.contains(text) { return .common }
    return vocabulary.places.contains(text) ? .place : .name
  }

  private static let shipPrefixes: Set<[UInt8]> = Set(
    ["mv", "mt", "ms", "ss", "fv", "km", "lng", "vessel"].map { Array($0.utf8) })

  private func weight(_ role: NameWord.Role, _ text: [UInt8]) -> Float {
    switch role {
    case .name: NameParser.servants.contains(text) ? 0.5 : 1
    case .patronymic: 1
    case .initial: isPerson ? 0.5 : 0.7
    case .number: 0.5
    case .common: 0.55
    case .place: 0.35
    case .title, .particle: 0.1
    case .form: 0
    }
  }

  /// The first half of names that are written as one word or two: `Abdul Rahman`.
  private static let servants: Set<[UInt8]> = Set(
    ["abd", "abdul", "abdel", "abu", "umm", "abdal"].map { Array($0.utf8) })

  /// `JC` has no vowel, so it is two initials.
  private static func initials(_ text: [UInt8]) -> [UInt8]? {
    guard (2...3).contains(text.count), text.allSatisfy({ (97...122).contains($0) }) else { return nil }
    return text.contains(where: { "aeiouy".utf8.contains($0) }) || text == Array("ng".utf8) ? nil : text
  }

  private func joined(_ weighed: [NameWord]) -> [UInt8] {
    weighed.filter { $0.role != .form && $0.role != .title }.flatMap(\.text)
  }

  private func knownKind(_ words: [NameWord], hasForm: Bool) -> NameKind {
    guard kind == .unknown else { return kind }
    let isCompany =
      hasForm || words.contains { $0.role == .form || $0.role == .number }
      || words.filter { $0.role == .common }.count * 2 >= words.count
    return isCompany ? .organisation : .unknown
  }
}
