import HTTP
import TestSupport

/// The desk as a browser meets it.
struct DeskSite: Sendable {
  struct Session: Sendable {
    var member: DeskPeople.Member
    var cookie: String
    /// With which its forms are accepted.
    var formToken: String
  }

  let address: String
  private let client = HTTPClient(policy: .any, connectionsPerHost: 100)

  init(address: String) { self.address = address }

  func get(_ path: String, _ session: Session? = nil) async throws -> HTTPClientResponse {
    try await send(HTTPClientRequest(url: address + path), session)
  }

  func post(_ path: String, _ fields: [(String, String)], _ session: Session?) async throws -> HTTPClientResponse {
    var fields = fields
    if let session { fields.append(("token", session.formToken)) }
    let body = fields.map { "\(DeskSite.encoded($0.0))=\(DeskSite.encoded($0.1))" }.joined(separator: "&")
    var request = HTTPClientRequest(url: address + path, method: .post, body: Array(body.utf8))
    request.headers["content-type"] = "application/x-www-form-urlencoded"
    return try await send(request, session)
  }

  private func send(_ request: HTTPClientRequest, _ session: Session?) async throws -> HTTPClientResponse {
    var request = request
    request.timeout = .seconds(60)
    request.maxResponseBytes = 4 << 20
    if let session { request.headers["cookie"] = session.cookie }
    return try await client.send(request)
  }

  func signIn(_ people: DeskPeople) async throws -> [Session] {
    var sessions: [Session] = []
    for member in people.members {
      let answer = try await post("/sign-in", [("email", member.email), ("password", DeskPeople.password)], nil)
      guard answer.status == 303, let cookie = answer.headers["set-cookie"]?.prefix(while: { $0 != ";" }) else {
        throw Unmeasurable("\(member.email) cannot sign in: \(answer.status)")
      }
      var session = Session(member: member, cookie: String(cookie), formToken: "")
      let page = String(decoding: try await get("/queue", session).body, as: UTF8.self)
      session.formToken = DeskSite.value(of: "token", in: page) ?? ""
      sessions.append(session)
    }
    return sessions
  }

  /// Of the first field with this name.
  static func value(of field: String, in page: String) -> String? {
    guard let start = page.firstRange(of: "name=\"\(field)\" value=\"") else { return nil }
    return String(page[start.upperBound...].prefix { $0 != "\"" })
  }

  private static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      if isPlain { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
  }
}
