import Domain

/// Everything the desk knows about one case: what a person needs to decide, and what happened so far.
public struct CaseFile: Sendable {
  public var id: CaseID
  public var revision: Int64
  public var product: Product
  public var market: Market
  public var state: CaseState
  public var version: Int64
  public var openedAt: Instant
  public var classification: Classification?
  public var screening: Screening?
  public var routing: Routing?
  /// Oldest first.
  public var decisions: [Decision] = []
  public var documents: [CaseDocument] = []
  public var questions: [SupplierQuestion] = []
  public var deliveries: [CaseDelivery] = []
  public var history: [HistoryEntry] = []
  /// From the policy in force, for this market; nil when there is none.
  public var suggestAt: Confidence?
  /// From the policy that routed the case.
  public var triggers: [Trigger] = []
  /// Of the code that somebody wants, where the stages had not screened it.
  public var codeScreening: CodeScreening?
  /// What somebody wants and no nomenclature has.
  public var unknownCode: HSCode?

  /// What the same revision has in each of its markets; nil where it has one only.
  public var markets: MarketMatrix?
  /// The shipments that wait for this case.
  public var awaitedBy: [ProductFile.Use] = []

  public var handling = CaseHandling()
  /// nil where nothing waits.
  public var clock: ReviewClock?
  /// How long a decision can be undone before it takes effect.
  public var undoTime = Duration.zero
  /// Given, and not in effect yet.
  public var pending: PendingDecision?
  /// About the case at its present version.
  public var opinions: [Opinion] = []

  public init(
    id: CaseID, revision: Int64, product: Product, market: Market, state: CaseState, version: Int64, openedAt: Instant
  ) {
    self.id = id
    self.revision = revision
    self.product = product
    self.market = market
    self.state = state
    self.version = version
    self.openedAt = openedAt
  }

  /// Who is asked. A case that cleared by itself was routed to nobody; brokers correct it.
  public var roles: [ReviewerRole] {
    if handling.escalation != nil { return [.complianceLead] }
    guard let roles = routing?.roles, !roles.isEmpty else { return [.broker] }
    return roles
  }

  /// With those on a code that was screened since.
  public var findings: [Finding] {
    let known = screening?.findings ?? []
    return known + (codeScreening?.findings ?? []).filter { !known.contains($0) }
  }

  public var prohibition: Finding? { findings.first { $0.effect == .prohibit } }

  /// Less likely candidates are screened only in part, so that they do not count.
  public func isScreened(_ code: HSCode) -> Bool {
    guard screening != nil else { return false }
    let supplied = classification?.supplied?.codes ?? product.suppliedCode.map { [$0] } ?? []
    return code == classification?.best?.code || supplied.contains(code) || code == codeScreening?.code
  }

  func isUnknown(_ code: HSCode) -> Bool { unknownCode == code }

  /// The documents without which the case is not cleared.
  public var documentsAsked: [String] {
    var asked: [String] = []
    for finding in findings where finding.effect == .requireDocument {
      let document = finding.requiredDocument ?? finding.summary
      if !asked.contains(document) { asked.append(document) }
    }
    return asked
  }

  /// Everything that asks for particular people before the case is cleared with this code.
  public func controls(on code: HSCode?) -> [Control] {
    let codes = (classification?.candidates.prefix(3).map(\.code) ?? []) + (code.map { [$0] } ?? [])
    let fired = triggers.filter {
      $0.fires(for: product, in: market, codes: codes, screening: screening, familiarity: familiarity)
    }
    return findings.filter(\.blocksClearance).map { Control($0) } + fired.map { Control($0) }
  }

  /// As it was when the case was routed: a trigger that asks for it is among the reasons.
  private var familiarity: Familiarity {
    let told = Set((routing?.reasons ?? []).filter { $0.kind == .trigger }.map(\.text))
    func isNew(_ asks: (Trigger) -> Bool) -> Bool { triggers.contains { asks($0) && told.contains($0.reason) } }
    return Familiarity(isSupplierKnown: !isNew(\.isNewSupplier), isMarketKnown: !isNew(\.isNewMarket))
  }

  public var decision: Decision? { decisions.last }

  /// Two people decide the case, each without knowing what the other chose.
  public var requiresTwoPeople: Bool { routing?.requiresTwoPeople ?? false }

  /// Two people decided, and not the same.
  public var isDisputed: Bool { requiresTwoPeople && opinions.count > 1 }

  /// Nobody learns what the first of two people chose before the second has chosen too.
  public func opinionsShown(to actor: Actor) -> [(person: Actor, opinion: Opinion?)] {
    opinions.map { ($0.person, opinions.count > 1 || $0.person == actor ? $0 : nil) }
  }

  /// One sentence for programs: why the case is in front of a person, or what became of it.
  public var why: String {
    switch state {
    case .awaitingDecision: reasons.first ?? "It was held for a decision."
    case .undeliverable, .conflicted: deliveryFault ?? standing.english
    default: standing.english
    }
  }

  /// What came of the outcome that did not arrive.
  var deliveryFault: String? { deliveries.last { $0.deliveredAt == nil }?.lastError }

  /// Everything that speaks against clearing the case without a person, a prohibition first.
  public var reasons: [String] {
    let texts = routing?.reasons.map(\.text) ?? []
    guard let gravest = prohibition?.summary else { return texts }
    return [gravest] + texts.filter { $0 != gravest }
  }

  /// What the case waits for, or what was decided.
  public var standing: Phrase {
    switch state {
    case .opened, .classified: return "it is still on its way through the automatic stages."
    case .awaitingDecision: return "it waits for a decision."
    case .awaitingInformation: return "it waits for the supplier's answer."
    case .superseded: return "a newer revision of the product took its place."
    case .decided, .documented, .writtenBack, .undeliverable, .conflicted:
      guard let decision else { return "it is \(state.phrase)." }
      let outcome: Phrase = decision.code.map { "\(decision.kind.phrase) \($0.dotted)" } ?? decision.kind.phrase
      return "it was decided on \(decision.decidedAt.date) by \(decision.decidedBy.words): \(outcome)."
    }
  }
}

/// A document of the case, without its bytes.
public struct CaseDocument: Hashable, Sendable {
  public var id: DocumentID
  public var kind: String
  public var name: String
  public var mediaType: String
  public var sha256: String

  public init(id: DocumentID, kind: String, name: String, mediaType: String, sha256: String) {
    self.id = id
    self.kind = kind
    self.name = name
    self.mediaType = mediaType
    self.sha256 = sha256
  }
}

public struct SupplierQuestion: Hashable, Sendable {
  public var question: String
  public var askedBy: Actor
  public var askedAt: Instant
  public var answer: String?
  public var answeredAt: Instant?

  public init(question: String, askedBy: Actor, askedAt: Instant, answer: String?, answeredAt: Instant?) {
    self.question = question
    self.askedBy = askedBy
    self.askedAt = askedAt
    self.answer = answer
    self.answeredAt = answeredAt
  }
}

/// The outcome on its way to one destination.
public struct CaseDelivery: Hashable, Sendable {
  public var id: UniqueID
  public var destination: String
  public var state: String
  public var attempts: Int
  public var lastStatus: Int?
  public var lastError: String?
  public var createdAt: Instant
  public var deliveredAt: Instant?

  public init(
    id: UniqueID, destination: String, state: String, attempts: Int, lastStatus: Int?, lastError: String?,
    createdAt: Instant, deliveredAt: Instant?
  ) {
    self.id = id
    self.destination = destination
    self.state = state
    self.attempts = attempts
    self.lastStatus = lastStatus
    self.lastError = lastError
    self.createdAt = createdAt
    self.deliveredAt = deliveredAt
  }
}
