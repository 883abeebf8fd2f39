import Domain

/// Whom a piece of news concerns, and when each is told. Pure.
public struct NoticeRules: Sendable {
  /// Somebody who may be told, and how they want to be.
  public struct Reader: Sendable {
    public var id: UniqueID
    public var reviewer: Reviewer
    public var seesMarket: Bool
    public var wish: NoticeWish
    /// Of new cases, those from this risk on are told at once.
    public var risk: Int64
    /// In UTC.
    public var digestHour: Int64

    public init(
      id: UniqueID, reviewer: Reviewer, seesMarket: Bool, wish: NoticeWish, risk: Int64, digestHour: Int64
    ) {
      self.id = id
      self.reviewer = reviewer
      self.seesMarket = seesMarket
      self.wish = wish
      self.risk = risk
      self.digestHour = digestHour
    }
  }

  public struct Due: Hashable, Sendable {
    public var reader: UniqueID
    public var at: Instant
    public var isDigest: Bool
  }

  private let news: ReviewNews
  /// Who asked the supplier, where an answer has come; who decided, where the outcome was not delivered.
  private let responsible: Actor?

  public init(_ news: ReviewNews, responsible: Actor? = nil) {
    self.news = news
    self.responsible = responsible
  }

  /// Whether a reader still needs to know when the letter is written. That a decision came to nothing, its giver is to know
  /// whatever became of the case.
  public static func isNeeded(_ happening: ReviewHappening, of state: CaseState) -> Bool {
    switch happening {
    case .decisionDropped: true
    case .deliveryFailed: state == .undeliverable
    default: state.waitsForPerson
    }
  }

  public func due(among readers: [Reader], at now: Instant) -> [Due] {
    readers.compactMap { reader in
      guard reader.seesMarket, concerns(reader) else { return nil }
      switch reader.wish {
      case .none: return nil
      case .immediate where isUrgent(for: reader): return Due(reader: reader.id, at: now, isDigest: false)
      case .immediate, .digest:
        return Due(reader: reader.id, at: NoticeRules.nextDigest(after: now, hour: reader.digestHour), isDigest: true)
      }
    }
  }

  /// Leads and administrators may decide every case, but hear of those that ask for them. Nobody is told what they did
  /// themselves, unless it came to nothing.
  private func concerns(_ reader: Reader) -> Bool {
    if news.happening == .decisionDropped { return reader.reviewer.actor == news.by }
    guard reader.reviewer.actor != news.by else { return false }
    return switch news.happening {
    case .held: reader.reviewer.isNamed(in: news.subject.roles)
    case .escalated, .opinionsDiffer: reader.reviewer.isComplianceLead
    case .assigned: news.assignee == reader.reviewer.actor
    case .informationReceived: responsible == reader.reviewer.actor
    case .deliveryFailed: responsible == reader.reviewer.actor || reader.reviewer.roles.contains(Reviewer.admin)
    case .screenedAgain, .claimed, .released, .skipped, .snoozed, .firstOpinion, .informationRequested, .decisionGiven,
      .decisionUndone, .decisionDropped, .decided, .superseded:
      false
    }
  }

  /// A system that is away leaves many outcomes undelivered: its administrators hear of them in one letter.
  private func isUrgent(for reader: Reader) -> Bool {
    switch news.happening {
    case .held: Int64(news.subject.riskScore) >= reader.risk
    case .deliveryFailed: responsible == reader.reviewer.actor
    default: true
    }
  }

  /// The next full hour of that name.
  static func nextDigest(after now: Instant, hour: Int64) -> Instant {
    let day: Int64 = 86_400_000_000
    let today = now.date.daysSinceEpoch * day + hour * 3_600_000_000
    return Instant(microseconds: today > now.microseconds ? today : today + day)
  }
}

extension Reviewer {
  /// Whether one of their own roles is asked for.
  func isNamed(in wanted: [ReviewerRole]) -> Bool {
    isPerson && wanted.contains { roles.contains($0.rawValue) }
  }
}
