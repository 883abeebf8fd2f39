import Domain
import Glibc

/// What precedents of similar products add to the candidates: each multiplies the odds of its code by how often products
/// so alike have the same code. What was decided later about one of them stands in the place of what was decided before.
struct LikenessVote {
  private struct Voice {
    var precedent: Precedent
    var likeness: Double

    /// A refusal speaks of its own code alone. Rulings stand beside one another, and so do approvals of one day.
    func silences(_ earlier: Precedent) -> Bool {
      guard precedent.description == earlier.description, precedent.market == earlier.market else { return false }
      if precedent.code == earlier.code { return true }
      if precedent.outcome == .rejected || earlier.outcome == .rejected { return false }
      if precedent.source == .ruling, earlier.source == .ruling { return precedent.authority == earlier.authority }
      return precedent.decidedAt > earlier.decidedAt || precedent.outcome != earlier.outcome
    }
  }

  private let voices: [Voice]

  /// - Parameter similar: nearest first.
  init(_ similar: [(precedent: Precedent, likeness: Float)]) {
    var voices: [Voice] = []
    for (precedent, likeness) in similar.sorted(by: { $0.precedent.supersedes($1.precedent) }) {
      if voices.contains(where: { $0.silences(precedent) }) { continue }
      voices.append(Voice(precedent: precedent, likeness: Double(likeness)))
    }
    self.voices = voices.sorted {
      ($0.likeness, $0.precedent.decidedAt, $0.precedent.id) > ($1.likeness, $1.precedent.decidedAt, $1.precedent.id)
    }
  }

  var isEmpty: Bool { voices.isEmpty }

  /// A code that is not among the candidates has at least this share.
  private static let leastShare = 0.003
  /// How often any code is right that somebody names.
  private static let prior = 0.02

  func apply(to candidates: inout [Candidate], market: Market, title: (HSCode) -> String?) {
    guard !voices.isEmpty else { return }
    for voice in voices where voice.precedent.outcome != .rejected {
      let code = voice.precedent.code
      if candidates.contains(where: { $0.code.subheading == code.subheading }) { continue }
      candidates.append(
        Candidate(
          code: code, title: title(code) ?? voice.precedent.description.title,
          confidence: Confidence(LikenessVote.leastShare)))
    }
    let shares = candidates.map(\.confidence.probability)
    let rest = max(1 - shares.reduce(0, +), 0.02)
    let votes = candidates.map { vote(for: $0.code, market: market) }
    let weighed = zip(shares, votes).map { $0 * exp($1.logOdds) }
    let total = weighed.reduce(rest, +)
    for place in candidates.indices {
      let share = weighed[place] / total
      candidates[place].confidence = Confidence(min(share, max(shares[place], votes[place].most)))
      candidates[place].evidence = votes[place].evidence + candidates[place].evidence
    }
    candidates.sort { ($0.confidence, $1.code) > ($1.confidence, $0.code) }
  }

  private struct Vote {
    var logOdds = 0.0
    /// However much speaks for it, likeness is not sameness.
    var most = 0.0
    var evidence: [ClassificationEvidence] = []
  }

  private func vote(for code: HSCode, market: Market) -> Vote {
    var vote = Vote()
    var heard = 0
    for voice in voices where voice.precedent.code.subheading == code.subheading {
      let precedent = voice.precedent
      let chance = LikenessVote.chance(voice.likeness)
      var strength = max(0, logit(chance) - logit(LikenessVote.prior))
      if precedent.outcome == .corrected { strength *= 1.15 }
      if precedent.market != market { strength *= 0.7 }
      // The first says most; those after it say much the same.
      strength *= heard == 0 ? 1 : 0.3
      vote.logOdds += precedent.outcome == .rejected ? -strength : strength
      if precedent.outcome != .rejected {
        heard += 1
        vote.most = max(vote.most, chance + (1 - chance) * (heard > 1 ? 0.5 : 0.3))
      }
      if vote.evidence.count < 3 {
        let place = precedent.market == market ? "" : " in \(precedent.market)"
        let goods = "A similar product (\(Int((voice.likeness * 100).rounded())) % alike)\(place)"
        vote.evidence.append(precedent.evidence(goods))
      }
    }
    return vote
  }

  /// How often two products so alike have the same code: judged, and measured in EXPERIMENTS.md.
  private static let curve: [(likeness: Double, chance: Double)] = [
    (0.4, 0.02), (0.5, 0.12), (0.6, 0.3), (0.7, 0.5), (0.8, 0.7), (0.9, 0.85), (1, 0.93),
  ]

  private static func chance(_ likeness: Double) -> Double {
    for (low, high) in zip(curve, curve.dropFirst()) where likeness <= high.likeness {
      let way = max(0, likeness - low.likeness) / (high.likeness - low.likeness)
      return low.chance + way * (high.chance - low.chance)
    }
    return curve[curve.count - 1].chance
  }

  private func logit(_ share: Double) -> Double { log(share / (1 - share)) }
}
