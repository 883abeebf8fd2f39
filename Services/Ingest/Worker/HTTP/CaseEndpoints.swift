import Domain
import HTTP
import JSON
import Postgres
import Store

/// `GET /v1/products/{sku}` and `GET /v1/cases/{id}`: where things stand.
struct CaseEndpoints: Sendable {
  /// The newest cases of a SKU, among which those of its latest revision are.
  private static let newestCasesMax = 50

  let pool: PostgresPool

  func findProduct(_ call: Call) async throws -> HTTPResponse {
    let sku = call.parameter("sku")
    let found = try await pool.transaction(as: call.tenant, readOnly: true) { tx -> JSONValue? in
      let ids = try CaseStore.find(sku: sku, tx).prefix(CaseEndpoints.newestCasesMax)
      let cases = try CaseStore.load(Array(ids), tx).values
      guard let latest = cases.max(by: { $0.revision < $1.revision }) else { return nil }
      let current = cases.filter { $0.revisionID == latest.revisionID }.sorted { $0.market < $1.market }
      let decisions = try DecisionStore.latest(current.map(\.id), tx)
      return [
        "sku": .string(sku), "revision": .integer(latest.revision), "product": latest.product.json,
        "cases": .array(current.map { .object(CaseEndpoints.summary($0, decisions[$0.id])) }),
      ]
    }
    guard let found else { throw RequestRefusal.notFound("product") }
    return .json(found)
  }

  func findCase(_ call: Call) async throws -> HTTPResponse {
    guard let id = CaseID(call.parameter("id")) else { throw RequestRefusal.notFound("case") }
    let found = try await pool.transaction(as: call.tenant, readOnly: true) { tx -> JSONValue? in
      guard let stored = try CaseStore.load([id], tx)[id] else { return nil }
      var view = CaseEndpoints.summary(stored, try DecisionStore.latest([id], tx)[id])
      view["sku"] = .string(stored.product.sku)
      view["revision"] = .integer(stored.revision)
      let classification = try ClassificationStore.latest([id], tx)[id]
      view["candidates"] = .array((classification?.candidates ?? []).map(CaseEndpoints.candidate))
      let screening = try ScreeningStore.latest([id], tx)[id]
      view["reasons"] = .strings(screening?.routing.reasons.map(\.text) ?? [])
      view["findings"] = .array((screening?.screening.findings ?? []).map(CaseEndpoints.finding))
      let documents = try DocumentStore.list(of: [id.value], tx)[id.value] ?? []
      view["documents"] = .array(documents.map(\.reference))
      return .object(view)
    }
    guard let found else { throw RequestRefusal.notFound("case") }
    return .json(found)
  }

  private static func summary(_ stored: StoredCase, _ decision: Decision?) -> JSONObject {
    JSONObject([
      ("id", stored.id.json), ("market", stored.market.json), ("state", .string(stored.state.rawValue)),
      ("lane", stored.lane.map { .string($0.rawValue) } ?? .null), ("code", decision?.code?.json ?? .null),
      ("decision", decision.map(decisionView) ?? .null), ("openedAt", stored.openedAt.json),
    ])
  }

  private static func decisionView(_ decision: Decision) -> JSONValue {
    [
      "id": decision.id.json, "kind": .string(decision.kind.rawValue), "code": decision.code?.json ?? .null,
      "reason": decision.reason.map { .string($0) } ?? .null, "decidedBy": decision.decidedBy.json,
      "decidedAt": decision.decidedAt.json,
    ]
  }

  private static func candidate(_ candidate: Candidate) -> JSONValue {
    ["code": candidate.code.json, "title": .string(candidate.title), "confidence": candidate.confidence.json]
  }

  private static func finding(_ finding: Finding) -> JSONValue {
    [
      "rule": .string(finding.ruleID), "effect": .string(finding.effect.rawValue), "summary": .string(finding.summary),
    ]
  }
}
