import Domain
import HTTP
import Postgres
import Synchronization
import TestSupport

/// Fifty reviewers at their work, each for as long as it takes, with a short pause after each page.
struct DeskLoad: Sendable {
  struct Visit: Sendable {
    var page: DeskPage
    var milliseconds: Double
    var bytes: Int
    var status: Int
  }

  struct Seen: Sendable {
    var visits: [Visit] = []
    /// Of one row by its key, straight from the database, in milliseconds.
    var lookUp: [Double] = []
  }

  let site: DeskSite
  let sessions: [DeskSite.Session]
  let targets: DeskTargets
  let pool: PostgresPool
  let seconds: Int
  /// On average; nobody reads a page so fast.
  static let pause = Duration.seconds(1)

  func run() async throws -> Seen {
    let end = ContinuousClock.now + .seconds(seconds)
    // The first look at each page makes plans, reads knowledge and fills caches.
    for page in DeskPage.all { _ = try await visit(page, as: sessions[0], with: 0) }
    return try await withThrowingTaskGroup(of: Seen.self) { group in
      for number in sessions.indices { group.addTask { try await work(number, until: end) } }
      group.addTask { try await lookUp(until: end) }
      var seen = Seen()
      for try await one in group {
        seen.visits += one.visits
        seen.lookUp += one.lookUp
      }
      return seen
    }
  }

  private func work(_ number: Int, until end: ContinuousClock.Instant) async throws -> Seen {
    var seen = Seen()
    var lot = Lot(state: UInt64(number) + 1)
    try await Task.sleep(for: DeskLoad.pause * lot.fraction())
    while ContinuousClock.now < end {
      let page = DeskPage.all[lot.next(DeskPage.all.count)]
      seen.visits += try await visit(page, as: sessions[number], with: lot.next(1 << 20))
      try await Task.sleep(for: DeskLoad.pause * (0.5 + lot.fraction()))
    }
    return seen
  }

  private func visit(_ page: DeskPage, as session: DeskSite.Session, with lot: Int) async throws -> [Visit] {
    guard let tenant = targets.tenants[session.member.tenant] else { return [] }
    switch page.way {
    case .look(let path): return [try await timed(page) { try await site.get(path(tenant, lot), session) }.visit]
    case .decide:
      let next = try await timed(.next) { try await site.post("/next", [], session) }
      guard let path = next.response.headers["location"], path.hasPrefix("/cases/") else { return [next.visit] }
      let shown = try await timed(.shown) { try await site.get(path, session) }
      let html = String(decoding: shown.response.body, as: UTF8.self)
      guard let version = DeskSite.value(of: "expectedVersion", in: html) else { return [next.visit, shown.visit] }
      let fields = lot % 2 == 0 ? [("action", "approve"), ("expectedVersion", version)] : [("reason", "not now")]
      let act = lot % 2 == 0 ? "decision" : "skip"
      let decided = try await timed(page) {
        try await site.post("\(path.prefix { $0 != "?" })/\(act)", fields, session)
      }
      return [next.visit, shown.visit, decided.visit]
    }
  }

  private func timed(
    _ page: DeskPage, _ request: () async throws -> HTTPClientResponse
  ) async throws -> (visit: Visit, response: HTTPClientResponse) {
    let start = ContinuousClock.now
    let response = try await request()
    let visit = Visit(
      page: page, milliseconds: (ContinuousClock.now - start).milliseconds, bytes: response.body.count,
      status: response.status)
    return (visit, response)
  }

  /// The least that a page with a row of the database costs.
  private func lookUp(until end: ContinuousClock.Instant) async throws -> Seen {
    var seen = Seen()
    let ids = targets.tenants.values.flatMap(\.cases)
    while ContinuousClock.now < end {
      let id = ids[seen.lookUp.count % ids.count]
      let start = ContinuousClock.now
      _ = try await pool.transaction(readOnly: true) { tx in
        try tx.query("SELECT state FROM customs_case WHERE id = $1", id).first(String.self)
      }
      seen.lookUp.append((ContinuousClock.now - start).milliseconds)
      try await Task.sleep(for: .milliseconds(200))
    }
    return seen
  }
}

/// The same numbers in each run.
private struct Lot {
  var state: UInt64

  mutating func next(_ under: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % under
  }

  mutating func fraction() -> Double { Double(next(1000)) / 1000 }
}
