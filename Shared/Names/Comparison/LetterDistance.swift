/// How far two words are from each other, in letters. Sounds that languages exchange cost less than a letter.
enum LetterDistance {
  /// nil when more than the limit.
  static func cost(_ left: [UInt8], _ right: [UInt8], limit: Float) -> Float? {
    // One equal letter stays, so that a doubled one is seen.
    let (first, second) = (trimmed(left, right, keeping: 1), trimmed(right, left, keeping: 1))
    if left == right { return 0 }
    let result = withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * (second.count + 1)) { rows in
      rows.initialize(repeating: 0)
      return fill(first, second, rows, limit: limit)
    }
    return result <= limit ? result : nil
  }

  /// Without the beginning and the end that are the same.
  private static func trimmed(_ word: [UInt8], _ other: [UInt8], keeping kept: Int = 0) -> ArraySlice<UInt8> {
    var start = 0
    let shorter = min(word.count, other.count)
    while start < shorter, word[start] == other[start] { start += 1 }
    var end = 0
    while end < shorter - start, word[word.count - 1 - end] == other[other.count - 1 - end] { end += 1 }
    return word[max(0, start - kept)..<(word.count - end)]
  }

  private static func fill(
    _ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>, _ rows: UnsafeMutableBufferPointer<Float>, limit: Float
  ) -> Float {
    let width = right.count + 1
    var (beforeLast, last, current) = (0, width, 2 * width)
    for column in 1..<max(width, 2) where column < width {
      rows[last + column] = rows[last + column - 1] + presence(of: column - 1, in: right)
    }
    for row in 0..<left.count {
      rows[current] = rows[last] + presence(of: row, in: left)
      var best = rows[current]
      let letter = left[left.startIndex + row]
      for column in 0..<right.count {
        let other = right[right.startIndex + column]
        var cost = rows[last + column] + exchange(letter, other)
        cost = min(cost, rows[last + column + 1] + presence(of: row, in: left))
        cost = min(cost, rows[current + column] + presence(of: column, in: right))
        if row > 0, column > 0, letter == right[right.startIndex + column - 1],
          left[left.startIndex + row - 1] == other, letter != other
        {
          cost = min(cost, rows[beforeLast + column - 1] + swapped)
        }
        rows[current + column + 1] = cost
        best = min(best, cost)
      }
      if best > limit { return .infinity }
      (beforeLast, last, current) = (last, current, beforeLast)
    }
    return rows[last + right.count]
  }

  private static let swapped: Float = 0.8

  /// What it costs that a letter is there at all: little for a doubled one, an `h`, a vowel.
  private static func presence(of index: Int, in word: ArraySlice<UInt8>) -> Float {
    let letter = word[word.startIndex + index]
    if index > 0, word[word.startIndex + index - 1] == letter { return 0.4 }
    switch letter {
    case UInt8(ascii: "h"): return 0.6
    case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"),
      UInt8(ascii: "y"):
      return 0.75
    default: return 1
    }
  }

  private static func exchange(_ left: UInt8, _ right: UInt8) -> Float {
    if left == right { return 0 }
    guard (97...122).contains(left), (97...122).contains(right) else { return 1 }
    return table[Int(left - 97) * 26 + Int(right - 97)]
  }

  private static let table: [Float] = {
    var table = [Float](repeating: 1, count: 676)
    func set(_ letters: StaticString, _ cost: Float) {
      let bytes = letters.withUTF8Buffer { Array($0) }
      for left in bytes {
        for right in bytes where left != right { table[Int(left - 97) * 26 + Int(right - 97)] = cost }
      }
    }
    set("aeiouy", 0.75)
    set("ae", 0.6)
    set("ei", 0.5)
    set("ou", 0.4)
    set("dt", 0.8)
    set("bp", 0.8)
    set("gk", 0.8)
    set("jz", 0.8)
    set("cs", 0.7)
    set("gj", 0.7)
    set("vb", 0.8)
    set("ij", 0.4)
    set("jy", 0.3)
    set("iy", 0.25)
    set("ckq", 0.3)
    set("sz", 0.4)
    set("vw", 0.3)
    set("vf", 0.6)
    set("hx", 0.7)
    return table
  }()

  /// One letter inserted, left out, replaced, or two neighbours swapped.
  static func isOneEditAway(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard abs(left.count - right.count) <= 1 else { return false }
    let (first, second) = (trimmed(left, right), trimmed(right, left))
    if first.count <= 1, second.count <= 1 { return true }
    return first.count == 2 && second.count == 2 && first.elementsEqual(second.reversed())
  }

  /// Plain edits, a swap counting one; nil above the limit.
  static func edits(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int? {
    guard abs(left.count - right.count) <= limit else { return nil }
    let (first, second) = (trimmed(left, right), trimmed(right, left))
    if first.isEmpty { return second.count <= limit ? second.count : nil }
    if second.isEmpty { return first.count <= limit ? first.count : nil }
    return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 3 * (second.count + 1)) { rows in
      rows.initialize(repeating: 0)
      return editCount(first, second, rows, limit: limit)
    }
  }

  private static func editCount(
    _ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>, _ rows: UnsafeMutableBufferPointer<Int32>, limit: Int
  ) -> Int? {
    let width = right.count + 1
    var (beforeLast, last, current) = (0, width, 2 * width)
    for column in 0..<width { rows[last + column] = Int32(column) }
    for row in 0..<left.count {
      rows[current] = Int32(row + 1)
      var best = rows[current]
      let letter = left[left.startIndex + row]
      for column in 0..<right.count {
        let other = right[right.startIndex + column]
        var cost = min(
          rows[last + column] + (letter == other ? 0 : 1),
          min(rows[last + column + 1], rows[current + column]) + 1)
        if row > 0, column > 0, letter == right[right.startIndex + column - 1],
          left[left.startIndex + row - 1] == other
        {
          cost = min(cost, rows[beforeLast + column - 1] + 1)
        }
        rows[current + column + 1] = cost
        best = min(best, cost)
      }
      if best > limit { return nil }
      (beforeLast, last, current) = (last, current, beforeLast)
    }
    let result = Int(rows[last + right.count])
    return result <= limit ? result : nil
  }
}
