/// The PostgreSQL and RabbitMQ of this checkout alone, kept by `infra/scripts/servers.sh`.
struct PrivateServers: Sendable {
  let checkout: Checkout
  let state: StateFolder

  struct Addresses: Sendable {
    var databaseURL: String
    var brokerURL: String
    var managementURL: String?
  }

  private var script: String { "\(checkout.root)/infra/scripts/servers.sh" }
  private var log: String { state.log(of: "servers") }

  /// Starts what does not run. Also restarts the broker when its definitions have changed.
  func start() async throws -> Addresses {
    try await run(["start", state.servers, "--management", "--definitions", state.brokerDefinitions])
    let values = try VariablesFile(reading: "\(state.servers)/env").values
    guard let database = values["PABEAN_ADMIN_DATABASE_URL"], let broker = values["PABEAN_ADMIN_AMQP_URL"] else {
      throw Failure("\(state.servers)/env does not name the servers", remedy: "run 'make clean' and 'make up'")
    }
    return Addresses(databaseURL: database, brokerURL: broker, managementURL: values["PABEAN_ADMIN_MANAGEMENT_URL"])
  }

  func stop() async throws {
    guard LocalFile.exists("\(state.servers)/settings") else { return }
    try await run(["stop", state.servers])
  }

  private func run(_ arguments: [String]) async throws {
    let path = Processes.searchPath
    let status = try await ChildProcess.run(
      script, arguments, environment: ["PATH": path, "HOME": state.path, "LC_ALL": "C.UTF-8"], log: log)
    guard status == 0 else {
      throw Failure(
        "servers.sh \(arguments[0]) ended with \(status)\n\(LocalFile.tail(log, lines: 6))",
        remedy: "the whole story is in \(state.shown(log))")
    }
  }
}
