import Crypto
import Domain
import HTTP
import Postgres
import Store

/// The `Idempotency-Key` of a request (draft-ietf-httpapi-idempotency-key-header-07), and what it was sent with.
struct IdempotencyKey: Sendable {
  private static let bytesMax = 255

  private let text: String
  /// Another person's request is another request, even if every byte of it is the same.
  private let fingerprint: [UInt8]

  /// nil when the request has none.
  init?(_ request: HTTPRequest, of principal: Principal) throws(Problem) {
    let fields = request.headers.all("idempotency-key")
    guard let field = fields.first else { return nil }
    guard fields.count == 1, let text = IdempotencyKey.unquoted(field), (1...IdempotencyKey.bytesMax) ~= text.utf8.count
    else { throw .malformedIdempotencyKey }
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

  /// A string of Structured Field Values (RFC 9651).
  private static func unquoted(_ field: String) -> String? {
    let bytes = Array(field.utf8)
    guard bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") else { return nil }
    var text: [UInt8] = []
    var isEscaped = false
    for byte in bytes[1..<bytes.count - 1] {
      guard (0x20...0x7E).contains(byte) else { return nil }
      let isSpecial = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
      guard isEscaped == isSpecial || (isSpecial && byte == UInt8(ascii: "\\")) else { return nil }
      if isSpecial, !isEscaped {
        isEscaped = true
        continue
      }
      isEscaped = false
      text.append(byte)
    }
    return isEscaped ? nil : String(decoding: text, as: UTF8.self)
  }
}
