import AMQP
import Domain
import Observability
import Postgres
import Store
import WorkerRuntime

extension Installation {
  /// Publishes what a killed worker had committed and not sent, as maintenance does, with maintenance's rights.
  public func sweepOutbox(olderThan age: Duration = .seconds(2)) async throws {
    let now = SystemClock.now()
    let stray = try await maintenance.transaction { tx in
      try Outbox.claimStray(
        olderThan: now.adding(.zero - age), until: now.adding(.seconds(5)), at: now, limit: 1000, tx)
    }
    guard !stray.isEmpty else { return }
    let publisher = AMQPPublisher(endpoint: broker, name: "sweeper")
    publisher.start()
    let sent = await OutboxPublisher(publisher: publisher, log: Log(service: "sweeper", level: .critical))
      .publish(stray)
    await publisher.close()
    try await maintenance.transaction { tx in try Outbox.remove(sent, tx) }
  }
}
