import CICU
import Synchronization

/// A transliteration of ICU, by its identifier.
final class Transliterator: Sendable {
  /// Chinese characters by their Mandarin sound, Thai and the scripts of India and others letter by letter.
  static let latin = Transliterator("Any-Latin; Latin-ASCII; Lower")
  static let simplifiedChinese = Transliterator("Hant-Hans")

  private let handle: Mutex<pabean_transliterator?>

  init(_ identifier: String) { handle = Mutex(pabean_transliterator_open(identifier)) }

  deinit { handle.withLock { if let opened = $0 { pabean_transliterator_close(opened) } } }

  /// The text itself where ICU cannot: an unread name is still compared in its own letters.
  func apply(_ text: String) -> String {
    var units = Array(text.utf16)
    let length = units.count
    guard length > 0, length <= Transliterator.unitsMax else { return text }
    units += [UInt16](repeating: 0, count: 6 * length + 64)
    let written = handle.withLock { opened in
      opened.map { pabean_transliterator_apply($0, &units, Int32(length), Int32(units.count)) } ?? -1
    }
    guard written >= 0 else { return text }
    return String(decoding: units[..<Int(written)], as: UTF16.self)
  }

  private static let unitsMax = 4096
}
