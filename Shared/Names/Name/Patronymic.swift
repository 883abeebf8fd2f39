/// The father's name in Slavic names; its ending is the same in all of them.
enum Patronymic {
  static func stem(_ word: [UInt8]) -> [UInt8]? {
    for ending in endings where word.count >= ending.count + 3 && word.suffix(ending.count).elementsEqual(ending) {
      return Array(word.dropLast(ending.count))
    }
    return nil
  }

  private static let endings: [[UInt8]] = [
    "ovich", "evich", "ovych", "evych", "avich", "ovna", "evna", "ivna", "yevich", "yevna",
  ].map { Array($0.utf8) }
}
