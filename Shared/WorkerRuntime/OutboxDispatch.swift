import AMQP
import Domain
import Observability
import Postgres
import Store

/// Sends what a transaction committed and forgets it: for services that commit outside a stage's batch.
public struct OutboxDispatch: Sendable {
  private let outbox: OutboxPublisher
  private let eraser: OutboxEraser

  public init(pool: PostgresPool, publisher: AMQPPublisher, log: Log) {
    outbox = OutboxPublisher(publisher: publisher, log: log)
    eraser = OutboxEraser(pool: pool, log: log)
  }

  public init(_ context: ServiceContext) {
    self.init(pool: context.pool, publisher: context.publisher, log: context.log)
  }

  public func send(_ rows: [Outbox.Stored], of tenant: TenantID) async {
    guard !rows.isEmpty else { return }
    let confirmed = await outbox.publish(rows)
    await eraser.erase(confirmed, of: [tenant])
  }
}
