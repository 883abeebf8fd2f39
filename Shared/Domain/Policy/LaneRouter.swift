/// Turns classification, findings and policy into a lane. A case clears by itself only when nothing at all speaks
/// against it: every doubt adds a reason, and any reason takes the case out of the automatic lane.
public struct LaneRouter: Sendable {
  public let policy: Policy
  public let policyVersion: Int64

  public init(policy: Policy, policyVersion: Int64) {
    self.policy = policy
    self.policyVersion = policyVersion
  }

  public func route(
    _ product: Product, in market: Market, _ classification: Classification, _ screening: Screening,
    familiarity: Familiarity = .unknown
  ) -> Routing {
    let settings = policy.settings(for: market)
    let triggers = firing(product, market, classification, screening, familiarity)
    var doubts: [Doubt] = []
    // The gravest first, as whoever decides should read them.
    doubts += screeningDoubts(screening)
    doubts += triggers.map { Doubt(reason: .init(.trigger, $0.reason), roles: $0.roles) }
    doubts += confidenceDoubts(classification, settings)
    doubts += missingFieldDoubts(product, settings)
    guard !doubts.isEmpty else {
      return Routing(
        lane: .auto, reasons: [clearReason(classification, settings)], roles: [], policyVersion: policyVersion)
    }
    let roles = Set(doubts.flatMap(\.roles))
    let fourEyes = triggers.filter(\.requiresTwoPeople).map {
      RoutingReason(.fourEyes, "Two people must agree: \($0.reason)")
    }
    return Routing(
      lane: doubts.contains { $0.needsFreshWork } ? .manual : .exception, reasons: doubts.map(\.reason) + fourEyes,
      roles: roles.isEmpty ? [.broker] : roles.sorted(), policyVersion: policyVersion,
      requiresTwoPeople: !fourEyes.isEmpty)
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
    return settings.errorBudget.flatMap { budgetDoubt(classification, $0) }.map { [$0] } ?? []
  }

  private func budgetDoubt(_ classification: Classification, _ budget: Confidence) -> Doubt? {
    guard let bound = classification.certainty?.errorBound else {
      let text =
        "Too few decisions prove how often answers like this are wrong: the error budget of \(budget) cannot be held."
      return Doubt(reason: .init(.belowAutoClear, text))
    }
    guard bound > budget else { return nil }
    let text = "Of answers as sure as this up to \(bound.ceiling) are wrong, above the error budget of \(budget)."
    return Doubt(reason: .init(.belowAutoClear, text))
  }

  private func screeningDoubts(_ screening: Screening) -> [Doubt] {
    let gravestFirst = Finding.Effect.allCases.reversed().flatMap { effect in
      screening.findings.filter { $0.effect == effect && $0.blocksClearance }
    }
    var doubts = gravestFirst.map { finding in
      Doubt(reason: .init(.finding, finding.summary), roles: finding.roles)
    }
    if screening.packVersion.isEmpty || screening.packVersion == Screening.noPack {
      let text = "The market's rules could not be consulted."
      doubts.append(Doubt(reason: .init(.screeningIncomplete, text), roles: [.compliance]))
    }
    let isToldUnknown = screening.findings.contains { $0.ruleID == Finding.dutyNotKnown && $0.blocksClearance }
    if policy.duty.holdsUnknown, !isToldUnknown, screening.duties.first?.total == nil {
      let text = "Duty and taxes are not known, and the policy clears nothing without them."
      doubts.append(Doubt(reason: .init(.dutyUnknown, text), roles: [.finance]))
    }
    return doubts
  }

  /// Triggers look at every suggested code, not the best alone: a doubtful weapon is a doubt.
  private func firing(
    _ product: Product, _ market: Market, _ classification: Classification, _ screening: Screening,
    _ familiarity: Familiarity
  ) -> [Trigger] {
    let codes = classification.candidates.prefix(3).map(\.code)
    return policy.triggers.filter {
      $0.fires(for: product, in: market, codes: codes, screening: screening, familiarity: familiarity)
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
