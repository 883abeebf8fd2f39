import Domain
import Observability
import ReviewDeskEngine
import Store

/// One change that someone asks for: who, when, and whether it is a repetition.
struct Act: Sendable {
  let principal: Principal
  let now: Instant
  let trace: TraceContext
  let idempotencyKey: IdempotencyKey?
  /// What several decisions that were given together have in common.
  var bulk: UniqueID?

  var tenant: TenantID { principal.tenant }
  var reviewer: Reviewer { Reviewer(principal) }

  struct Answer: Sendable {
    var body: [UInt8]
    var isRepeated = false
  }
}
