import AMQP
import Configuration
import Domain
import Glibc
import HTTP
import Observability
import Postgres
import Store

/// What a service gets to work with.
public struct ServiceContext: Sendable {
  public var configuration: WorkerConfiguration
  public var pool: PostgresPool
  public var publisher: AMQPPublisher
  public var metrics: Metrics
  public var log: Log
}

/// What a service adds to the process it runs in.
public struct Service: Sendable {
  /// Ends when the work is done and `drain` has been called.
  public var run: @Sendable () async -> Void
  /// Takes no new work, so that `run` ends.
  public var drain: @Sendable () async -> Void
  public var isReady: @Sendable () -> Bool
  public var routes: Router
  public var limits: HTTPLimits
  /// After `run` has ended.
  public var close: @Sendable () async -> Void

  public init(
    routes: Router = Router(), limits: HTTPLimits = HTTPLimits(), run: @escaping @Sendable () async -> Void,
    drain: @escaping @Sendable () async -> Void, isReady: @escaping @Sendable () -> Bool = { true },
    close: @escaping @Sendable () async -> Void = {}
  ) {
    self.run = run
    self.drain = drain
    self.isReady = isReady
    self.routes = routes
    self.limits = limits
    self.close = close
  }
}

/// The life of a service process: configuration, connections, health, work, drain, end.
public struct ServiceProcess: Sendable {
  private let name: String
  private let arguments: [String]

  /// - Parameter arguments: what follows the name of the program, or of its command.
  public init(name: String, arguments: [String] = Array(CommandLine.arguments.dropFirst())) {
    self.name = name
    self.arguments = arguments
  }

  /// - Parameter read: the service's own settings, beside those of every worker.
  public func run<Settings: Sendable>(
    _ read: (inout ConfigurationReader) -> Settings,
    _ make: @Sendable (ServiceContext, Settings) async throws -> Service
  ) async -> Never {
    Signals.prepare()
    let (configuration, settings) = configure(read)
    let log = Log(service: name, level: configuration.logLevel)
    do {
      try await serve(configuration, log) { context in try await make(context, settings) }
      ProcessEnd.now(0)
    } catch {
      log.critical("cannot start", ["error": .string("\(error)")])
      ProcessEnd.now(1)
    }
  }

  // MARK: Configuration

  private func configure<Settings: Sendable>(_ read: (inout ConfigurationReader) -> Settings) -> (
    WorkerConfiguration, Settings
  ) {
    let (command, rest) = ConfigurationCommand.parse(arguments)
    if let unknown = rest.first {
      fail("\(name): unknown argument '\(unknown)'; use --check or --print-config", code: 64)
    }
    do throws(ConfigurationError) {
      let loaded = try ConfigurationReader.load { reader in (WorkerConfiguration.read(&reader), read(&reader)) }
      switch command {
      case .run: return loaded.value
      case .check: finish("The configuration is complete.")
      case .printConfiguration: finish(loaded.table)
      }
    } catch {
      fail(error.description, code: ConfigurationError.exitCode)
    }
  }

  private func finish(_ text: String) -> Never {
    print(text)
    ProcessEnd.now(0)
  }

  private func fail(_ text: String, code: Int32) -> Never {
    _ = Array((text + "\n").utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    ProcessEnd.now(code)
  }

  // MARK: Serving

  private func serve(
    _ configuration: WorkerConfiguration, _ log: Log, _ make: @Sendable (ServiceContext) async throws -> Service
  ) async throws {
    let pool = PostgresPool(configuration.postgres(applicationName: name))
    try await waitForSchema(pool, log)
    let metrics = Metrics()
    metrics.registerProcess(service: name, version: BuildInfo.version, revision: BuildInfo.revision)
    let publisher = AMQPPublisher(endpoint: try configuration.broker(), name: name)
    publisher.start()
    let context = ServiceContext(
      configuration: configuration, pool: pool, publisher: publisher, metrics: metrics, log: log)
    let service = try await make(context)
    let health = Health(pool: pool, publisher: publisher, metrics: metrics, service: service)
    let server = try health.startServer(at: configuration.httpAddress, for: service)
    log.notice("started", ["http_port": .integer(server?.port ?? 0)])
    await work(service, health, configuration, log)
    await server?.stop()
    await service.close()
    await publisher.close()
    await pool.close()
    log.notice("stopped")
  }

  private func work(_ service: Service, _ health: Health, _ configuration: WorkerConfiguration, _ log: Log) async {
    let running = Task { await service.run() }
    await Signals.termination()
    log.notice("draining")
    health.startDraining()
    await service.drain()
    let deadline = Task {
      try await Task.sleep(for: configuration.drainTimeout)
      log.warning("work in hand did not end in time; it will be delivered again")
      running.cancel()
    }
    await running.value
    deadline.cancel()
  }

  /// The database may start after us; a wrong schema will not mend itself.
  private func waitForSchema(_ pool: PostgresPool, _ log: Log) async throws {
    var pause = Duration.milliseconds(100)
    while true {
      do {
        return try await Migrator.requireCurrentSchema(pool)
      } catch let error as PostgresError where error.isInfrastructure {
        log.warning("the database does not answer yet", ["error": .string(error.description)])
        try await Task.sleep(for: pause)
        pause = min(pause * 2, .seconds(5))
      }
    }
  }
}
