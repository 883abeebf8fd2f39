import Domain
import Postgres
import ReviewDeskEngine
import Store

/// Cases as news and letters name them.
enum CaseSubjects {
  static func load(_ ids: Set<CaseID>, _ tx: borrowing Transaction) throws -> [CaseID: ReviewNews.Subject] {
    let ids = Array(ids)
    let screenings = try ScreeningStore.latest(ids, tx)
    let arrangements = try CaseArrangements.load(ids, tx)
    return try CaseStore.load(ids, tx).mapValues { stored in
      let result = screenings[stored.id]
      var roles = result?.routing.roles ?? []
      if arrangements[stored.id]?.escalatedAt != nil { roles = [.complianceLead] }
      return ReviewNews.Subject(
        id: stored.id, sku: stored.product.sku, title: stored.product.title, revision: stored.revision,
        market: stored.market, state: stored.state, lane: stored.lane, roles: roles.isEmpty ? [.broker] : roles,
        riskScore: result?.screening.riskScore ?? 0, reason: result?.routing.reasons.first?.text)
    }
  }
}
