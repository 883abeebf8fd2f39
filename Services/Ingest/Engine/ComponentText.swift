/// Splits text such as `60% cotton, polyester (40%)` into shares and names.
enum ComponentText {
  struct Piece: Equatable {
    var text: String
    var name: String
    var percent: String?
  }

  static func pieces(_ text: String) -> [Piece] {
    separated(text).flatMap(byPercentage).map(piece)
  }

  /// At commas, semicolons and the like, but not inside brackets: `vitamins (A, C)` is one ingredient.
  private static func separated(_ text: String) -> [String] {
    var parts: [String] = [""]
    var depth = 0
    for character in text.replacingPlusAnd() {
      switch character {
      case "(", "[", "（": depth += 1
      case ")", "]", "）": depth = max(0, depth - 1)
      default: break
      }
      if depth == 0, ",;/+&、，；|".contains(character) {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts.map(CleanText.clean).filter { !$0.isEmpty }
  }

  /// `60% cotton 40% polyester` and `cotton 60% polyester 40%` have no separator but the percent signs.
  private static func byPercentage(_ part: String) -> [String] {
    let words = part.split(separator: " ").map(String.init)
    guard words.filter({ $0.contains("%") }).count > 1, !part.contains("(") else { return [part] }
    var groups: [[String]] = []
    let leading = words[0].contains("%") || (words.count > 1 && words[1] == "%")
    for word in joinedSigns(words) {
      let isShare = word.contains("%")
      if groups.isEmpty || (leading && isShare) || (!leading && groups[groups.count - 1].last?.contains("%") == true) {
        groups.append([word])
      } else {
        groups[groups.count - 1].append(word)
      }
    }
    return groups.map { $0.joined(separator: " ") }
  }

  private static func joinedSigns(_ words: [String]) -> [String] {
    words.reduce(into: []) { joined, word in
      if word == "%", let last = joined.popLast() { joined.append(last + "%") } else { joined.append(word) }
    }
  }

  private static func piece(_ text: String) -> Piece {
    guard let sign = text.firstIndex(where: { $0 == "%" || $0 == "％" }) else {
      return Piece(text: text, name: text, percent: nil)
    }
    let before = text[..<sign]
    let spaced = before.reversed().prefix { $0 == " " }.count
    let digits = before.dropLast(spaced).reversed().prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
    let share = String(digits.reversed())
    let rest = "\(before.dropLast(spaced + digits.count)) \(text[text.index(after: sign)...])"
    let name = rest.split(separator: " ").filter { !["()", "(", ")", ":", "-"].contains($0) }.joined(separator: " ")
    return Piece(text: text, name: trimmed(name.replacingEmptyBrackets()), percent: share.isEmpty ? nil : share)
  }

  private static func trimmed(_ name: String) -> String {
    let edges: (Character) -> Bool = { ":-–. ".contains($0) }
    let start = name.drop(while: edges)
    return String(start.reversed().drop(while: edges).reversed())
  }
}

extension String {
  fileprivate func replacingPlusAnd() -> String {
    split(separator: " ").map { $0.lowercased() == "and" ? "," : String($0) }.joined(separator: " ")
  }

  fileprivate func replacingEmptyBrackets() -> String {
    guard let open = firstIndex(of: "("), let close = self[open...].firstIndex(of: ")") else { return self }
    let inside = self[index(after: open)..<close]
    return inside.allSatisfy { $0 == " " } ? String(self[..<open]) + String(self[index(after: close)...]) : self
  }
}
