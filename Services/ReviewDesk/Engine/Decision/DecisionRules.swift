import Domain

/// Which decisions a person may take on a case as it stands. Pure, and the only place that answers this.
public struct DecisionRules: Sendable {
  public static let overrideReasonMin = 10

  public let file: CaseFile
  public let reviewer: Reviewer

  public init(_ file: CaseFile, _ reviewer: Reviewer) {
    self.file = file
    self.reviewer = reviewer
  }

  public func rule(_ request: DecisionRequest) throws(Refusal) -> Ruling {
    try requireAuthority()
    if let pending = file.pending { throw pending.refusal }
    if let hold = file.handling.hold(against: reviewer.actor) { throw HandlingRules.held(hold) }
    try requireVersion(request.expectedVersion)
    let ruling = try withSecondPerson(try unchecked(request))
    guard file.state.after(ruling.event) != nil else { throw notWaiting }
    return ruling
  }

  /// What one gave oneself one may take back, while it has not taken effect.
  public func requireUndoable() throws(Refusal) {
    guard file.pending?.person == reviewer.actor else {
      throw Refusal(.conflict, "There is no decision of yours on this case that can still be undone.")
    }
  }

  /// The supplier's answer takes the case back to where it waits for a decision.
  public func accept(_ request: AnswerRequest) throws(Refusal) {
    try requireAuthority()
    if let pending = file.pending { throw pending.refusal }
    if let version = request.expectedVersion { try requireVersion(version) }
    guard file.state.after(.informationReceived) != nil else {
      throw Refusal(.conflict, "The case is \(file.state.phrase): no question waits for an answer.")
    }
  }

  /// Why the candidates cannot be approved, or nil when they can.
  public var obstacleToApproval: Phrase? {
    if let finding = file.prohibition {
      return """
        \(finding.summary) While this prohibition stands, the case can be rejected, or overridden by the compliance \
        lead with a reason.
        """
    }
    guard let best = file.classification?.best else {
      return "There is no candidate code. Override with the right one."
    }
    guard let threshold = file.suggestAt else {
      return "The tenant has no policy in force that says what may be approved."
    }
    if best.confidence < threshold {
      return """
        The best candidate has confidence \(best.confidence.percent), and the policy suggests codes from \
        \(threshold.percent) up. \
        Override with the right code.
        """
    }
    return nil
  }

  /// Rejecting and asking are open to everybody the case was routed to.
  public var mayDecide: Bool { reviewer.mayDecide(for: file.roles) }

  /// Why this person does not clear the case with this code, or nil when they may.
  /// - Parameter code: nil asks for any code at all.
  public func obstacleToClearing(with code: HSCode?) -> Phrase? {
    let open = file.controls(on: code).filter { !reviewer.answers(for: $0.roles) }
    if let gravest = open.first {
      let missing = Set(open.map { Phrase.list($0.roles.map(\.phrase), separator: " / ") })
        .sorted { $0.english < $1.english }
      return """
        \(gravest.text) Clearing this case takes the role \(Phrase.list(missing)) (or the compliance lead).
        """
    }
    if let code, !file.isScreened(code), !reviewer.isComplianceLead {
      return """
        The code \(code.dotted) was not screened, and the market has no pack to screen it with. Only the compliance \
        lead clears the case with it.
        """
    }
    return nil
  }

  // MARK: Two people

  /// Why this person has no say any more where two decide, or nil.
  public var obstacleToOpinion: Phrase? {
    guard file.requiresTwoPeople, file.opinions.contains(where: { $0.person == reviewer.actor }) else { return nil }
    return file.isDisputed
      ? "You and a colleague decided differently. The compliance lead decides."
      : "You have decided. The case waits for a second person, who does not see what you chose."
  }

  private func withSecondPerson(_ ruling: Ruling) throws(Refusal) -> Ruling {
    guard file.requiresTwoPeople, case .decide(let kind, let code, let reason) = ruling else { return ruling }
    if let obstacle = obstacleToOpinion { throw Refusal(.conflict, obstacle) }
    guard let first = file.opinions.first else { return .opine(kind, code: code, reason: reason) }
    if file.opinions.count == 1 {
      return first.agrees(with: kind, code) ? ruling : .differ(kind, code: code, reason: reason)
    }
    guard reviewer.isComplianceLead else {
      throw Refusal(.forbidden, "Two people decided differently. Only the compliance lead decides.")
    }
    return ruling
  }

  // MARK: Requirements

  private func requireAuthority() throws(Refusal) {
    guard !mayDecide else { return }
    let roles = Phrase.list(file.roles.map(\.phrase), separator: " / ")
    throw Refusal(.forbidden, "Only a person with the role \(roles) (or the compliance lead) decides this case.")
  }

  private func requireVersion(_ expected: Int64) throws(Refusal) {
    guard expected != file.version else { return }
    throw Refusal(
      .conflict,
      "You looked at version \(expected) of the case, and it is at version \(file.version) now: \(file.standing)",
      [
        FieldFault(
          field: "/expectedVersion", problem: "The case has changed since.",
          remedy: "Look at the case again, then decide with version \(file.version).")
      ])
  }

  private var notWaiting: Refusal {
    Refusal(.conflict, "The case does not wait for this: \(file.standing)")
  }

  // MARK: Actions

  private func unchecked(_ request: DecisionRequest) throws(Refusal) -> Ruling {
    if request.action != .ask { try requireReasonToCorrect(request) }
    switch request.action {
    case .approve:
      let code = try approvedCode(request)
      try requireRolesToClear(with: code)
      try requireDocuments(request)
      return .decide(.approved, code: code, reason: request.grounds)
    case .override:
      try requireLeadAgainstProhibition()
      guard let code = request.code else { throw missing("code", "Give the code that the product should have.") }
      try requireInNomenclature(code)
      try requireRolesToClear(with: code)
      try requireDocuments(request)
      return .decide(.overridden, code: code, reason: request.grounds)
    case .reject: return .decide(.rejected, code: nil, reason: request.reason)
    case .ask:
      guard let question = request.question else { throw missing("question", "Write what the supplier should answer.") }
      return .ask(question: question)
    }
  }

  /// A decision that was in force is only replaced with a word about why.
  private func requireReasonToCorrect(_ request: DecisionRequest) throws(Refusal) {
    guard !file.decisions.isEmpty, request.reason == nil else { return }
    throw missing("reason", "The case was decided before: say why that decision is replaced.")
  }

  private func approvedCode(_ request: DecisionRequest) throws(Refusal) -> HSCode {
    if let obstacle = obstacleToApproval {
      throw Refusal(
        .unprocessable, obstacle,
        [
          FieldFault(
            field: "/action", problem: "No candidate of this case can be approved.",
            remedy: "Use override with a code and a reason, reject, or ask.")
        ])
    }
    let codes = file.classification?.candidates.map(\.code) ?? []
    guard let wanted = request.code ?? codes.first, codes.contains(wanted) else {
      throw Refusal(
        .unprocessable, "The code is not one of the candidates.",
        [
          FieldFault(
            field: "/code", problem: "The classifier did not propose this code.",
            remedy: "Approve one of \(codes.map(\.digits).joined(separator: ", ")), or override with a reason.")
        ])
    }
    return wanted
  }

  /// Every control is answered for by a role it names: any one role of the routing is not enough.
  private func requireRolesToClear(with code: HSCode) throws(Refusal) {
    guard let obstacle = obstacleToClearing(with: code) else { return }
    throw Refusal(
      .forbidden, obstacle,
      [
        FieldFault(
          field: "/action", problem: "You do not have a role that this takes.",
          remedy: "Reject, ask the supplier, or leave the case to a person with that role.")
      ])
  }

  private func requireLeadAgainstProhibition() throws(Refusal) {
    guard let finding = file.prohibition, !reviewer.isComplianceLead else { return }
    throw Refusal(
      .forbidden, "\(finding.summary) Only the compliance lead overrides a prohibition.",
      [
        FieldFault(
          field: "/action", problem: "A prohibition stands (\(finding.ruleID)).",
          remedy: "Reject the case, or ask the compliance lead.")
      ])
  }

  /// The screening of a code says nothing of one that is in no tariff.
  private func requireInNomenclature(_ code: HSCode) throws(Refusal) {
    guard file.isUnknown(code) else { return }
    throw Refusal(
      .unprocessable, "There is no code \(code.dotted).",
      [
        FieldFault(
          field: "/code", problem: "The Harmonised System does not have this code.",
          remedy: "Look for the right one under Knowledge, Codes.")
      ])
  }

  /// Whoever clears a case that asks for a document says where it is.
  private func requireDocuments(_ request: DecisionRequest) throws(Refusal) {
    let asked = file.documentsAsked
    guard !asked.isEmpty, request.evidence == nil else { return }
    throw Refusal(
      .unprocessable, "A document is asked for, and nothing says where it is.",
      [
        FieldFault(
          field: "/evidence", problem: "These are asked for: \(asked.joined(separator: "; ")).",
          remedy: "Give the number of each, or where it is kept; or ask the supplier for it.")
      ])
  }

  private func missing(_ member: String, _ remedy: Phrase) -> Refusal {
    Refusal(
      .unprocessable, "The decision is not complete.",
      [FieldFault(field: "/\(member)", problem: "This is missing.", remedy: remedy)])
  }
}
