import Crypto
import Domain
import HTTP
import JSON

/// The `Idempotency-Key` of a request (draft-ietf-httpapi-idempotency-key-header-07), and what it was sent with.
struct IdempotencyKey: Hashable, Sendable {
  static let bytesMax = 255

  let text: String
  /// The same for the same request, whatever the order of its members or its spaces.
  let fingerprint: SHA256Digest

  /// nil when the request has none.
  init?(_ headers: HTTPHeaders, route: String, body: [UInt8]) throws(Problem) {
    let fields = headers.all("idempotency-key")
    guard let field = fields.first else { return nil }
    guard fields.count == 1, let text = IdempotencyKey.unquoted(field), (1...IdempotencyKey.bytesMax) ~= text.utf8.count
    else {
      throw Problem(
        status: 400,
        errors: [
          Problem.Fault(
            pointer: "Idempotency-Key", detail: "The key is not one quoted string of 1 to 255 characters.",
            remedy: "Write it in quotation marks, such as \"8e03978e-40d5-43dd-bc93-6894a57f9324\".")
        ])
    }
    self.text = text
    fingerprint = SHA256.hash(chunks: [Array(route.utf8), [0], body])
  }

  /// A string of Structured Field Values (RFC 9651).
  private static func unquoted(_ field: String) -> String? {
    let quote = UInt8(ascii: "\"")
    let bytes = Array(field.utf8)
    guard bytes.count >= 2, bytes.first == quote, bytes.last == quote else { return nil }
    var text: [UInt8] = []
    var isEscaped = false
    for byte in bytes.dropFirst().dropLast() {
      guard (0x20...0x7E).contains(byte) else { return nil }
      if isEscaped {
        guard byte == quote || byte == UInt8(ascii: "\\") else { return nil }
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
        continue
      } else if byte == quote {
        return nil
      }
      text.append(byte)
    }
    return isEscaped ? nil : String(decoding: text, as: UTF8.self)
  }
}
