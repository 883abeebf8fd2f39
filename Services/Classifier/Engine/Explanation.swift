import Domain

/// Why each candidate stands where it stands, word by word.
struct Explanation {
  let ranked: [HSCode]
  let stream: TokenStream
  /// What each token adds to each candidate: by token, a lane for each rank.
  let shares: [SIMD8<Float>]

  private static let wordsFor = 4
  private static let wordsAgainst = 2
  private static let longestWord = 40

  init(reading: CodeScorer.Reading, scorer: CodeScorer, ranked: [HSCode]) {
    self.ranked = ranked
    stream = reading.stream
    let contributions = scorer.linear.contributions(
      reading.known, to: ranked.map { scorer.nomenclature.place(of: $0) })
    var shares = [SIMD8<Float>](repeating: .zero, count: stream.tokens.count)
    for (item, share) in zip(reading.known, contributions) { shares[Int(item.token)] += share }
    self.shares = shares
  }

  func evidence(rank: Int, notes: [String]) -> [ClassificationEvidence] {
    let notes = notes.prefix(1).map { note in
      ClassificationEvidence(kind: .note, text: note, reference: ranked[rank].digits)
    }
    return favouring(rank) + opposing(rank) + notes
  }

  private func favouring(_ rank: Int) -> [ClassificationEvidence] {
    let row = shares.map { $0[rank] }
    let total = max(row.reduce(0, +), 0.001)
    return strongest(row, count: Explanation.wordsFor).map { token in
      ClassificationEvidence(kind: .wordFor, text: word(token), weight: millionths(row[token] / total))
    }
  }

  /// Words that speak louder for another candidate, and for which.
  private func opposing(_ rank: Int) -> [ClassificationEvidence] {
    var lead = [Float](repeating: 0, count: shares.count)
    var rival = [Int](repeating: rank, count: shares.count)
    for (token, share) in shares.enumerated() {
      for other in ranked.indices where share[other] - share[rank] > lead[token] {
        lead[token] = share[other] - share[rank]
        rival[token] = other
      }
    }
    let total = max(shares.reduce(0) { $0 + $1[rank] }, 0.001)
    return strongest(lead, count: Explanation.wordsAgainst).map { token in
      ClassificationEvidence(
        kind: .wordAgainst, text: word(token), reference: ranked[rival[token]].digits,
        weight: -millionths(lead[token] / total))
    }
  }

  /// The tokens of most weight; the same word counts once.
  private func strongest(_ weights: [Float], count: Int) -> [Int] {
    var chosen: [Int] = []
    let speaking = weights.indices.filter { weights[$0] > 0.05 }
    for token in speaking.sorted(by: { (weights[$0], $1) > (weights[$1], $0) }) {
      if chosen.contains(where: { letters($0).elementsEqual(letters(token)) }) { continue }
      chosen.append(token)
      if chosen.count == count { break }
    }
    return chosen
  }

  private func word(_ token: Int) -> String { String(decoding: letters(token), as: UTF8.self) }

  /// The token, or the beginning of a long one.
  private func letters(_ token: Int) -> ArraySlice<UInt8> {
    let bytes = stream.letters(at: token)
    guard bytes.count > Explanation.longestWord else { return bytes }
    let ends = bytes.indices.filter { bytes[$0] & 0xC0 != 0x80 }.dropFirst(Explanation.longestWord)
    return bytes[..<(ends.first ?? bytes.endIndex)]
  }

  private func millionths(_ share: Float) -> Int32 { Int32((min(share, 1) * 1_000_000).rounded()) }
}
