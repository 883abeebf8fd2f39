import Glibc
import HTTP

/// Which services were started here: a file each with process and start time, and one with the ports, which stay the
/// same from one start to the next.
struct ServiceRegister: Sendable {
  let state: StateFolder

  private var portsPath: String { "\(state.path)/ports" }
  private func processPath(_ name: String) -> String { "\(state.processes)/\(name).pid" }

  func running() -> [RunningService] {
    let ports = (try? VariablesFile(reading: portsPath))?.values ?? [:]
    return LocalFile.names(in: state.processes).compactMap { file in
      guard file.hasSuffix(".pid") else { return nil }
      let name = String(file.dropLast(4))
      guard let process = RecordedProcess(recordedIn: processPath(name)), process.isRunning,
        let port = ports[name].flatMap({ Int($0) })
      else { return nil }
      return RunningService(name: name, port: port, process: process)
    }
  }

  func start(_ service: LocalService, environment: [String: String]) throws -> RunningService {
    let port = try port(of: service.name)
    var variables = environment.merging(service.variables) { _, own in own }
    variables["PABEAN_HTTP_ADDRESS"] = "127.0.0.1:\(port)"
    let id = try ChildProcess.start(
      service.program, service.arguments, environment: variables, log: state.log(of: service.name))
    guard let process = RecordedProcess(id: id) else { throw ended(service.name) }
    try process.record(in: processPath(service.name))
    return RunningService(name: service.name, port: port, process: process)
  }

  /// Waits until all answer that they are ready.
  func awaitReady(_ services: [RunningService], within limit: Duration, progress: (String) -> Void) async throws {
    let client = HTTPClient(policy: .any)
    let deadline = ContinuousClock.now + limit
    var waiting = services
    while true {
      var unready: [(RunningService, String)] = []
      for service in waiting {
        guard service.process.isRunning else { throw ended(service.name) }
        let answer = await service.readiness(client)
        if answer?.isReady != true { unready.append((service, answer?.text ?? "starting")) }
      }
      guard let first = unready.first else { return }
      if ContinuousClock.now > deadline {
        throw Failure(
          "\(first.0.name) is not ready: \(first.1)", remedy: "see \(state.shown(state.log(of: first.0.name)))")
      }
      progress("waiting for \(unready.map(\.0.name).joined(separator: ", "))")
      waiting = unready.map(\.0)
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  private func ended(_ name: String) -> Failure {
    let log = state.log(of: name)
    return Failure("\(name) ended while starting\n\(LocalFile.tail(log, lines: 4))", remedy: "see \(state.shown(log))")
  }

  /// Asks all to finish what they have in hand, and ends those that do not.
  func stop(_ services: [RunningService], within limit: Duration = .seconds(30)) async {
    for service in services { service.process.signal(SIGTERM) }
    await withTaskGroup(of: Void.self) { group in
      for service in services {
        group.addTask {
          if await !service.process.ends(within: limit) {
            service.process.signal(SIGKILL)
            _ = await service.process.ends(within: .seconds(5))
          }
          LocalFile.remove(processPath(service.name))
        }
      }
    }
  }

  // MARK: Ports

  private func port(of name: String) throws -> Int {
    var ports = (try? VariablesFile(reading: portsPath)) ?? VariablesFile()
    if let known = ports.values[name].flatMap({ Int($0) }), isFree(known) { return known }
    let taken = Set(ports.values.values.compactMap { Int($0) })
    // Below the kernel's range for outgoing connections, which starts at 32768.
    for _ in 0..<200 {
      let candidate = Int.random(in: 20_000..<32_000)
      guard !taken.contains(candidate), isFree(candidate) else { continue }
      ports.values[name] = String(candidate)
      try ports.write(to: portsPath, isSecret: false)
      return candidate
    }
    throw Failure("found no free port on 127.0.0.1 for \(name)")
  }

  private func isFree(_ port: Int) -> Bool {
    (try? HTTPServer(host: "127.0.0.1", port: port) { _ in .noContent }) != nil
  }
}
