import HTTP
import Testing

/// A person's browser, as far as the desk can tell: it keeps the cookie and sends the form's token back.
struct Browser: Sendable {
  var desk: Desk
  private(set) var cookie = ""
  private(set) var token = ""

  static func signedIn(_ desk: Desk, _ key: String) async throws -> Browser {
    try await signedIn(desk, with: ["key": key])
  }

  static func signedIn(_ desk: Desk, email: String, password: String = Desk.password) async throws -> Browser {
    try await signedIn(desk, with: ["email": email, "password": password])
  }

  private static func signedIn(_ desk: Desk, with fields: [String: String]) async throws -> Browser {
    var browser = Browser(desk: desk)
    let answer = try await browser.post("/sign-in", fields)
    #expect(answer.status == 303, "\(answer)")
    let setCookie = try #require(answer.response.headers["set-cookie"])
    for attribute in ["__Host-", "Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
      #expect(setCookie.contains(attribute), "\(setCookie)")
    }
    browser.cookie = String(setCookie.prefix { $0 != ";" })
    let queue = try await browser.get("/queue").text
    let marker = "name=\"token\" value=\""
    let start = try #require(queue.firstRange(of: marker)?.upperBound)
    browser.token = String(queue[start...].prefix { $0 != "\"" })
    return browser
  }

  func get(_ path: String) async throws -> Desk.Answer { try await desk.get(path, headers: ["cookie": cookie]) }

  func post(_ path: String, _ fields: [String: String], token: String? = nil, site: String? = nil) async throws
    -> Desk.Answer
  {
    var fields = fields
    let token = token ?? self.token
    if !token.isEmpty { fields["token"] = token }
    let body = fields.map { "\(encoded($0.key))=\(encoded($0.value))" }.joined(separator: "&")
    var headers: HTTPHeaders = ["content-type": "application/x-www-form-urlencoded"]
    if !cookie.isEmpty { headers["cookie"] = cookie }
    if let site { headers["sec-fetch-site"] = site }
    return try await desk.send(.post, path, headers: headers, body: Array(body.utf8))
  }

  private func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let character = Character(Unicode.Scalar(byte))
      if byte < 0x80, character.isLetter || character.isNumber { return String(character) }
      return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
