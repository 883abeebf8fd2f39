import Crypto
import Domain
import HTTP
import JSON
import Postgres
import ReviewDeskEngine
import Store
import WorkerRuntime

/// Second looks: drawn, taken and shown.
struct QualityRoutes: Sendable {
  let console: Console
  let pool: PostgresPool

  func add(to router: inout Router, api: ReviewAPI) {
    router.on(.get, "/v1/review/quality", api.admitted { .json(try await looks(for: $1).json) })
    router.on(.get, "/quality", console.visiting { try await overview($0, $1) })
    router.on(.get, "/quality/next", console.visiting(next))
    router.on(.get, "/quality/{id}", console.visiting { try await look($0, $1) })
    router.on(.post, "/quality/setting", console.changing(set))
    router.on(.post, "/quality/{id}", console.changing(judge))
  }

  // MARK: Overview

  private func overview(_ request: HTTPRequest, _ visit: Console.Visit, refusal: Refusal? = nil) async throws
    -> HTTPResponse
  {
    let looks = try await looks(for: visit.principal)
    let notice: Phrase? =
      switch request.queryValue("found") {
      case "alike": "Kept. You found what was decided."
      case "otherwise": "Kept. You found something else than was decided."
      case "none": "No other decision waits for your second look."
      default: nil
      }
    let page = QualityPage(looks, visit.visitor, notice: notice, refusal: refusal)
    return .page(page.html, status: refusal.map { Problem($0).status } ?? 200)
  }

  private func looks(for principal: Principal) async throws -> SecondLooks {
    let since = SystemClock.now().adding(.seconds(-SecondLooks.days * 86_400))
    let seesGold = KnowledgeRights(Reviewer(principal)).maySeeGold
    return try await pool.transaction(as: principal, isolation: .repeatableRead, readOnly: true) { tx in
      try SecondLooks(since: since, seesGold: seesGold, tx)
    }
  }

  private func set(_ request: HTTPRequest, _ form: FormFields, _ visit: Console.Visit) async throws -> HTTPResponse {
    do {
      guard KnowledgeRights(visit.visitor.reviewer).mayActivate else {
        throw Refusal(.forbidden, "How many are drawn is set by the compliance lead or an administrator.")
      }
      guard let automatic = SecondLook.share(form["automatic"]), let decided = SecondLook.share(form["decided"]),
        let gold = SecondLook.share(form["gold"])
      else {
        let remedy: Phrase = "Give percentages from 0 to 100 with at most two decimals, such as 2.5."
        let issue = FieldFault(
          field: "/automatic", problem: "A share cannot be read.", remedy: remedy)
        throw Refusal(.malformed, "How many are drawn cannot be read.", [issue])
      }
      let now = SystemClock.now()
      let principal = visit.principal
      try await pool.transaction(as: principal) { tx in
        try QualityChecks.set(.init(automatic: automatic, decided: decided, gold: gold), at: now, tx)
        let subject = UniqueID(digest: SHA256.hash("\(principal.tenant) quality").bytes)
        let data: JSONValue = [
          "automaticMillionths": .integer(automatic), "decidedMillionths": .integer(decided),
          "goldMillionths": .integer(gold),
        ]
        let entry = AuditLog.Entry(subject: subject, kind: "quality.set", actor: principal.actor, at: now, data: data)
        try AuditLog.append([entry], of: principal.tenant, tx)
      }
      return .seeOther("/quality")
    } catch let refusal as Refusal {
      return try await overview(request, visit, refusal: refusal)
    }
  }

  // MARK: Looking

  private func next(_ request: HTTPRequest, _ visit: Console.Visit) async throws -> HTTPResponse {
    try KnowledgeRights(visit.visitor.reviewer).requireSecondLooks()
    let id = try await pool.transaction(as: visit.principal, readOnly: true) { tx in
      let next = try QualityChecks.next(for: visit.principal.actor, tx)
      return try next == nil ? nil : GoldLooks.due(for: visit.principal, tx) ?? next
    }
    return .seeOther(id.map { "/quality/\($0)" } ?? "/quality?found=none")
  }

  private func look(
    _ request: HTTPRequest, _ visit: Console.Visit, refusal: Refusal? = nil, fields: FormFields? = nil
  ) async throws -> HTTPResponse {
    let id = try request.decisionID()
    let now = SystemClock.now()
    let file = try await pool.transaction(as: visit.principal, isolation: .repeatableRead, readOnly: true) { tx in
      let gold = try GoldLooks.find(id, for: visit.principal, tx)
      let caseID = try gold ?? QualityRoutes.require(id, for: visit.principal, tx).caseID
      return try CaseFileReader.read(caseID, at: now, tx)?.file
    }
    guard let file else { throw NoSuchCase() }
    let page = SecondLookPage(id, of: file, visit.visitor, refusal: refusal, fields: fields)
    return .page(page.html, status: refusal.map { Problem($0).status } ?? 200)
  }

  private func judge(_ request: HTTPRequest, _ form: FormFields, _ visit: Console.Visit) async throws -> HTTPResponse {
    let id = try request.decisionID()
    let found: SecondLook
    do throws(Refusal) { found = try SecondLook(form) } catch {
      return try await look(request, visit, refusal: error, fields: form)
    }
    let now = SystemClock.now()
    let principal = visit.principal
    let agrees = try await pool.transaction(as: principal, isolation: .repeatableRead) { tx in
      if let gold = try GoldLooks.find(id, for: principal, tx) {
        return try GoldLooks.judge(gold, found, by: principal, at: now, tx)
      }
      let check = try QualityRoutes.require(id, for: principal, tx)
      guard let decision = try DecisionStore.history(check.caseID, tx).first(where: { $0.id == id }) else {
        throw NoSuchCase()
      }
      let agrees = found.agrees(with: decision)
      let judgement = QualityChecks.Judgement(
        reviewer: principal.actor, code: found.code, reason: found.reason, agrees: agrees, at: now)
      guard try QualityChecks.judge(id, judgement, tx) else { throw QualityRoutes.taken }
      var data = JSONObject([("decision", id.json), ("agrees", .bool(agrees)), ("code", found.code?.json ?? .null)])
      data.set("reason", found.reason.map { .string($0) })
      let entry = AuditLog.Entry(
        subject: check.caseID.value, kind: "case.second-look", actor: principal.actor, at: now, data: .object(data))
      try AuditLog.append([entry], of: principal.tenant, tx)
      return agrees
    }
    return .seeOther("/quality?found=\(agrees ? "alike" : "otherwise")")
  }

  static let taken = Refusal(.conflict, "Somebody has taken this second look meanwhile.")

  private static func require(
    _ id: DecisionID, for principal: Principal, _ tx: borrowing Transaction
  ) throws -> QualityChecks.Check {
    guard let check = try QualityChecks.find(id, tx) else { throw NoSuchCase() }
    try KnowledgeRights(Reviewer(principal)).requireSecondLooks()
    guard check.judgement == nil else { throw taken }
    guard try !QualityChecks.hadPart(principal.actor, in: check.caseID, tx) else {
      throw Refusal(.forbidden, "You had a part in deciding this case. Somebody else takes the second look.")
    }
    return check
  }
}

extension HTTPRequest {
  fileprivate func decisionID() throws -> DecisionID {
    guard let id = parameters["id"].flatMap({ DecisionID($0) }) else { throw NoSuchCase() }
    return id
  }
}

extension SecondLooks {
  fileprivate init(since: Instant, seesGold: Bool, _ tx: borrowing Transaction) throws {
    let setting = try QualityChecks.setting(tx)
    let pairs = try QualityChecks.pairs(since: since, tx)
    let differing = try QualityChecks.differing(limit: 50, tx)
    self.init(
      shares: setting.map { ($0.automatic, $0.decided, $0.gold) }, waiting: try QualityChecks.waiting(tx),
      agreements: try QualityChecks.agreements(since: since, tx).map {
        Agreement(decider: $0.decider, reviewer: $0.reviewer, agreed: Share($0.agreed, of: $0.count))
      }, pairs: Share(pairs.agreed, of: pairs.count),
      differences: try differing.compactMap { check in
        guard let judgement = check.judgement else { return nil }
        return Difference(
          caseID: check.caseID, sku: check.sku, market: check.market,
          decision: try DecisionStore.history(check.caseID, tx).first { $0.id == check.decisionID },
          reviewer: judgement.reviewer, code: judgement.code, reason: judgement.reason, at: judgement.at)
      }, gold: seesGold ? try GoldLooks.figures(since: since, tx) : nil)
  }
}
