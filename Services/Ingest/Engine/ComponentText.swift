import Domain

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

  /// At commas, semicolons and the like, but not inside brackets, as in `vitamins (A, C)`, nor inside numbers, as in
  /// `18/8 stainless steel`.
  private static func separated(_ text: String) -> [String] {
    var parts: [String] = [""]
    var depth = 0
    let characters = Array(text.replacingAnd())
    for (index, character) in characters.enumerated() {
      switch character {
      case "(", "[", "（": depth += 1
      case ")", "]", "）": depth = max(0, depth - 1)
      default: break
      }
      let isInNumber =
        index > 0 && index + 1 < characters.count && isDigit(characters[index - 1]) && isDigit(characters[index + 1])
      if depth == 0, !isInNumber, ",;/+&、，；|".contains(character) {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts.map(CleanText.clean).filter { !$0.isEmpty }
  }

  private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

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
    // `less than 5% elastane` states no share, and stays as it is written.
    guard let sign = text.firstIndex(where: { $0 == "%" || $0 == "％" }), !isApproximate(text) else {
      return Piece(text: text, name: text, percent: nil)
    }
    let before = text[..<sign]
    let spaced = before.reversed().prefix { $0 == " " }.count
    let digits = before.dropLast(spaced).reversed().prefix { isDigit($0) || $0 == "." || $0 == "," || $0 == "-" }
    let share = String(digits.reversed())
    let rest = "\(before.dropLast(spaced + digits.count)) \(text[text.index(after: sign)...])"
    let name = rest.split(separator: " ").filter { !["()", "(", ")", ":", "-"].contains($0) }.joined(separator: " ")
    return Piece(text: text, name: trimmed(name.replacingEmptyBrackets()), percent: share.isEmpty ? nil : share)
  }

  private static func isApproximate(_ text: String) -> Bool {
    let lower = text.lowercased()
    return lower.contains { "<>≤≥~±".contains($0) }
      || ["less than", "more than", "up to", "at least", "approx", "about", "max", "min."].contains {
        lower.hasPrefix($0)
      }
  }

  /// Garments state shares part by part, each adding up to 100%: `Shell: 100% cotton; Lining: 100% polyester`. Those are
  /// no shares of the whole, so each stays as it is written. nil when the pieces are not of that kind.
  static func byParts(_ pieces: [Piece]) -> [Piece]? {
    var totals: [Decimal] = []
    for piece in pieces {
      if piece.name.contains(":") || piece.name.contains("：") { totals.append(.zero) }
      guard !totals.isEmpty, let share = piece.percent.flatMap({ try? NumberText.read($0) }), share > 0 else {
        return nil
      }
      totals[totals.count - 1] = totals[totals.count - 1] + share
    }
    guard totals.count > 1, totals.allSatisfy({ $0 <= 100 }) else { return nil }
    return pieces.map { Piece(text: $0.text, name: $0.text, percent: nil) }
  }

  private static func trimmed(_ name: String) -> String {
    let edges: (Character) -> Bool = { ":-–. ".contains($0) }
    let start = name.drop(while: edges)
    return String(start.reversed().drop(while: edges).reversed())
  }
}

extension String {
  fileprivate func replacingAnd() -> String {
    split(separator: " ").map { $0.lowercased() == "and" ? "," : String($0) }.joined(separator: " ")
  }

  fileprivate func replacingEmptyBrackets() -> String {
    guard let open = firstIndex(of: "("), let close = self[open...].firstIndex(of: ")") else { return self }
    let inside = self[index(after: open)..<close]
    return inside.allSatisfy { $0 == " " } ? String(self[..<open]) + String(self[index(after: close)...]) : self
  }
}
