import AMQP
import Configuration
import HTTP
import Observability
import Postgres
import Synchronization

/// Answers whether the process lives, whether it can work, and what it has counted.
final class Health: Sendable {
  private let pool: PostgresPool
  private let publisher: AMQPPublisher
  private let metrics: Metrics
  private let serviceIsReady: @Sendable () -> Bool
  private let isDraining = Mutex(false)

  init(pool: PostgresPool, publisher: AMQPPublisher, metrics: Metrics, service: Service) {
    self.pool = pool
    self.publisher = publisher
    self.metrics = metrics
    serviceIsReady = service.isReady
    metrics.observedGauge("pabean_broker_connected", "1 while the broker takes messages.") {
      publisher.state.isOpen ? 1 : 0
    }
    metrics.observedGauge("pabean_database_connections", "Open database connections.") { Double(pool.state.open) }
  }

  func startDraining() { isDraining.withLock { $0 = true } }

  func startServer(at address: Endpoint?, for service: Service) throws -> HTTPServer? {
    guard let address else { return nil }
    var routes = service.routes
    // Alive is only that this loop answers: a broker that is away is no reason to be killed.
    routes.on(.get, "/healthz") { _ in .text("alive\n") }
    routes.on(.get, "/readyz") { [self] _ in await readiness() }
    routes.on(.get, "/metrics") { [metrics] _ in .bytes(metrics.exposition(), contentType: Metrics.contentType) }
    let table = routes
    let server = try HTTPServer(host: address.host, port: address.port, limits: service.limits) { request in
      await table.handle(request)
    }
    server.start()
    return server
  }

  private func readiness() async -> HTTPResponse {
    var faults: [String] = []
    if isDraining.withLock({ $0 }) { faults.append("draining") }
    if !publisher.state.isOpen { faults.append("broker: not publishing") }
    if !serviceIsReady() { faults.append("broker: not consuming") }
    if await !databaseAnswers(within: .seconds(2)) { faults.append("database: not answering") }
    return faults.isEmpty
      ? .text("ready\n") : .text(faults.joined(separator: "\n") + "\n", status: 503)
  }

  /// Whoever asks for readiness does not wait as long as work may wait for a connection.
  private func databaseAnswers(within patience: Duration) async -> Bool {
    let (verdicts, verdict) = AsyncStream<Bool>.makeStream(bufferingPolicy: .bufferingOldest(1))
    let question = Task { [pool] in verdict.yield(await pool.isHealthy()) }
    let timer = Task {
      try await Task.sleep(for: patience)
      verdict.yield(false)
    }
    defer {
      question.cancel()
      timer.cancel()
    }
    for await answers in verdicts { return answers }
    return false
  }
}
