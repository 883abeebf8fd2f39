import Domain
import HTTP
import ReviewDeskEngine
import Store
import WorkerRuntime

/// The dashboard, for people as a page and for programs as figures.
struct DashboardRoutes: Sendable {
  let console: Console
  let figures: FigureKeeper
  /// Those that the installation serves.
  let markets: [Market]

  func add(to router: inout Router, api: ReviewAPI) {
    router.on(.get, "/dashboard", console.visiting(page))
    router.on(
      .get, "/v1/review/dashboard",
      api.admitted { request, principal in
        .json(
          try await figures.dashboard(try DashboardQuery(request.query), for: principal, at: SystemClock.now()).json)
      })
  }

  private func page(_ request: HTTPRequest, _ visit: Console.Visit) async throws -> HTTPResponse {
    let query = try DashboardQuery(request.query, isLenient: true)
    let now = SystemClock.now()
    let dashboard = try await figures.dashboard(query, for: visit.principal, at: now)
    let shown = markets.filter { visit.principal.markets.isEmpty || visit.principal.markets.contains($0) }
    return .page(DashboardPage(dashboard, visit.visitor, markets: shown.sorted(), now: now).html)
  }
}
