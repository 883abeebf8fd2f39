import ComplianceScreeningEngine
import Domain
import HTTP
import JSON
import Postgres
import ReviewDeskEngine
import Store
import WorkerRuntime

/// The pages of what the desk decides by.
struct KnowledgeRoutes: Sendable {
  let console: Console
  let pool: PostgresPool
  let controls: ControlsInForce
  let replayer: Replayer

  private var rules: RulesDesk { RulesDesk(pool: pool) }
  private var precedentDesk: PrecedentDesk { PrecedentDesk(pool: pool) }

  func add(to router: inout Router) {
    router.on(.get, "/knowledge", console.visiting { _, visit in .page(KnowledgePage(visit.visitor).html) })
    router.on(.get, "/knowledge/codes", console.visiting(codes))
    router.on(.get, "/knowledge/codes/{code}", console.visiting(code))
    router.on(.get, "/knowledge/rulings", console.visiting(rulings))
    router.on(.get, "/knowledge/precedents", console.visiting { try await precedents($0, $1) })
    router.on(.post, "/knowledge/precedents", console.changing(enterPrecedent))
    router.on(.post, "/knowledge/precedents/{id}/retire", console.changing(retirePrecedent))
    router.on(.get, "/knowledge/lists", console.visiting(lists))
    router.on(.get, "/knowledge/packs", console.visiting(packs))
    router.on(.get, "/knowledge/packs/{market}", console.visiting(pack))
    for kind in RulesKind.allCases {
      let path = "/knowledge/\(kind.rawValue)"
      router.on(
        .get, path,
        console.visiting { _, visit in
          .page(RulesShelfPage(try await rules.shelf(kind, for: visit.principal), visit.visitor).html)
        })
      router.on(.get, "\(path)/draft", console.visiting { try await draft(kind, $0, $1) })
      router.on(.post, "\(path)/draft", console.changing { try await keep(kind, $1, $2) })
      router.on(.get, "\(path)/versions/{number}", console.visiting { try await version(kind, $0, $1) })
      router.on(.post, "\(path)/versions/{number}/activate", console.changing { try await activate(kind, $0, $1, $2) })
    }
  }

  // MARK: Codes and rulings

  private func codes(_ request: HTTPRequest, _ visit: Console.Visit) async throws -> HTTPResponse {
    let query = String((request.queryValue("q") ?? "").prefix(200))
    let entries = try await replayer.codes(matching: query, limit: CodesPage.foundMax)
    return .page(CodesPage(entries, query: query, visit.visitor).html)
  }

  private func code(_ request: HTTPRequest, _ visit: Console.Visit) async throws -> HTTPResponse {
    guard let code = request.parameters["code"].flatMap({ HSCode($0) }), var entry = try await replayer.code(code)
    else {
      throw NoSuchCase()
    }
    if code.digits.utf8.count == 6 {
      let packs = try await pool.transaction(as: visit.principal, readOnly: true) { tx in try controls.packs(tx) }
      entry.national = NationalLines(packs: packs, tariffs: controls.tariffs).of(code, on: SystemClock.now().date)
    }
    return .page(CodePage(entry, visit.visitor).html)
  }

  private func rulings(_ request: HTTPRequest, _ visit: Console.Visit) async throws -> HTTPResponse {
    let query = String((request.queryValue("q") ?? "").prefix(200))
    return .page(RulingsPage(controls.rulings, query: query, visit.visitor).html)
  }

  // MARK: Precedents

  private func precedents(
    _ request: HTTPRequest, _ visit: Console.Visit, attempt: PrecedentsPage.Attempt? = nil
  ) async throws -> HTTPResponse {
    let query = PrecedentQuery(request.query)
    let (found, hasMore) = try await precedentDesk.search(query, for: visit.principal)
    let page = PrecedentsPage(found, query: query, hasMore: hasMore, attempt: attempt, visit.visitor)
    return .page(page.html, status: attempt.map { Problem($0.refusal).status } ?? 200)
  }

  private func enterPrecedent(_ request: HTTPRequest, _ form: FormFields, _ visit: Console.Visit) async throws
    -> HTTPResponse
  {
    do {
      let wanted = try PrecedentRequest(form)
      try await precedentDesk.enter(wanted, by: visit.principal, at: SystemClock.now())
      return .seeOther("/knowledge/precedents")
    } catch let refusal as Refusal {
      return try await precedents(request, visit, attempt: .init(refusal: refusal, fields: form))
    }
  }

  private func retirePrecedent(_ request: HTTPRequest, _ form: FormFields, _ visit: Console.Visit) async throws
    -> HTTPResponse
  {
    guard let id = request.parameters["id"].flatMap({ DecisionID($0) }) else { throw NoSuchCase() }
    do {
      let reason = try PrecedentRequest.reason(form)
      guard try await precedentDesk.retire(id, because: reason, by: visit.principal, at: SystemClock.now()) else {
        throw NoSuchCase()
      }
      return .seeOther("/knowledge/precedents?standing=withdrawn")
    } catch let refusal as Refusal {
      return try await precedents(request, visit, attempt: .init(refusal: refusal, fields: form))
    }
  }

  // MARK: Lists and packs

  private func lists(_ request: HTTPRequest, _ visit: Console.Visit) async throws -> HTTPResponse {
    let lists = try await pool.transaction(as: visit.principal, readOnly: true) { tx in
      try [PartyListStore.Scope.published, .own].flatMap { scope in
        try PartyListStore.summaries(scope, tx).map { PartyListEntry($0, isOwn: scope == .own) }
      }
    }
    return .page(ListsPage(lists, visit.visitor, today: SystemClock.now().date).html)
  }

  private func packs(_ request: HTTPRequest, _ visit: Console.Visit) async throws -> HTTPResponse {
    let packs = try await pool.transaction(as: visit.principal, readOnly: true) { tx in try controls.packs(tx) }
    return .page(PacksPage(packs, visit.visitor, today: SystemClock.now().date).html)
  }

  private func pack(_ request: HTTPRequest, _ visit: Console.Visit) async throws -> HTTPResponse {
    let market = request.parameters["market"].flatMap { Market($0) }
    let found = try await pool.transaction(as: visit.principal, readOnly: true) { tx in
      try controls.packs(tx).first { $0.market == market }.map { pack in
        (
          pack,
          try MarketPackStore.history(market, tx).map {
            PackActivation(
              market: $0.market, version: $0.version, reason: $0.reason, by: $0.activatedBy, at: $0.activatedAt)
          }
        )
      }
    }
    guard let (pack, history) = found else { throw NoSuchCase() }
    return .page(PackPage(pack, history: history, visit.visitor).html)
  }

  // MARK: Policy and own rules

  private func draft(_ kind: RulesKind, _ request: HTTPRequest, _ visit: Console.Visit) async throws -> HTTPResponse {
    try KnowledgeRights(visit.visitor.reviewer).requireDrafting()
    let shelf = try await rules.shelf(kind, for: visit.principal)
    let from = request.queryValue("from").flatMap { Int64($0) } ?? shelf.inForce
    var content: JSONValue?
    if let from { content = try await rules.version(from, of: kind, for: visit.principal)?.content }
    return .page(RulesDraftPage(kind, text: JSONLayout.text(content ?? kind.beginning), visit.visitor).html)
  }

  private func keep(_ kind: RulesKind, _ form: FormFields, _ visit: Console.Visit) async throws -> HTTPResponse {
    try KnowledgeRights(visit.visitor.reviewer).requireDrafting()
    let text = form["text"] ?? ""
    let draft = RulesDraft(kind, text)
    guard let content = draft.content else {
      return .page(RulesDraftPage(kind, text: text, faults: draft.faults, visit.visitor).html, status: 422)
    }
    let number = try await rules.keep(content, by: visit.principal, at: SystemClock.now())
    return .seeOther("/knowledge/\(kind.rawValue)/versions/\(number)")
  }

  private func version(
    _ kind: RulesKind, _ request: HTTPRequest, _ visit: Console.Visit, attempt: RulesVersionPage.Attempt? = nil
  ) async throws -> HTTPResponse {
    guard let number = request.parameters["number"].flatMap({ Int64($0) }),
      let shown = try await rules.version(number, of: kind, for: visit.principal)
    else { throw NoSuchCase() }
    var simulation: SimulationResult?
    if let last = request.queryValue("last").flatMap({ Int($0) }), SimulationResult.counts.contains(last) {
      simulation = try await replayer.simulate(
        number, of: kind, last: last, for: visit.principal, on: SystemClock.now().date)
    }
    let page = RulesVersionPage(
      shown.shelf, shown.version, content: shown.content, inForce: shown.inForce, simulation: simulation,
      attempt: attempt, visit.visitor)
    return .page(page.html, status: attempt.map { Problem($0.refusal).status } ?? 200)
  }

  private func activate(
    _ kind: RulesKind, _ request: HTTPRequest, _ form: FormFields, _ visit: Console.Visit
  ) async throws -> HTTPResponse {
    guard let number = request.parameters["number"].flatMap({ Int64($0) }) else { throw NoSuchCase() }
    do {
      let reason = try PrecedentRequest.reason(form)
      let isDone = try await rules.activate(
        number, of: kind, because: reason, by: visit.principal, at: SystemClock.now())
      guard isDone else { throw NoSuchCase() }
      return .seeOther("/knowledge/\(kind.rawValue)")
    } catch let refusal as Refusal {
      return try await version(kind, request, visit, attempt: .init(refusal: refusal, reason: form["reason"] ?? ""))
    }
  }
}

extension RulesKind {
  /// What the first draft starts from.
  fileprivate var beginning: JSONValue {
    switch self {
    case .policy: Policy.starter.json
    case .ownRules: OwnRules(name: "house rules", rules: []).json
    }
  }
}

extension PartyListEntry {
  fileprivate init(_ summary: PartyListStore.Summary, isOwn: Bool) {
    self.init(
      list: summary.list, version: summary.version, isOwn: isOwn, source: summary.source,
      ageMaxDays: summary.ageMaxDays, entryCount: summary.entryCount, activatedBy: summary.activatedBy,
      activatedAt: summary.activatedAt)
  }
}
