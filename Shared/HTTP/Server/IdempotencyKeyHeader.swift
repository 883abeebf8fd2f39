/// The `Idempotency-Key` of a request (draft-ietf-httpapi-idempotency-key-header-07).
public enum IdempotencyKeyHeader {
  static let bytesMax = 255

  /// nil when the request has none.
  public static func read(_ headers: HTTPHeaders) throws(Problem) -> String? {
    let fields = headers.all("idempotency-key")
    guard let field = fields.first else { return nil }
    guard fields.count == 1, let text = unquoted(field), (1...bytesMax) ~= text.utf8.count else { throw malformed }
    return text
  }

  private static var malformed: Problem {
    Problem(
      status: 400,
      errors: [
        Problem.Fault(
          pointer: "Idempotency-Key", detail: "The key is not one quoted string of 1 to \(bytesMax) characters.",
          remedy: "Write it in quotation marks, such as \"8e03978e-40d5-43dd-bc93-6894a57f9324\".")
      ])
  }

  /// A string of Structured Field Values (RFC 9651).
  private static func unquoted(_ field: String) -> String? {
    let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
    let bytes = Array(field.utf8)
    guard bytes.count >= 2, bytes.first == quote, bytes.last == quote else { return nil }
    var text: [UInt8] = []
    var isEscaped = false
    for byte in bytes.dropFirst().dropLast() {
      guard (0x20...0x7E).contains(byte) else { return nil }
      if isEscaped {
        guard byte == quote || byte == backslash else { return nil }
        isEscaped = false
      } else if byte == backslash {
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
