import Domain

/// What the precedents of one product, or of its variants, say. The newest counts: it supersedes all before it.
struct PrecedentReading {
  /// The newest for a code that no later one refused.
  private(set) var accepted: Precedent?
  /// Refusals that stand: none later took the code after all. By code, newest first.
  private(set) var refusals: [Precedent] = []
  /// The newest for each other code that was accepted before, newest first.
  private var dissent: [Precedent] = []
  private var support = 0
  private var isCorrected = false
  private let kinship: Kinship

  enum Kinship { case same, variant }

  init(_ precedents: [Precedent], _ kinship: Kinship) {
    self.kinship = kinship
    for precedent in precedents.sorted(by: { $0.supersedes($1) }) { read(precedent) }
  }

  private mutating func read(_ precedent: Precedent) {
    if precedent.outcome == .rejected {
      let isSettled = accepted?.code == precedent.code || refusals.contains { $0.code == precedent.code }
      if !isSettled { refusals.append(precedent) }
      return
    }
    if refusals.contains(where: { $0.code == precedent.code }) { return }
    guard let accepted else {
      accepted = precedent
      support = 1
      isCorrected = precedent.outcome == .corrected
      return
    }
    if accepted.code == precedent.code {
      support += 1
      // Whoever approved what a correction says agrees with it: what was decided before that one dissents no more.
      if precedent.outcome == .corrected, dissent.isEmpty { isCorrected = true }
    } else if !isCorrected || support == 1 {
      if !dissent.contains(where: { $0.code == precedent.code }) { dissent.append(precedent) }
    }
  }

  /// A correction settles what was decided otherwise before. Approvals of different codes settle nothing.
  private var confidence: Double {
    if !dissent.isEmpty { return isCorrected ? (kinship == .same ? 0.93 : 0.88) : 0.6 }
    return switch kinship {
    case .same: support > 1 ? 0.985 : 0.96
    case .variant: support > 1 ? 0.96 : 0.94
    }
  }

  private var goods: String { kinship == .same ? "The same product" : "A variant of this product" }

  /// - Parameter most: however much speaks for a code, it is no surer than this.
  func apply(to candidates: inout [Candidate], most: Double, title: (HSCode) -> String?) {
    for refusal in refusals { lower(refusal, in: &candidates) }
    if !refusals.isEmpty { candidates.sort { ($0.confidence, $1.code) > ($1.confidence, $0.code) } }
    guard let accepted else { return }
    let sureness = min(confidence, most)
    if !dissent.isEmpty { lower(all: &candidates, to: (1 - sureness) / 2) }
    for other in dissent.reversed() { raise(other, to: 1 - sureness, in: &candidates, title) }
    lift(accepted, to: sureness, in: &candidates, title: title(accepted.code) ?? accepted.description.title)
  }

  /// What was accepted before stands beside what is accepted now, so that whoever decides sees both.
  private func raise(
    _ precedent: Precedent, to share: Double, in candidates: inout [Candidate], _ title: (HSCode) -> String?
  ) {
    let place = candidates.firstIndex { $0.code.subheading == precedent.code.subheading }
    var candidate =
      place.map { candidates.remove(at: $0) }
      ?? Candidate(
        code: precedent.code, title: title(precedent.code) ?? precedent.description.title, confidence: Confidence(0))
    candidate.confidence = max(candidate.confidence, Confidence(share))
    candidate.evidence.insert(precedent.evidence(goods), at: 0)
    candidates.insert(candidate, at: 0)
  }

  private func lower(_ refusal: Precedent, in candidates: inout [Candidate]) {
    let least = candidates.map(\.confidence.probability).min() ?? 0
    for index in candidates.indices where candidates[index].code.subheading == refusal.code.subheading {
      let lowered = min(candidates[index].confidence.probability / 20, least / 2)
      candidates[index].confidence = Confidence(lowered)
      candidates[index].evidence.insert(refusal.evidence(goods), at: 0)
    }
  }

  private func lower(all candidates: inout [Candidate], to most: Double) {
    for index in candidates.indices {
      candidates[index].confidence = min(candidates[index].confidence, Confidence(most))
    }
  }

  private func lift(
    _ precedent: Precedent, to confidence: Double, in candidates: inout [Candidate], title: String
  ) {
    let place = candidates.firstIndex { $0.code.subheading == precedent.code.subheading }
    let others = place.map { candidates.remove(at: $0).evidence } ?? []
    lower(all: &candidates, to: 1 - confidence)
    candidates.insert(
      Candidate(
        code: precedent.code, title: title, confidence: Confidence(confidence),
        evidence: [precedent.evidence(goods)] + others), at: 0)
  }
}

extension Precedent {
  /// Of two of the same instant, as imported days are, the more cautious counts: a refusal, then a correction.
  func supersedes(_ other: Precedent) -> Bool {
    (decidedAt, outcome.caution, id) > (other.decidedAt, other.outcome.caution, other.id)
  }

  /// - Parameter goods: what it was about, seen from the product at hand: "A similar product".
  func evidence(_ goods: String) -> ClassificationEvidence {
    let date = decidedAt.date
    let said: String =
      switch (source, outcome) {
      case (.ruling, _): "\(authority) ruled so in \(reference) of \(date)"
      case (.submission, .rejected): "\(goods) was rejected with this code on \(date)\(number)"
      case (.submission, _): "\(goods) was accepted with this code on \(date)\(number)"
      case (.decision, .approved): "\(goods) was approved with this code on \(date)"
      case (.decision, .corrected): "\(goods) was corrected to this code on \(date)"
      case (.decision, .rejected): "\(goods) was refused this code on \(date)"
      }
    let remark = reason.isEmpty ? "" : ". \(reason)"
    return ClassificationEvidence(
      kind: source == .ruling ? .ruling : .precedent, text: "\(said): \(description.title)\(remark)",
      reference: id.description)
  }

  private var number: String { reference.isEmpty ? "" : " (\(reference))" }
}

extension Precedent.Outcome {
  fileprivate var caution: Int {
    switch self {
    case .approved: 0
    case .corrected: 1
    case .rejected: 2
    }
  }
}
