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

  func users() async throws -> Set<String> {
    let body = try await send(.get, "users", [])
    let users = try JSONParser.parse(body).arrayValue ?? []
    return Set(users.compactMap { $0["name"]?.stringValue })
  }

  func importDefinitions(_ definitions: JSONValue) async throws {
    _ = try await send(.post, "definitions", definitions.bytes)
  }

  private func send(_ method: HTTPMethod, _ resource: String, _ body: [UInt8]) async throws -> [UInt8] {
    let request = HTTPClientRequest(
      url: "\(base)/api/\(resource)", method: method,
      headers: ["authorization": authorization, "content-type": "application/json"], body: body, timeout: .seconds(60))
    let response: HTTPClientResponse
    do throws(HTTPClientError) {
      response = try await HTTPClient(policy: .any).send(request)
    } catch {
      throw Failure("the broker's management API does not answer: \(error)", remedy: "check PABEAN_MANAGEMENT_URL")
    }
    guard (200..<300).contains(response.status) else {
      throw Failure(
        "the broker's management API answered \(response.status)",
        remedy: String(decoding: response.body.prefix(300), as: UTF8.self))
    }
    return response.body
  }
}

extension String {
  fileprivate func trimmingSlash() -> String { hasSuffix("/") ? String(dropLast()) : self }
}
