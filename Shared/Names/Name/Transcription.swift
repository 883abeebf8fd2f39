/// One spelling of the sounds that German and French write in their own way: `Tschemesow`, `Tchemezov`, `Chemezov`.
enum Transcription {
  static func plain(_ word: [UInt8]) -> [UInt8] {
    guard word.count >= 5, word.contains(UInt8(ascii: "c")) else { return word }
    var plain: [UInt8] = []
    plain.reserveCapacity(word.count)
    var rest = word[...]
    while let letter = rest.first {
      if let (spelling, sound) = sounds.first(where: { rest.starts(with: $0.0) }) {
        plain += sound
        rest = rest.dropFirst(spelling.count)
      } else {
        plain.append(letter)
        rest = rest.dropFirst()
      }
    }
    return plain
  }

  /// The longest first.
  private static let sounds: [([UInt8], [UInt8])] = [("tsch", "ch"), ("sch", "sh"), ("tch", "ch")].map {
    (Array($0.utf8), Array($1.utf8))
  }
}
