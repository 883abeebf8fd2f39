import FoundationEssentials
import Glibc

/// A PostgreSQL and a RabbitMQ of the tests' own, run by infra/scripts/servers.sh.
public struct PrivateServers: Sendable {
  public let directory: String
  public let databaseURL: String
  public let amqpURL: String
  public let managementURL: String?

  public enum Failure: Error, CustomStringConvertible {
    case notStarted(missing: String)
    case scriptFailed(verb: String, Subprocess.Result)
    case subprocess(Subprocess.Failure)
    case noDirectory(in: String, errno: Int32)

    public var description: String {
      switch self {
      case .notStarted(let missing):
        """
        \(missing) is not set. 'make test' starts the servers; by hand:
          infra/scripts/servers.sh start .pabean/servers --fsync=off --management --env-prefix=PABEAN_TEST
          . .pabean/servers/env
        """
      case .scriptFailed(let verb, let result): "servers.sh \(verb): \(result)"
      case .subprocess(let failure): "servers.sh: \(failure)"
      case .noDirectory(let parent, let errno): "cannot create a directory in \(parent): errno \(errno)"
      }
    }
  }

  /// The servers all tests share. Nobody may stop or kill them: see `withOwn` for that.
  public static func shared() throws(Failure) -> PrivateServers {
    try PrivateServers(environment: ProcessInfo.processInfo.environment)
  }

  /// Starts two servers for the body alone, so that it may kill them, and removes them with all they hold.
  public static func withOwn<R: Sendable>(
    options: [String] = ["--management"], _ body: (PrivateServers) async throws -> R
  ) async throws -> R {
    let directory = try temporaryDirectory()
    let result: Result<R, any Error>
    do {
      let servers = try await start(in: directory, options: options)
      result = .success(try await body(servers))
    } catch {
      result = .failure(error)
    }
    // Killed first: what is in them is not worth an orderly end.
    for verb in ["kill-broker", "kill-database", "stop"] { _ = try? await script(verb, directory) }
    _ = try? await Subprocess.run("rm", ["-rf", directory])
    return try result.get()
  }

  /// Starts servers in a directory, or finds them running there.
  public static func start(in directory: String, options: [String]) async throws(Failure) -> PrivateServers {
    try await script("start", directory, options + ["--env-prefix=PABEAN_TEST"])
    return try PrivateServers(environment: exports(in: "\(directory)/env"))
  }

  public func stop() async throws(Failure) { try await Self.script("stop", directory) }
  public func startBroker() async throws(Failure) { try await Self.script("start-broker", directory) }
  public func stopBroker() async throws(Failure) { try await Self.script("stop-broker", directory) }
  public func killBroker() async throws(Failure) { try await Self.script("kill-broker", directory) }
  public func startDatabase() async throws(Failure) { try await Self.script("start-database", directory) }
  public func stopDatabase() async throws(Failure) { try await Self.script("stop-database", directory) }
  public func killDatabase() async throws(Failure) { try await Self.script("kill-database", directory) }

  /// `rabbitmqctl` on this broker, for alarms, closed connections and the like.
  @discardableResult
  public func brokerControl(_ arguments: String...) async throws(Failure) -> String {
    try await Self.script("ctl", directory, arguments).stdout
  }

  private init(environment: [String: String]) throws(Failure) {
    func value(_ name: String) throws(Failure) -> String {
      guard let value = environment[name], !value.isEmpty else { throw .notStarted(missing: name) }
      return value
    }
    directory = try value("PABEAN_TEST_SERVERS_DIR")
    databaseURL = try value("PABEAN_TEST_DATABASE_URL")
    amqpURL = try value("PABEAN_TEST_AMQP_URL")
    managementURL = environment["PABEAN_TEST_MANAGEMENT_URL"]
  }

  @discardableResult
  private static func script(
    _ verb: String, _ directory: String, _ arguments: [String] = []
  ) async throws(Failure) -> Subprocess.Result {
    let result: Subprocess.Result
    do {
      let script = "\(Repository.root)/infra/scripts/servers.sh"
      result = try await Subprocess.run(script, [verb, directory] + arguments, deadline: .seconds(150))
    } catch {
      throw .subprocess(error)
    }
    guard result.succeeded else { throw .scriptFailed(verb: verb, result) }
    return result
  }

  /// The lines of an env file, `export NAME=value`; the values written there need no unquoting but for spaces.
  private static func exports(in path: String) -> [String: String] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [:] }
    var exports: [String: String] = [:]
    for line in text.split(separator: "\n") where line.hasPrefix("export ") {
      let parts = line.dropFirst("export ".count).split(separator: "=", maxSplits: 1)
      if parts.count == 2 { exports[String(parts[0])] = String(parts[1].filter { $0 != "\\" }) }
    }
    return exports
  }

  /// Beside the shared servers, where the end of an interrupted test run finds them too.
  private static func temporaryDirectory() throws(Failure) -> String {
    let parent = try shared().directory + "/own"
    mkdir(parent, 0o755)
    var template = Array("\(parent)/XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw .noDirectory(in: parent, errno: errno) }
    // PostgreSQL runs as another user when the tests run as root.
    chmod(template, 0o755)
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
