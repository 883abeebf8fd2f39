import Contracts
import Crypto
import Domain
import HTTP
import Observability
import Store

/// One request of a caller who was let in.
struct Call: Sendable {
  let request: HTTPRequest
  /// The method and pattern, such as `GET /v1/cases/{id}`.
  let route: String
  let caller: Principal
  let trace: TraceContext
  let now: Instant

  var tenant: TenantID { caller.tenant }

  /// What the pattern of the route matched.
  func parameter(_ name: String) -> String { request.parameters[name] ?? "" }

  /// What everything that follows from this request is derived from: drawn at random, or the same for each repetition.
  func cause(_ key: IdempotencyKey?) -> MessageID {
    guard let key else { return MessageID(UniqueID(digest: SecureRandom.bytes(16))) }
    let parts = [tenant.slug, caller.environment.rawValue, key.text, key.fingerprint.hex]
    return MessageID(UniqueID(digest: SHA256.hash(parts.joined(separator: "\u{1F}")).bytes))
  }
}

extension MessageID {
  /// For one of many things in a request.
  func item(_ index: Int) -> MessageID {
    MessageID(UniqueID(digest: SHA256.hash("\(self)\u{1F}\(index)").bytes))
  }
}
