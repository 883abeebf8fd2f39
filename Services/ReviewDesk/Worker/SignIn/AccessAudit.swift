import Domain
import JSON
import Postgres
import Store

/// Who came in, who went, and who was kept out, in the tenant's audit log.
enum AccessAudit {
  static func append(
    _ kind: String, of principal: Principal, at now: Instant, _ data: JSONObject, _ tx: borrowing Transaction
  ) throws {
    guard let subject = principal.subject else { return }
    try append(kind, about: subject, by: principal.actor, of: principal.tenant, at: now, data, tx)
  }

  static func append(
    _ kind: String, about subject: UniqueID, by actor: Actor, of tenant: TenantID, at now: Instant, _ data: JSONObject,
    _ tx: borrowing Transaction
  ) throws {
    let entry = AuditLog.Entry(subject: subject, kind: kind, actor: actor, at: now, data: .object(data))
    try AuditLog.append([entry], of: tenant, tx)
  }
}
