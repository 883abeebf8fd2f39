import Domain
import HTTP
import ReviewDeskEngine

extension HTTPRequest {
  /// Browsers say where a request was started; programs say nothing, and need a token anyway.
  var isFromOurPages: Bool {
    guard let site = headers["sec-fetch-site"] else { return true }
    return site == "same-origin" || site == "none"
  }

  /// The case that was dealt with just before.
  var previousCase: CaseID? { queryValue("after").flatMap { CaseID($0) } }

  /// As the browser asks.
  var language: Language { Language(accepting: headers["accept-language"]) }

  var form: FormFields? {
    let type = (headers["content-type"] ?? "").prefix { $0 != ";" && $0 != " " }.lowercased()
    return type == "application/x-www-form-urlencoded" ? FormFields(body) : nil
  }
}

extension HTTPResponse {
  /// Nothing but our own style sheet and script is loaded, and forms go nowhere else.
  private static let policy =
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"

  /// - Parameter showsFrames: of this desk alone.
  static func page(_ html: HTML, status: Int = 200, showsFrames: Bool = false) -> HTTPResponse {
    let frames = showsFrames ? "; frame-src 'self'; frame-ancestors 'none'" : "; frame-ancestors 'none'"
    return .bytes(
      html.document, contentType: "text/html; charset=utf-8", status: status,
      headers: ["content-security-policy": policy + frames])
  }

  /// A part of a page of this desk, which loads itself anew.
  static func frame(_ html: HTML, every seconds: Int) -> HTTPResponse {
    .bytes(
      html.document, contentType: "text/html; charset=utf-8",
      headers: [
        "content-security-policy": "\(policy); frame-ancestors 'self'", "x-frame-options": "SAMEORIGIN",
        "refresh": "\(seconds)",
      ])
  }

  static func seeOther(_ path: String, cookie: String? = nil) -> HTTPResponse {
    var response = HTTPResponse(status: 303, headers: ["location": path])
    if let cookie { response.headers.append("set-cookie", cookie) }
    return response
  }

  static func forged(_ request: HTTPRequest) -> HTTPResponse {
    let page = FaultPage(
      title: "Not accepted",
      detail: "The form did not come from a page of this desk, or is too old. Open the page again.",
      language: request.language)
    return .page(page.html, status: 403)
  }
}
