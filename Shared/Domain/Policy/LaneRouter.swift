/// Turns classification, findings and policy into a lane. A case clears by itself only when nothing at all speaks
/// against it: every doubt adds a reason, and any reason takes the case out of the automatic lane.
public struct LaneRouter: Sendable {
  public let policy: Policy
  public let policyVersion: Int64

  public init(policy: Policy, policyVersion: Int64) {
    self.policy = policy
    self.policyVersion = policyVersion
  }

  public func route(_ product: Product, in market: Market, _ classification: Classification, _ screening: Screening)
    -> Routing
  {
    let settings = policy.settings(for: market)
    var doubts: [Doubt] = []
    // The gravest first, as whoever decides should read them.
    doubts += screeningDoubts(screening)
    doubts += triggerDoubts(product, market, classification)
    doubts += confidenceDoubts(classification, settings)
    doubts += missingFieldDoubts(product, settings)
    guard !doubts.isEmpty else {
      return Routing(
        lane: .auto, reasons: [clearReason(classification, settings)], roles: [], policyVersion: policyVersion)
    }
    let roles = Set(doubts.flatMap(\.roles))
    return Routing(
      lane: doubts.contains { $0.needsFreshWork } ? .manual : .exception, reasons: doubts.map(\.reason),
      roles: roles.isEmpty ? [.broker] : roles.sorted(), policyVersion: policyVersion)
  }

  private struct Doubt {
    var reason: RoutingReason
    var roles: [ReviewerRole] = [.broker]
    var needsFreshWork = false
  }

  private func confidenceDoubts(_ classification: Classification, _ settings: Policy.Settings) -> [Doubt] {
    if classification.isTooVague {
      return [Doubt(reason: .init(.tooVague, "The description says too little to classify."), needsFreshWork: true)]
    }
    guard let best = classification.best else {
      return [Doubt(reason: .init(.noCandidate, "The classifier found no candidate code."), needsFreshWork: true)]
    }
    if best.confidence < settings.suggestAt {
      let text = "Confidence \(best.confidence) is below \(settings.suggestAt): no code is suggested."
      return [Doubt(reason: .init(.lowConfidence, text), needsFreshWork: true)]
    }
    if best.confidence < settings.autoClearAt {
      let text = "Confidence \(best.confidence) is below the \(settings.autoClearAt) needed to clear without a person."
      return [Doubt(reason: .init(.belowAutoClear, text))]
    }
    return []
  }

  private func screeningDoubts(_ screening: Screening) -> [Doubt] {
    let gravestFirst = Finding.Effect.allCases.reversed().flatMap { effect in
      screening.findings.filter { $0.effect == effect && $0.blocksClearance }
    }
    var doubts = gravestFirst.map { finding in
      Doubt(reason: .init(.finding, finding.summary), roles: finding.roles)
    }
    if screening.packVersion.isEmpty {
      let text = "The market's rules could not be consulted."
      doubts.append(Doubt(reason: .init(.screeningIncomplete, text), roles: [.compliance]))
    }
    return doubts
  }

  /// Triggers look at every suggested code, not the best alone: a doubtful weapon is a doubt.
  private func triggerDoubts(_ product: Product, _ market: Market, _ classification: Classification) -> [Doubt] {
    let codes = classification.candidates.prefix(3).map(\.code)
    return policy.triggers.filter { $0.fires(for: product, in: market, codes: codes) }.map { trigger in
      Doubt(reason: .init(.trigger, trigger.reason), roles: trigger.roles)
    }
  }

  private func missingFieldDoubts(_ product: Product, _ settings: Policy.Settings) -> [Doubt] {
    settings.requiredFields.filter { ProductField(rawValue: $0)?.isPresent(in: product) != true }.map { name in
      Doubt(reason: .init(.missingField, "The policy requires '\(name)', and the product has none."))
    }
  }

  private func clearReason(_ classification: Classification, _ settings: Policy.Settings) -> RoutingReason {
    let confidence = classification.best?.confidence ?? Confidence(millionths: 0)
    return .init(.clear, "Confidence \(confidence) reaches \(settings.autoClearAt) and no control objects.")
  }
}
