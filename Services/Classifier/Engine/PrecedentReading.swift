import Domain

/// What the precedents of one product, or of its variants, say. The newest counts: it supersedes all before it.
struct PrecedentReading {
  /// The newest for a code that no later one refused.
  private(set) var accepted: Precedent?
  /// Refusals that stand: none later took the code after all. By code, newest first.
  private(set) var refusals: [Precedent] = []
  private var support = 0
  private var hasDissent = false
  private let kinship: Kinship

  enum Kinship { case same, variant }

  init(_ precedents: [Precedent], _ kinship: Kinship) {
    self.kinship = kinship
    for precedent in precedents.sorted(by: { ($0.decidedAt, $0.id) > ($1.decidedAt, $1.id) }) { read(precedent) }
  }

  private mutating func read(_ precedent: Precedent) {
    if precedent.outcome == .rejected {
      let isSettled = accepted?.code == precedent.code || refusals.contains { $0.code == precedent.code }
      if !isSettled { refusals.append(precedent) }
      return
    }
    if refusals.contains(where: { $0.code == precedent.code }) { return }
    if let accepted {
      if accepted.code == precedent.code { support += 1 } else { hasDissent = true }
    } else {
      accepted = precedent
      support = 1
    }
  }

  /// A correction settles what was decided otherwise before. Approvals of different codes settle nothing.
  private var confidence: Double {
    if hasDissent { return accepted?.outcome == .corrected ? (kinship == .same ? 0.93 : 0.88) : 0.6 }
    return switch kinship {
    case .same: support > 1 ? 0.985 : 0.96
    case .variant: support > 1 ? 0.96 : 0.94
    }
  }

  private var goods: String { kinship == .same ? "The same product" : "A variant of this product" }

  func apply(to candidates: inout [Candidate], title: (HSCode) -> String?) {
    for refusal in refusals { lower(refusal, in: &candidates) }
    if !refusals.isEmpty { candidates.sort { ($0.confidence, $1.code) > ($1.confidence, $0.code) } }
    if let accepted { lift(accepted, in: &candidates, title: title(accepted.code) ?? accepted.description.title) }
  }

  private func lower(_ refusal: Precedent, in candidates: inout [Candidate]) {
    let least = candidates.map(\.confidence.probability).min() ?? 0
    for index in candidates.indices where candidates[index].code.subheading == refusal.code.subheading {
      let lowered = min(candidates[index].confidence.probability / 20, least / 2)
      candidates[index].confidence = Confidence(lowered)
      candidates[index].evidence.insert(refusal.evidence(goods), at: 0)
    }
  }

  private func lift(_ precedent: Precedent, in candidates: inout [Candidate], title: String) {
    let place = candidates.firstIndex { $0.code.subheading == precedent.code.subheading }
    let others = place.map { candidates.remove(at: $0).evidence } ?? []
    for index in candidates.indices {
      let lowered = min(candidates[index].confidence.probability, 1 - confidence)
      candidates[index].confidence = Confidence(lowered)
    }
    candidates.insert(
      Candidate(
        code: precedent.code, title: title, confidence: Confidence(confidence),
        evidence: [precedent.evidence(goods)] + others), at: 0)
  }
}

extension Precedent {
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
