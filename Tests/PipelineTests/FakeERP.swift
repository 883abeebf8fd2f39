import Crypto
import HTTP
import JSON
import Synchronization
import TestSupport

/// An ERP that takes outcomes over HTTP as Standard Webhooks says: it verifies the signature, knows a repetition by its
/// id, and can fail in the ways that real ones do.
final class FakeERP: Sendable {
  enum Behaviour: Sendable {
    case accept
    /// Refuses before anything is done.
    case answer(Int)
    /// Does it, and then says that it failed.
    case executeAndAnswer(Int)
    /// Does it, and the connection breaks before the answer.
    case executeAndCut
  }

  struct Call: Sendable {
    var id: String
    var attempt: Int
    var body: JSONValue
    var isSigned: Bool
  }

  private struct State {
    var calls: [Call] = []
    /// How often the effect of each id happened.
    var executions: [String: Int] = [:]
    var cuts = 0
  }

  static let secret = "whsec_" + Base64.encode(Array(0..<32))

  let url: String
  private let server: HTTPServer
  private let proxy: FaultProxy
  private let state: StateBox

  private final class StateBox: Sendable {
    let value = Mutex(State())
    let cut = Mutex<FaultProxy?>(nil)
  }

  init(_ behave: @escaping @Sendable (Call) -> Behaviour) throws {
    let state = StateBox()
    self.state = state
    server = try HTTPServer(host: "127.0.0.1", port: 0) { request in
      await FakeERP.answer(request, state, behave)
    }
    server.start()
    proxy = try FaultProxy(toPort: server.port)
    state.cut.withLock { [proxy] in $0 = proxy }
    url = "http://127.0.0.1:\(proxy.port)/outcomes"
  }

  var calls: [Call] { state.value.withLock { $0.calls } }
  var executions: [String: Int] { state.value.withLock { $0.executions } }
  var cuts: Int { state.value.withLock { $0.cuts } }

  func close() async {
    proxy.stop()
    await server.stop()
  }

  private static func answer(
    _ request: HTTPRequest, _ state: StateBox, _ behave: @Sendable (Call) -> Behaviour
  ) async -> HTTPResponse {
    let id = request.headers["webhook-id"] ?? ""
    let body = (try? JSONParser.parse(request.body)) ?? .null
    let isSigned = isSigned(request, id)
    let call = state.value.withLock { state in
      let call = Call(id: id, attempt: state.calls.count { $0.id == id } + 1, body: body, isSigned: isSigned)
      state.calls.append(call)
      return call
    }
    guard isSigned else { return HTTPResponse(status: 401) }
    switch behave(call) {
    case .answer(let status): return HTTPResponse(status: status)
    case .accept:
      execute(id, state)
      return .noContent
    case .executeAndAnswer(let status):
      execute(id, state)
      return HTTPResponse(status: status)
    case .executeAndCut:
      execute(id, state)
      state.value.withLock { $0.cuts += 1 }
      state.cut.withLock { $0 }?.cutNow()
      return .noContent
    }
  }

  /// A repetition is answered as the first time and does nothing.
  private static func execute(_ id: String, _ state: StateBox) {
    state.value.withLock { state in
      if state.executions[id] == nil { state.executions[id] = 1 }
    }
  }

  /// Computed here and not by the code under test.
  private static func isSigned(_ request: HTTPRequest, _ id: String) -> Bool {
    guard let timestamp = request.headers["webhook-timestamp"], let signature = request.headers["webhook-signature"],
      let key = Base64.decode(String(secret.dropFirst("whsec_".count)))
    else { return false }
    let content = Array("\(id).\(timestamp).".utf8) + request.body
    let expected = "v1," + Base64.encode(HMACSHA256.authenticate(content, key: key))
    return signature.split(separator: " ").contains { $0 == expected }
  }
}
