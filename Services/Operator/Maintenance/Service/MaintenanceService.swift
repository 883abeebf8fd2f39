import AMQP
import Crypto
import Domain
import Observability
import PartyLists
import Postgres
import Store
import WorkerRuntime

/// What goes on beside the stages: sends what crashed workers left, seals the audit log, gathers what the broker put
/// aside, forgets what is old, fetches the lists of denied parties, and says how full everything is. Any number of
/// processes may run it.
public struct MaintenanceService: Sendable {
  /// Settings, health and signals as every service's.
  /// - Parameter arguments: those after the command's name.
  public static func runProcess(arguments: [String]) async -> Never {
    await ServiceProcess(name: "pabean-maintenance", arguments: arguments)
      .run({ reader in MaintenanceSettings.read(&reader) }) { context, settings in
        try service(context, key: try settings.auditKeyFile.map { try AuditKeyFile.privateKey(at: $0) })
      }
  }

  public static func service(_ context: ServiceContext, key: Ed25519PrivateKey?) throws -> Service {
    let consumer = AMQPConsumer(
      endpoint: try context.configuration.broker(), name: "pabean-maintenance",
      subscriptions: ParkedCollector.subscriptions, limits: ConsumerLimits(bodyBytesMax: 128 << 20))
    let maintenance = MaintenanceService(
      environment: context.configuration.environment, pool: context.pool, publisher: context.publisher,
      consumer: consumer, metrics: context.metrics, log: context.log, key: key)
    consumer.start()
    return maintenance.service()
  }

  private let pool: PostgresPool
  private let consumer: AMQPConsumer
  private let log: Log
  private let failures: Counter
  private let sweep: OutboxSweep
  private let sealer: AuditSealer?
  private let sealedEntries: Counter
  private let refusedLogs: Gauge
  private let collector: ParkedCollector
  private let hygiene: Hygiene
  private let lists: ListRefresh
  private let failingSources: Gauge
  private let gauges: StateGauges

  private static let sweepInterval = Duration.seconds(1)
  private static let sealInterval = Duration.seconds(3)
  private static let hygieneInterval = Duration.seconds(600)
  private static let listInterval = Duration.seconds(5)

  public init(
    environment: Domain.Environment, pool: PostgresPool, publisher: AMQPPublisher, consumer: AMQPConsumer,
    metrics: Metrics, log: Log, key: Ed25519PrivateKey?
  ) {
    self.pool = pool
    self.consumer = consumer
    self.log = log
    failures = metrics.counter(
      "pabean_maintenance_failures_total", "Rounds of maintenance that failed.", labels: ["task"])
    sweep = OutboxSweep(
      pool: pool, publisher: publisher, outbox: OutboxPublisher(publisher: publisher, log: log),
      swept: metrics.counter("pabean_outbox_swept_total", "Messages sent in place of the worker that committed them."))
    sealer = key.map { AuditSealer(pool: pool, environment: environment, key: $0, log: log) }
    sealedEntries = metrics.counter("pabean_audit_sealed_total", "Audit entries put under a checkpoint.")
    refusedLogs = metrics.gauge("pabean_audit_refused_logs", "Logs that are not sealed because they were changed.")
    collector = ParkedCollector(
      pool: pool, consumer: consumer,
      collected: metrics.counter(
        "pabean_parked_collected_total", "Messages gathered from the broker's parking queues.", labels: ["reason"]),
      log: log)
    hygiene = Hygiene(
      pool: pool,
      forgotten: metrics.counter("pabean_forgotten_rows_total", "Old rows that were deleted.", labels: ["table"]))
    lists = ListRefresh(pool: pool, log: log)
    failingSources = metrics.gauge(
      "pabean_list_sources_failing", "Places of party lists whose last fetching brought nothing.")
    gauges = StateGauges(metrics)
  }

  /// The work begins at once.
  public func service() -> Service {
    if sealer == nil { log.warning("the audit log is not sealed here: PABEAN_AUDIT_KEY is not set") }
    let rounds = Task { await runRounds() }
    let collecting = Task { await collector.run() }
    return Service(
      run: {
        await withTaskCancellationHandler {
          await rounds.value
          await collecting.value
        } onCancel: {
          rounds.cancel()
          collecting.cancel()
        }
      },
      drain: {
        rounds.cancel()
        await consumer.cancel()
      }, isReady: { consumer.state.isOpen }, close: { await consumer.close() })
  }

  private func runRounds() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await round("outbox") { try await sweepOnce() } }
      group.addTask { await round("seal") { try await sealOnce() } }
      group.addTask { await round("hygiene") { try await cleanOnce() } }
      group.addTask { await round("lists") { try await refreshLists() } }
      group.addTask { await round("gauges") { try await gauges.read(pool, at: SystemClock.now()) } }
    }
  }

  private func round(_ name: String, _ body: @Sendable () async throws -> Duration) async {
    await Round(name, log, failures: failures).run(body)
  }

  private func sweepOnce() async throws -> Duration {
    try await sweep.sweep(at: SystemClock.now()) ? .zero : MaintenanceService.sweepInterval
  }

  private func sealOnce() async throws -> Duration {
    guard let sealer else { return .seconds(3600) }
    let outcome = try await sealer.sealAll()
    sealedEntries.increment(by: Double(outcome.sealed))
    refusedLogs.set(Double(outcome.refused.count))
    return outcome.refused.isEmpty ? MaintenanceService.sealInterval : .seconds(60)
  }

  private func refreshLists() async throws -> Duration {
    try await lists.refreshDue(at: SystemClock.now())
    let sources = try await pool.transaction(readOnly: true) { tx in try PartyListSources.all(tx) }
    failingSources.set(Double(sources.count { $0.failure != nil }))
    return MaintenanceService.listInterval
  }

  private func cleanOnce() async throws -> Duration {
    try await hygiene.clean(at: SystemClock.now()) ? .milliseconds(100) : MaintenanceService.hygieneInterval
  }
}
