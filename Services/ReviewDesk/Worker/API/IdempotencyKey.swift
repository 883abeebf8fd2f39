import Crypto
import Domain
import HTTP
import Postgres
import Store

/// The key of a request, and what it was sent with.
struct IdempotencyKey: Sendable {
  private let text: String
  /// Another person's request is another request, even if every byte of it is the same.
  private let fingerprint: [UInt8]

  /// nil when the request has none.
  init?(_ request: HTTPRequest, of principal: Principal) throws(Problem) {
    guard let text = try IdempotencyKeyHeader.read(request.headers) else { return nil }
    self.text = text
    let parts = ["\(request.method) \(request.path)", principal.actor.name].map { Array($0.utf8) }
    fingerprint = SHA256.hash(chunks: [parts[0], [0], parts[1], [0], request.body]).bytes
  }

  /// Of one case among those that a request names.
  func part(_ id: CaseID) -> IdempotencyKey {
    IdempotencyKey(text: Hex.encode(SHA256.hash("\(text) \(id)").bytes), fingerprint: fingerprint)
  }

  private init(text: String, fingerprint: [UInt8]) {
    self.text = text
    self.fingerprint = fingerprint
  }

  func firstAnswer(_ tx: borrowing Transaction) throws -> Act.Answer? {
    guard try IdempotencyKeys.hold(text, tx) else { throw Problem.repetitionInFlight }
    guard let kept = try IdempotencyKeys.find(text, tx) else { return nil }
    guard kept.requestHash == fingerprint else { throw Problem.idempotencyKeyReused }
    return Act.Answer(body: kept.body, isRepeated: true)
  }

  func keep(_ answer: Act.Answer, at now: Instant, _ tx: borrowing Transaction) throws {
    try IdempotencyKeys.keep(text, .init(requestHash: fingerprint, status: 200, body: answer.body), at: now, tx)
  }
}
