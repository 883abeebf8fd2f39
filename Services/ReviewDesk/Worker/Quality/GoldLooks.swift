import Contracts
import Crypto
import Domain
import JSON
import Postgres
import ReviewDeskEngine
import Store

/// Second looks at cases whose right answer is known. From its address to its answer each goes the way of the others; only what
/// is kept of it is another, and neither the case nor anybody outside learns of it.
enum GoldLooks {
  /// Among so many a look is found again by its id, which is kept nowhere before it is taken.
  private static let openMax: Int64 = 1000

  static func due(for principal: Principal, _ tx: borrowing Transaction) throws -> DecisionID? {
    guard try mayMeet(principal) && GoldCases.isDue(for: principal.actor, tx) else { return nil }
    return try GoldCases.meeting(principal.actor, limit: 1, tx).first { !$0.isMet }.map {
      DerivedID.look($0.caseID, by: principal.actor)
    }
  }

  static func find(_ id: DecisionID, for principal: Principal, _ tx: borrowing Transaction) throws -> CaseID? {
    guard mayMeet(principal) else { return nil }
    let look = try GoldCases.meeting(principal.actor, limit: openMax, tx).first {
      DerivedID.look($0.caseID, by: principal.actor) == id
    }
    if look?.isMet == true { throw QualityRoutes.taken }
    return look?.caseID
  }

  private static func mayMeet(_ principal: Principal) -> Bool {
    let rights = KnowledgeRights(Reviewer(principal))
    return rights.mayKeepPrecedents && !rights.maySeeGold
  }

  /// - Returns: whether the right answer was found.
  static func judge(
    _ id: CaseID, _ found: SecondLook, by principal: Principal, at now: Instant, _ tx: borrowing Transaction
  ) throws -> Bool {
    let agrees = try GoldCases.judge(
      id, by: principal.actor, code: found.code, reason: found.reason, at: now, tx)
    guard let agrees else { throw QualityRoutes.taken }
    var data = JSONObject([("case", id.json), ("agrees", .bool(agrees)), ("code", found.code?.json ?? .null)])
    data.set("reason", found.reason.map { .string($0) })
    try audit("quality.gold-look", of: id, data, by: principal, at: now, tx)
    return agrees
  }

  /// Under a subject of its own: the history of the case, which reviewers read, says nothing of it.
  static func audit(
    _ kind: String, of id: CaseID, _ data: JSONObject, by principal: Principal, at now: Instant,
    _ tx: borrowing Transaction
  ) throws {
    let entry = AuditLog.Entry(
      subject: subject(of: id), kind: kind, actor: principal.actor, at: now, data: .object(data))
    try AuditLog.append([entry], of: principal.tenant, tx)
  }

  static func subject(of id: CaseID) -> UniqueID { UniqueID(digest: SHA256.hash("gold \(id)").bytes) }

  static func figures(since: Instant, _ tx: borrowing Transaction) throws -> GoldFigures {
    GoldFigures(
      try GoldCases.agreements(since: since, tx).map {
        GoldFigures.Reviewer(reviewer: $0.reviewer, agreed: Share($0.agreed, of: $0.count))
      })
  }
}
