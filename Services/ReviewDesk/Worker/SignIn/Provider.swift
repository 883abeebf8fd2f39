import Configuration
import Crypto
import Domain
import HTTP
import JSON
import ReviewDeskEngine
import WorkerRuntime

/// The provider, as far as the desk talks to it: what it says of itself and its keys are asked for when they are needed, and
/// kept for an hour.
actor Provider {
  nonisolated let settings: ProviderSettings
  /// The operator names the provider, which may stand in the same network.
  private let client = HTTPClient(policy: .any)
  private var document: Kept<ProviderDocument>?
  private var keys: Kept<KeySet>?
  /// When a key was asked for that was not among those known.
  private var searchedAt: ContinuousClock.Instant?

  private struct Kept<Value: Sendable> {
    var value: Value
    var since = ContinuousClock.now
    var isFresh: Bool { ContinuousClock.now - since < .seconds(3600) }
  }

  private static let timeout = Duration.seconds(10)
  /// Whoever sends tokens with keys that do not exist makes us ask no more often.
  private static let searchInterval = Duration.seconds(60)

  init(_ settings: ProviderSettings) { self.settings = settings }

  func address(for errand: ProviderErrand) async throws(ProviderFault) -> String {
    errand.address(at: try await described(), clientID: settings.clientID, callback: settings.callback)
  }

  /// - Parameter code: as the browser brought it back.
  func identity(for code: String, _ errand: ProviderErrand, at now: Instant) async throws(ProviderFault) -> Identity {
    let token = try await exchange(code, errand)
    let expected = IDToken.Expectation(issuer: settings.issuer, clientID: settings.clientID, nonce: errand.nonce)
    return try token.identity(by: try await key(of: token), expected, at: now)
  }

  private func exchange(_ code: String, _ errand: ProviderErrand) async throws(ProviderFault) -> IDToken {
    let provider = try await described()
    var headers: HTTPHeaders = ["content-type": "application/x-www-form-urlencoded", "accept": "application/json"]
    var client: [(name: String, value: String)] = []
    if provider.wantsSecretInForm {
      client = [("client_id", settings.clientID), ("client_secret", settings.secret.reveal())]
    } else {
      headers.append("authorization", ProviderErrand.basic(settings.clientID, settings.secret.reveal()))
    }
    let body = errand.exchange(of: code, callback: settings.callback, client: client)
    let (status, answer) = try await send(
      HTTPClientRequest(
        url: provider.token, method: .post, headers: headers, body: body, timeout: Provider.timeout))
    guard status == 200 else {
      let error = answer["error"]?.stringValue ?? ""
      throw .refused("the code was answered with \(status) \(error.prefix(100))")
    }
    guard let text = answer["id_token"]?.stringValue else { throw .refused("there came no token") }
    return try IDToken(text)
  }

  // MARK: What it says of itself

  private func described() async throws(ProviderFault) -> ProviderDocument {
    if let document, document.isFresh { return document.value }
    let json = try await get(ProviderDocument.address(of: settings.issuer))
    let found = try ProviderDocument(json, of: settings.issuer)
    document = Kept(value: found)
    return found
  }

  private func key(of token: IDToken) async throws(ProviderFault) -> SignatureKey {
    if let keys, keys.isFresh {
      if let key = keys.value.key(token.keyID, of: token.kind) { return key }
      guard searchedAt.map({ ContinuousClock.now - $0 >= Provider.searchInterval }) ?? true else {
        throw .refused("the token's key is not among those asked for a moment ago")
      }
      searchedAt = .now
    }
    let found = try KeySet(try await get(try await described().keys))
    keys = Kept(value: found)
    guard let key = found.key(token.keyID, of: token.kind) else { throw .refused("the token's key is not known") }
    return key
  }

  private func get(_ url: String) async throws(ProviderFault) -> JSONValue {
    let (status, json) = try await send(
      HTTPClientRequest(url: url, headers: ["accept": "application/json"], timeout: Provider.timeout))
    guard status == 200 else { throw .unreachable("\(url) answered \(status)") }
    return json
  }

  private func send(_ request: HTTPClientRequest) async throws(ProviderFault) -> (status: Int, json: JSONValue) {
    let response: HTTPClientResponse
    do throws(HTTPClientError) {
      response = try await client.send(request)
    } catch {
      throw .unreachable("\(request.url): \(error)")
    }
    if response.status >= 500 { throw .unreachable("\(request.url) answered \(response.status)") }
    return (response.status, (try? JSONParser.parse(response.body)) ?? .null)
  }
}
