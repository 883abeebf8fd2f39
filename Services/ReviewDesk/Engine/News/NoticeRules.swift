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
  /// Who asked the supplier, where an answer has come.
  private let asker: Actor?

  public init(_ news: ReviewNews, asker: Actor? = nil) {
    self.news = news
    self.asker = asker
  }

  public func due(among readers: [Reader], at now: Instant) -> [Due] {
    readers.compactMap { reader in
      guard reader.seesMarket, reader.reviewer.actor != news.by, concerns(reader) else { return nil }
      switch reader.wish {
      case .none: return nil
      case .immediate where isUrgent(for: reader): return Due(reader: reader.id, at: now, isDigest: false)
      case .immediate, .digest:
        return Due(reader: reader.id, at: NoticeRules.nextDigest(after: now, hour: reader.digestHour), isDigest: true)
      }
    }
  }

  /// Leads and administrators may decide every case, but hear of those that ask for them.
  private func concerns(_ reader: Reader) -> Bool {
    switch news.happening {
    case .held: reader.reviewer.isNamed(in: news.subject.roles)
    case .escalated, .opinionsDiffer: reader.reviewer.isComplianceLead
    case .assigned: news.assignee == reader.reviewer.actor
    case .informationReceived: asker == reader.reviewer.actor
    case .screenedAgain, .claimed, .released, .skipped, .snoozed, .firstOpinion, .informationRequested, .decided,
      .superseded:
      false
    }
  }

  private func isUrgent(for reader: Reader) -> Bool {
    news.happening != .held || Int64(news.subject.riskScore) >= reader.risk
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
