import Domain
import JSON
import Observability
import Postgres
import ReviewDeskEngine
import Store
import WorkerRuntime

/// Keeps the dashboard's figures: counts each day once it is over, and today when somebody looks and it has been a while.
struct FigureKeeper: Sendable {
  let pool: PostgresPool
  let log: Log

  private static let interval = Duration.seconds(600)
  /// What happened just before midnight may be committed a little later.
  private static let settling = Duration.seconds(900)
  /// A count is not repeated before so many times the time that it took, nor sooner than a few seconds.
  private static let restFactor: Int64 = 20
  private static let restMin = Duration.seconds(5)
  private static let daysMax: Int64 = 91

  func dashboard(_ query: DashboardQuery, for principal: Principal, at now: Instant) async throws -> Dashboard {
    try await countToday(of: principal.tenant, at: now)
    return try await pool.transaction(as: principal, isolation: .repeatableRead, readOnly: true) { tx in
      let first = query.firstDay(today: now.date)
      let driftFirst = CalendarDate(daysSinceEpoch: now.date.daysSinceEpoch - 34)
      let byDay = try DeskFigures.byDay(from: min(first, driftFirst), to: now.date, market: query.market, tx)
      let byMarket = try DeskFigures.byMarket(from: first, to: now.date, market: query.market, tx)
      let undelivered = try DeskFigures.undelivered(market: query.market, tx)
        .map { ($0.key.rawValue, Dashboard.Backlog($0.value)) }
      // Nobody knows of which market an opinion was.
      let opinions = try (query.market == nil ? SecondOpinionUse.days(from: first, to: now.date, tx) : []).map {
        DashboardFigure(day: $0.day, .opinion, "", count: $0.calls, total: $0.tokens)
      }
      return Dashboard(
        query, today: now.date, byDay: byDay.compactMap { DashboardFigure($0) } + opinions,
        byMarket: byMarket.compactMap { DashboardFigure($0) },
        waiting: Dashboard.Backlog(try DeskFigures.waiting(market: query.market, tx)),
        undelivered: Dictionary(uniqueKeysWithValues: undelivered),
        countedAt: try DeskFigures.counted(since: now.date, tx).first?.at,
        costs: try PolicyStore.active(tx)?.policy.costs)
    }
  }

  // MARK: Counting

  /// Until it is cancelled.
  func run() async {
    await Round("dashboard figures", log).run(every: FigureKeeper.interval) {
      try await catchUp(at: SystemClock.now())
    }
  }

  /// Counts the days that are over and were not counted since, for every tenant.
  func catchUp(at now: Instant) async throws {
    let tenants = try await pool.transaction(readOnly: true) { tx in try AccessStore.tenants(tx).keys.sorted() }
    for tenant in tenants where !Task.isCancelled {
      let days = try await pool.transaction(as: tenant, readOnly: true) { tx in try FigureKeeper.uncounted(at: now, tx)
      }
      for day in days where !Task.isCancelled { try await count(day, of: tenant, at: now) }
    }
  }

  private static func uncounted(at now: Instant, _ tx: borrowing Transaction) throws -> [CalendarDate] {
    let oldest = CalendarDate(daysSinceEpoch: now.date.daysSinceEpoch - daysMax)
    guard let first = try DeskFigures.firstDay(tx).map({ max($0, oldest) }), first < now.date else { return [] }
    let done = try DeskFigures.counted(since: first, tx).filter { counted in
      counted.at >= Instant(microseconds: (counted.day.daysSinceEpoch + 1) * 86_400_000_000).adding(settling)
    }.map(\.day)
    return (first.daysSinceEpoch..<now.date.daysSinceEpoch).map { CalendarDate(daysSinceEpoch: $0) }
      .filter { !done.contains($0) }
  }

  /// Whoever is the first to look today waits for the count; later it goes on behind what is shown.
  private func countToday(of tenant: TenantID, at now: Instant) async throws {
    let last = try await pool.transaction(as: tenant, readOnly: true) { tx in
      try DeskFigures.counted(since: now.date, tx).first { $0.day == now.date }
    }
    guard let last else { return try await count(now.date, of: tenant, at: now) }
    let rest = max(FigureKeeper.restMin, .milliseconds(last.milliseconds * FigureKeeper.restFactor))
    guard last.at.adding(rest) <= now else { return }
    Task {
      do {
        try await count(now.date, of: tenant, at: now)
      } catch {
        log.warning("today's figures cannot be counted now", ["error": .string("\(error)")])
      }
    }
  }

  private func count(_ day: CalendarDate, of tenant: TenantID, at now: Instant) async throws {
    _ = try await pool.transaction(as: tenant) { tx in try DeskFigures.count(day, at: now, tx) }
  }
}

extension Dashboard.Backlog {
  init(_ backlog: DeskFigures.Backlog) { self.init(count: backlog.count, oldest: backlog.oldest) }
}

extension DashboardFigure {
  /// nil for a measure that this program does not show.
  init?(_ figure: DeskFigures.Figure) {
    guard let measure = Measure(rawValue: figure.measure.rawValue) else { return nil }
    self.init(
      day: figure.day, market: figure.market, measure, figure.key, count: figure.count, total: figure.total)
  }
}
