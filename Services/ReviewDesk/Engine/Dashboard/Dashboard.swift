import Domain

/// How the work goes: everything that the dashboard shows, worked out of counted figures.
public struct Dashboard: Sendable {
  /// What waits or is stuck.
  public struct Backlog: Hashable, Sendable {
    public var count: Int64
    public var oldest: Instant?

    public init(count: Int64 = 0, oldest: Instant? = nil) {
      self.count = count
      self.oldest = oldest
    }
  }

  public var query: DashboardQuery
  public var today: CalendarDate
  /// nil before the first count.
  public var countedAt: Instant?
  /// Of the period.
  public var lanes: [LaneDay]
  public var wait: DurationSteps
  public var handling: DurationSteps
  public var delivery: DurationSteps
  public var decisions: [Decision.Kind: Int64]
  /// How many decisions of each kind a person took back.
  public var overturned: [Decision.Kind: Int64]
  public var calibration: [CalibrationStep]
  public var chapters: [ChapterOverrides]
  public var reasons: [ReasonCount]
  public var exposure: [Exposure]
  /// Of the last week against the four before, whatever the period.
  public var drift: [Drift]
  public var weeks: [UsageWeek]
  /// What the tenant reckons its work to cost.
  public var costs: WorkCosts?
  public var waiting: Backlog
  /// By state of the delivery: `pending`, `dead`, `conflict`.
  public var undelivered: [String: Backlog]

  /// - Parameters:
  ///   - byDay: of the period and at least the last five weeks.
  ///   - byMarket: of the period.
  public init(
    _ query: DashboardQuery, today: CalendarDate, byDay: [DashboardFigure], byMarket: [DashboardFigure],
    waiting: Backlog = Backlog(), undelivered: [String: Backlog] = [:], countedAt: Instant? = nil,
    costs: WorkCosts? = nil
  ) {
    self.costs = costs
    self.query = query
    self.today = today
    self.countedAt = countedAt
    self.waiting = waiting
    self.undelivered = undelivered
    let first = query.firstDay(today: today)
    lanes = LaneDay.days(byDay, from: first, to: today)
    let sums = Dictionary(grouping: byMarket, by: \.measure)
    func steps(_ measure: DashboardFigure.Measure) -> DurationSteps {
      var steps = DurationSteps()
      for figure in sums[measure] ?? [] { if let step = Int(figure.key) { steps.add(figure.count, at: step) } }
      return steps
    }
    wait = steps(.wait)
    handling = steps(.handling)
    delivery = steps(.delivery)
    decisions = Dashboard.kinds(sums[.decision] ?? [])
    overturned = Dashboard.kinds(sums[.overturned] ?? [])
    calibration = CalibrationStep.steps(judged: sums[.judged] ?? [], stated: sums[.stated] ?? [])
    chapters = ChapterOverrides.all(sums[.chapter] ?? [])
    reasons = ReasonCount.all(sums[.reason] ?? [])
    exposure = Exposure.all(sums[.duty] ?? [])
    drift = Drift.all(byDay, today: today)
    weeks = UsageWeek.weeks(byDay, from: first, to: today)
  }

  private static func kinds(_ figures: [DashboardFigure]) -> [Decision.Kind: Int64] {
    var kinds: [Decision.Kind: Int64] = [:]
    for figure in figures {
      if let kind = Decision.Kind(rawValue: figure.key) { kinds[kind, default: 0] += figure.count }
    }
    return kinds
  }

  /// How many cases were routed, and how many of them cleared by themselves.
  public var cleared: Share {
    Share(lanes.reduce(0) { $0 + $1.auto }, of: lanes.reduce(0) { $0 + $1.count })
  }

  /// Of the codes that people decided on, those in whose place they put another.
  public var overrides: Share {
    let overridden = decisions[.overridden, default: 0]
    return Share(overridden, of: overridden + decisions[.approved, default: 0])
  }
}

/// The cases that were routed on one day.
public struct LaneDay: Hashable, Sendable {
  public var day: CalendarDate
  public var auto: Int64 = 0
  public var exception: Int64 = 0
  public var manual: Int64 = 0

  public var count: Int64 { auto + exception + manual }
  public var cleared: Share { Share(auto, of: count) }

  static func days(_ figures: [DashboardFigure], from first: CalendarDate, to last: CalendarDate) -> [LaneDay] {
    var days = (first.daysSinceEpoch...max(first.daysSinceEpoch, last.daysSinceEpoch)).map {
      LaneDay(day: CalendarDate(daysSinceEpoch: $0))
    }
    for figure in figures where figure.measure == .lane {
      guard let day = figure.day, day >= first, day <= last else { continue }
      let place = Int(day.daysSinceEpoch - first.daysSinceEpoch)
      switch Lane(rawValue: figure.key) {
      case .auto: days[place].auto += figure.count
      case .exception: days[place].exception += figure.count
      case .manual: days[place].manual += figure.count
      case nil: break
      }
    }
    return days
  }
}

/// What was stated with about this confidence, and how often people agreed with it.
public struct CalibrationStep: Hashable, Sendable {
  /// From so many tenths up to one more.
  public var tenth: Int
  public var agreed: Share
  /// The mean.
  public var stated: Double

  static func steps(judged: [DashboardFigure], stated: [DashboardFigure]) -> [CalibrationStep] {
    var sums: [Int: (count: Int64, agreed: Int64, millionths: Int64)] = [:]
    for figure in judged {
      guard let tenth = Int(figure.key) else { continue }
      sums[tenth, default: (0, 0, 0)].count += figure.count
      sums[tenth, default: (0, 0, 0)].agreed += figure.total
    }
    for figure in stated {
      if let tenth = Int(figure.key) { sums[tenth, default: (0, 0, 0)].millionths += figure.total }
    }
    return sums.filter { $0.value.count > 0 }.sorted { $0.key < $1.key }.map { tenth, sum in
      CalibrationStep(
        tenth: tenth, agreed: Share(sum.agreed, of: sum.count),
        stated: Double(sum.millionths) / 1_000_000 / Double(sum.count))
    }
  }
}

/// Where people put another code in the place of the one that was proposed.
public struct ChapterOverrides: Hashable, Sendable {
  /// Two digits, of the code that was proposed.
  public var chapter: String
  public var overridden: Share

  /// The most overrides first.
  static func all(_ figures: [DashboardFigure]) -> [ChapterOverrides] {
    Dictionary(grouping: figures, by: \.key).map { chapter, figures in
      ChapterOverrides(
        chapter: chapter,
        overridden: Share(figures.reduce(0) { $0 + $1.total }, of: figures.reduce(0) { $0 + $1.count }))
    }.sorted {
      ($1.overridden.part, $1.overridden.whole, $0.chapter) < ($0.overridden.part, $0.overridden.whole, $1.chapter)
    }
  }
}

/// Why cases were held.
public struct ReasonCount: Hashable, Sendable {
  public var kind: RoutingReason.Kind
  public var byMarket: [Market: Int64]

  public var count: Int64 { byMarket.values.reduce(0, +) }

  /// The most frequent first.
  static func all(_ figures: [DashboardFigure]) -> [ReasonCount] {
    Dictionary(grouping: figures, by: \.key).compactMap { key, figures in
      guard let kind = RoutingReason.Kind(rawValue: key) else { return nil }
      let pairs = figures.compactMap { figure in figure.market.map { ($0, figure.count) } }
      return ReasonCount(kind: kind, byMarket: Dictionary(pairs, uniquingKeysWith: +))
    }.sorted { ($1.count, $0.kind.rawValue) < ($0.count, $1.kind.rawValue) }
  }
}

/// Duty and taxes of what was routed, for the value as the seller stated it.
public struct Exposure: Hashable, Sendable {
  public var market: Market
  public var currency: CurrencyCode
  public var clear: Decimal
  public var held: Decimal
  public var cases: Int64

  static func all(_ figures: [DashboardFigure]) -> [Exposure] {
    struct Key: Hashable {
      var market: Market
      var currency: CurrencyCode
    }
    var found: [Key: Exposure] = [:]
    for figure in figures {
      let words = figure.key.split(separator: " ")
      guard let market = figure.market, words.count == 2, let currency = CurrencyCode(String(words[1])) else {
        continue
      }
      let key = Key(market: market, currency: currency)
      var exposure = found[key] ?? Exposure(market: market, currency: currency, clear: 0, held: 0, cases: 0)
      let amount = Decimal(Int128(figure.total), scale: 4)
      if words[0] == "clear" {
        exposure.clear = exposure.clear + amount
      } else {
        exposure.held = exposure.held + amount
      }
      exposure.cases += figure.count
      found[key] = exposure
    }
    return found.values.sorted { ($0.market, $0.currency.code) < ($1.market, $1.currency.code) }
  }
}

/// What the tenant used in one week.
public struct UsageWeek: Hashable, Sendable {
  public var first: CalendarDate
  public var cases: Int64 = 0
  public var automatic: Int64 = 0
  public var decisions: Int64 = 0
  /// Of people, from taking a case in hand to the first decision.
  public var seconds: Int64 = 0
  public var opinions: Int64 = 0
  public var tokens: Int64 = 0

  public func cost(_ costs: WorkCosts) -> Money { costs.cost(seconds: seconds, tokens: tokens) }

  /// For each case, decided by people or by itself; nil without cases.
  public func costPerCase(_ costs: WorkCosts) -> Money? {
    guard cases > 0 else { return nil }
    return Money(rounding: cost(costs).amount.divided(by: Decimal(Int128(cases)), places: 6, .halfUp), costs.currency)
  }

  /// Counted back from the last day, so that the newest week is whole; the oldest may be cut short.
  static func weeks(_ figures: [DashboardFigure], from first: CalendarDate, to last: CalendarDate) -> [UsageWeek] {
    let count = Int((last.daysSinceEpoch - first.daysSinceEpoch) / 7) + 1
    var weeks = (0..<count).map { week in
      UsageWeek(first: CalendarDate(daysSinceEpoch: last.daysSinceEpoch - Int64(week) * 7 - 6))
    }
    for figure in figures {
      guard let day = figure.day, day >= first, day <= last else { continue }
      let week = Int((last.daysSinceEpoch - day.daysSinceEpoch) / 7)
      switch figure.measure {
      case .lane:
        weeks[week].cases += figure.count
        if figure.key == Lane.auto.rawValue { weeks[week].automatic += figure.count }
      case .decision: weeks[week].decisions += figure.count
      case .handling: weeks[week].seconds += figure.total
      case .opinion:
        weeks[week].opinions += figure.count
        weeks[week].tokens += figure.total
      default: continue
      }
    }
    return weeks.reversed()
  }
}
