import Domain

/// What a change of policy or packs would do: the same cases, on the same day, decided by what is in force and by what is
/// proposed. Nothing is stored and nobody is told.
public struct Simulation: Sendable {
  /// A case as it was screened.
  public struct Subject: Sendable {
    public var caseID: CaseID
    public var product: Product
    public var market: Market
    public var classification: Classification
    public var familiarity: Familiarity

    public init(
      caseID: CaseID, product: Product, market: Market, classification: Classification,
      familiarity: Familiarity = .unknown
    ) {
      self.familiarity = familiarity
      self.caseID = caseID
      self.product = product
      self.market = market
      self.classification = classification
    }
  }

  /// All that decides a case besides the case itself.
  public struct Controls: Sendable {
    public var screener: Screener
    public var policy: Policy
    public var policyVersion: Int64
    public var ownRules: OwnRuleBook?

    public init(screener: Screener, policy: Policy, policyVersion: Int64, ownRules: OwnRuleBook? = nil) {
      self.ownRules = ownRules
      self.screener = screener
      self.policy = policy
      self.policyVersion = policyVersion
    }

    func outcome(of subject: Subject, on date: CalendarDate) -> Outcome {
      let screening = screener.screen(
        subject.product, market: subject.market, classification: subject.classification, on: date, duty: policy.duty,
        ownRules: ownRules, requiredLists: policy.requiredLists)
      let routing = LaneRouter(policy: policy, policyVersion: policyVersion)
        .route(
          subject.product, in: subject.market, subject.classification, screening, familiarity: subject.familiarity)
      return Outcome(screening, routing)
    }
  }

  public struct Outcome: Hashable, Sendable {
    public var lane: Lane
    public var roles: [ReviewerRole]
    /// Why it is held; empty for what clears.
    public var reasons: [String]
    /// The rules that spoke and hold the case or inform about it.
    public var rules: Set<String>
    /// Duty and taxes of the best candidate; nil where unknown.
    public var landed: Money?

    init(_ screening: Screening, _ routing: Routing) {
      lane = routing.lane
      roles = routing.roles
      reasons = routing.lane == .auto ? [] : routing.reasons.map(\.text)
      rules = Set(screening.findings.map(\.ruleID))
      landed = screening.duties.first?.total
    }
  }

  public struct Change: Sendable {
    public var subject: Subject
    public var before: Outcome
    public var after: Outcome

    /// The lane is what changes somebody's day; other differences follow it.
    var weight: Int { before.lane == after.lane ? 0 : after.lane == .auto ? 2 : 1 }
  }

  /// One side of the comparison, added up.
  public struct Totals: Hashable, Sendable {
    public var lanes: [Lane: Int] = [:]
    /// How many cases each role would see.
    public var workload: [ReviewerRole: Int] = [:]
    public var rules: [String: Int] = [:]
    /// Duty and taxes by currency.
    public var landed: [CurrencyCode: Decimal] = [:]
    public var unknownDuties = 0

    mutating func add(_ outcome: Outcome) {
      lanes[outcome.lane, default: 0] += 1
      if outcome.lane != .auto { for role in outcome.roles { workload[role, default: 0] += 1 } }
      for rule in outcome.rules { rules[rule, default: 0] += 1 }
      guard let landed = outcome.landed else {
        unknownDuties += 1
        return
      }
      self.landed[landed.currency] = self.landed[landed.currency, default: 0] + landed.amount
    }
  }

  public private(set) var count = 0
  public private(set) var before = Totals()
  public private(set) var after = Totals()
  /// The gravest first: what would clear without a person, then what would be held, then the rest.
  public private(set) var changes: [Change] = []

  public init(_ subjects: [Subject], inForce: Controls, proposed: Controls, on date: CalendarDate) {
    for subject in subjects {
      let change = Change(
        subject: subject, before: inForce.outcome(of: subject, on: date),
        after: proposed.outcome(of: subject, on: date))
      count += 1
      before.add(change.before)
      after.add(change.after)
      if change.before != change.after { changes.append(change) }
    }
    changes = changes.enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
      .map(\.element)
  }

  public func share(_ lane: Lane, _ totals: Totals) -> Double {
    count == 0 ? 0 : Double(totals.lanes[lane, default: 0]) / Double(count)
  }
}
