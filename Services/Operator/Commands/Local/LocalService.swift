import Contracts
import Glibc
import HTTP

/// One of our processes on this machine.
struct LocalService: Sendable {
  let name: String
  let program: String
  var arguments: [String] = []
  var databaseRole: String
  var brokerUser: String
  /// Beside those of every worker.
  var variables: [String: String] = [:]

  init(
    _ name: String, program: String, arguments: [String] = [], databaseRole: String, brokerUser: String,
    variables: [String: String] = [:]
  ) {
    self.name = name
    self.program = program
    self.arguments = arguments
    self.databaseRole = databaseRole
    self.brokerUser = brokerUser
    self.variables = variables
  }

  init(_ stage: Stage, _ checkout: Checkout) {
    self.init(
      stage.rawValue, program: checkout.program("pabean-\(stage.rawValue)"),
      databaseRole: "pabean_" + stage.rawValue.replacing("-", with: "_"), brokerUser: BrokerDefinitions.user(stage))
  }
}

/// A service as it was started: its process and the port of its own.
struct RunningService: Sendable {
  let name: String
  let port: Int
  let process: RecordedProcess

  var address: String { "127.0.0.1:\(port)" }

  /// What `/readyz` says; nil when nobody answers.
  func readiness(_ client: HTTPClient) async -> (isReady: Bool, text: String)? {
    let request = HTTPClientRequest(url: "http://\(address)/readyz", timeout: .seconds(3))
    guard let response = try? await client.send(request) else { return nil }
    let text = String(decoding: response.body, as: UTF8.self).split(separator: "\n").joined(separator: ", ")
    return (response.status == 200, text)
  }
}
