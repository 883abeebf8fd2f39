import HTTP

/// The cookie that carries a session. Its prefix makes browsers refuse it over plain HTTP (but on the machine itself) and
/// from any other host.
enum SessionCookie {
  private static let name = "__Host-pabean-desk"
  private static let attributes = "Path=/; Secure; HttpOnly; SameSite=Strict"

  static func token(in request: HTTPRequest) -> String? { request.cookie(name) }

  static func set(_ token: String) -> String {
    "\(name)=\(token); Max-Age=\(SessionGate.lifetime.components.seconds); \(attributes)"
  }

  static let cleared = "\(name)=; Max-Age=0; \(attributes)"
}

extension HTTPRequest {
  func cookie(_ name: String) -> String? {
    for header in headers.all("cookie") {
      for pair in header.split(separator: ";") {
        let text = pair.drop { $0 == " " }
        if text.hasPrefix("\(name)=") { return String(text.dropFirst(name.utf8.count + 1)) }
      }
    }
    return nil
  }
}
