import Crypto
import Domain
import JSON
import Postgres
import Store
import WorkerRuntime

/// What an operator changed, in the tenant's audit log.
enum OperatorAudit {
  static func append(
    _ kind: String, about subject: String, by actor: Actor, _ data: JSONValue, of tenant: TenantID,
    _ tx: borrowing Transaction
  ) throws {
    let id = UniqueID(digest: SHA256.hash("\(tenant) \(subject)").bytes)
    let entry = AuditLog.Entry(subject: id, kind: kind, actor: actor, at: SystemClock.now(), data: data)
    try AuditLog.append([entry], of: tenant, tx)
  }
}
