import Crypto
import Domain
import HTTP
import Postgres
import Store

/// `GET /v1/documents/{id}`: the bytes as they were issued.
struct DocumentEndpoint: Sendable {
  let pool: PostgresPool

  func find(_ call: Call) async throws -> HTTPResponse {
    guard let id = DocumentID(call.parameter("id")) else { throw RequestRefusal.notFound("document") }
    let found = try await pool.transaction(as: call.tenant, readOnly: true) { tx in try DocumentStore.find(id, tx) }
    guard let document = found else { throw RequestRefusal.notFound("document") }
    let tag = "\"\(document.sha256Hex)\""
    // It never changes, but who may see it can.
    let headers: HTTPHeaders = ["etag": tag, "cache-control": "private, no-cache"]
    if DocumentEndpoint.isKnown(tag, to: call.request.headers) { return HTTPResponse(status: 304, headers: headers) }
    var response = HTTPResponse.bytes(document.bytes, contentType: document.mediaType, headers: headers)
    response.headers["content-disposition"] = DocumentEndpoint.disposition(document.name)
    return response
  }

  private static func isKnown(_ tag: String, to headers: HTTPHeaders) -> Bool {
    headers.all("if-none-match").flatMap { $0.split(separator: ",") }.contains { candidate in
      let candidate = candidate.trimmed
      return candidate == "*" || candidate == tag || candidate == "W/\(tag)"
    }
  }

  /// RFC 6266: the name in ASCII for old clients, and whole in UTF-8.
  static func disposition(_ name: String) -> String {
    let plain = String(name.unicodeScalars.map { isPlain($0) ? Character($0) : "_" })
    var encoded = ""
    for byte in name.utf8 {
      let scalar = Unicode.Scalar(byte)
      encoded +=
        byte < 0x80 && isPlain(scalar) && scalar != " " ? String(scalar) : "%" + Hex.encode([byte]).uppercased()
    }
    return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", " ", ".", "-", "_": true
    default: false
    }
  }
}

extension StoredDocument {
  var sha256Hex: String { Hex.encode(sha256) }
}

extension Substring {
  fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
