import Domain

/// What earlier decisions on the very same product say. The newest counts: it supersedes all before it.
struct PrecedentReading {
  /// The newest decision for a code that no later decision refused.
  private(set) var accepted: Precedent?
  /// Refusals that stand: no later decision took the code after all. By code, newest first.
  private var refusals: [Precedent] = []
  private var support = 0
  private var hasDissent = false

  init(_ precedents: [Precedent], product: Product, market: Market) {
    guard !precedents.isEmpty else { return }
    let fingerprint = ProductFingerprint.of(product)
    let relevant =
      precedents
      .filter { $0.fingerprint == fingerprint && ($0.market == nil || $0.market == market) }
      .sorted { ($0.decidedAt, $0.id) > ($1.decidedAt, $1.id) }
    for precedent in relevant { read(precedent) }
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

  func apply(to candidates: inout [Candidate], title: (HSCode) -> String?) {
    for refusal in refusals { lower(refusal, in: &candidates) }
    if !refusals.isEmpty { candidates.sort { ($0.confidence, $1.code) > ($1.confidence, $0.code) } }
    if let accepted { lift(accepted, in: &candidates, title: title(accepted.code) ?? accepted.title) }
  }

  private func lower(_ refusal: Precedent, in candidates: inout [Candidate]) {
    let least = candidates.map(\.confidence.probability).min() ?? 0
    for index in candidates.indices where candidates[index].code.subheading == refusal.code.subheading {
      let lowered = min(candidates[index].confidence.probability / 20, least / 2)
      candidates[index].confidence = Confidence(lowered)
      candidates[index].evidence.insert(
        evidence(refusal, "A person refused this code for the same product on \(refusal.decidedAt.date)"), at: 0)
    }
  }

  private func lift(_ precedent: Precedent, in candidates: inout [Candidate], title: String) {
    let verb = precedent.outcome == .corrected ? "corrected to this code" : "approved with this code"
    let reason = evidence(precedent, "The same product was \(verb) on \(precedent.decidedAt.date)")
    let place = candidates.firstIndex { $0.code.subheading == precedent.code.subheading }
    let others = place.map { candidates.remove(at: $0).evidence } ?? []
    let confidence = hasDissent ? 0.93 : support > 1 ? 0.985 : 0.96
    for index in candidates.indices {
      let lowered = min(candidates[index].confidence.probability, 1 - confidence)
      candidates[index].confidence = Confidence(lowered)
    }
    candidates.insert(
      Candidate(
        code: precedent.code, title: title, confidence: Confidence(confidence), evidence: [reason] + others), at: 0)
  }

  private func evidence(_ precedent: Precedent, _ text: String) -> ClassificationEvidence {
    ClassificationEvidence(kind: .precedent, text: "\(text): \(precedent.title)", reference: precedent.id)
  }
}
