import Contracts
import Crypto
import HTTP
import JSON

/// RabbitMQ's management API, for the one thing that AMQP cannot do: users and their rights.
struct ManagementAPI: Sendable {
  private let base: String
  private let authorization: String

  /// - Parameter url: with the administrator's name and password in it.
  init(_ url: String) throws {
    let wrong = Failure(
      "PABEAN_MANAGEMENT_URL has no user and password", remedy: "write http://user:password@host:15672")
    let scheme = url.prefix { $0 != ":" }
    let rest = url.dropFirst(scheme.count + "://".count)
    guard let at = rest.lastIndex(of: "@") else { throw wrong }
    authorization = "Basic " + Base64.encode(Array(rest[..<at].utf8))
    base = "\(scheme)://" + String(rest[rest.index(after: at)...]).trimmingSlash()
  }

  func importDefinitions(_ definitions: JSONValue) async throws {
    let client = HTTPClient(policy: .any)
    let request = HTTPClientRequest(
      url: "\(base)/api/definitions", method: .post,
      headers: ["authorization": authorization, "content-type": "application/json"], body: definitions.bytes,
      timeout: .seconds(60))
    let response = try await client.send(request)
    guard (200..<300).contains(response.status) else {
      throw Failure(
        "the broker's management API answered \(response.status)",
        remedy: String(decoding: response.body.prefix(300), as: UTF8.self))
    }
  }
}

extension String {
  fileprivate func trimmingSlash() -> String { hasSuffix("/") ? String(dropLast()) : self }
}
