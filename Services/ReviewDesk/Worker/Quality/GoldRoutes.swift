import Domain
import HTTP
import JSON
import Postgres
import ReviewDeskEngine
import Store
import WorkerRuntime

/// Gold cases: made, shown to those who may know them, and retired.
struct GoldRoutes: Sendable {
  let console: Console
  let pool: PostgresPool

  private static let listed: Int64 = 200
  private static let differencesShown: Int64 = 50

  func add(to router: inout Router) {
    router.on(.get, "/quality/gold", console.visiting { try await page($0, $1) })
    router.on(.post, "/quality/gold", console.changing(mark))
    router.on(.post, "/quality/gold/retire", console.changing(retire))
  }

  private func page(
    _ request: HTTPRequest, _ visit: Console.Visit, marking id: CaseID? = nil, refusal: Refusal? = nil,
    fields: FormFields? = nil
  ) async throws -> HTTPResponse {
    let rights = KnowledgeRights(visit.visitor.reviewer)
    try rights.requireSeeingGold()
    let wanted = rights.mayActivate ? id ?? request.queryValue("case").flatMap { CaseID($0) } : nil
    let (entries, differences, subject) = try await pool.transaction(
      as: visit.principal, isolation: .repeatableRead, readOnly: true
    ) { tx in
      (
        try GoldCases.list(limit: GoldRoutes.listed, tx).map { GoldPage.Entry($0) },
        try GoldCases.differing(limit: GoldRoutes.differencesShown, tx).map { GoldPage.Difference($0) },
        try wanted.map { try GoldRoutes.subject($0, tx) }
      )
    }
    let page = GoldPage(entries, differences, marking: subject, visit.visitor, refusal: refusal, fields: fields)
    return .page(page.html, status: refusal.map { Problem($0).status } ?? 200)
  }

  /// What nobody decided has no answer yet that could be right.
  private static func subject(_ id: CaseID, _ tx: borrowing Transaction) throws -> GoldPage.Subject {
    guard let stored = try CaseStore.load([id], tx)[id] else { throw NoSuchCase() }
    guard let decision = try DecisionStore.latest([id], tx)[id] else {
      throw Refusal(.conflict, "The case is not decided yet.")
    }
    return GoldPage.Subject(
      caseID: id, sku: stored.product.sku, title: stored.product.title, market: stored.market, decision: decision)
  }

  private func mark(_ request: HTTPRequest, _ form: FormFields, _ visit: Console.Visit) async throws -> HTTPResponse {
    try KnowledgeRights(visit.visitor.reviewer).requireGold()
    guard let id = form["case"].flatMap({ CaseID($0) }) else { throw NoSuchCase() }
    let wanted: GoldRequest
    do throws(Refusal) { wanted = try GoldRequest(form) } catch {
      return try await page(request, visit, marking: id, refusal: error, fields: form)
    }
    let now = SystemClock.now()
    let principal = visit.principal
    try await pool.transaction(as: principal) { tx in
      let subject = try GoldRoutes.subject(id, tx)
      let gold = GoldCases.GoldCase(
        caseID: id, market: subject.market, code: wanted.code, why: wanted.why, markedBy: principal.actor)
      try GoldCases.mark(gold, at: now, tx)
      let data = JSONObject([
        ("case", id.json), ("code", wanted.code?.json ?? .null), ("why", .string(wanted.why)),
        ("decision", subject.decision.id.json), ("decided", subject.decision.code?.json ?? .null),
      ])
      try GoldLooks.audit("quality.gold-marked", of: id, data, by: principal, at: now, tx)
    }
    return .seeOther("/quality/gold")
  }

  private func retire(_ request: HTTPRequest, _ form: FormFields, _ visit: Console.Visit) async throws
    -> HTTPResponse
  {
    try KnowledgeRights(visit.visitor.reviewer).requireGold()
    guard let id = form["case"].flatMap({ CaseID($0) }) else { throw NoSuchCase() }
    let now = SystemClock.now()
    let principal = visit.principal
    try await pool.transaction(as: principal) { tx in
      guard try GoldCases.retire(id, at: now, tx) else { throw NoSuchCase() }
      try GoldLooks.audit("quality.gold-retired", of: id, JSONObject([("case", id.json)]), by: principal, at: now, tx)
    }
    return .seeOther("/quality/gold")
  }
}

extension GoldPage.Entry {
  fileprivate init(_ standing: GoldCases.Standing) {
    self.init(
      caseID: standing.gold.caseID, sku: standing.sku, market: standing.gold.market, code: standing.gold.code,
      why: standing.gold.why, by: standing.gold.markedBy, isRetired: standing.isRetired,
      agreed: Share(standing.agreed, of: standing.looks))
  }
}

extension GoldPage.Difference {
  fileprivate init(_ difference: GoldCases.Difference) {
    self.init(
      caseID: difference.gold.caseID, sku: difference.sku, right: difference.gold.code, found: difference.code,
      reviewer: difference.reviewer, reason: difference.reason, at: difference.at)
  }
}
