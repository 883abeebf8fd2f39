import AMQP
import Contracts
import Domain
import HTTP

/// A stage as a service: a consumer on the stage's queues and the runner that serves it.
public struct StageWorker: Sendable {
  /// A batch that is published, one that is committed, and the next.
  private static func prefetch(_ batchMax: Int) -> UInt16 { UInt16(clamping: batchMax * 3) }

  public static func service<Handler: StageHandler>(
    _ handler: Handler, _ context: ServiceContext, routes: Router = Router(), limits: HTTPLimits = HTTPLimits(),
    alongside: @escaping @Sendable () async -> Void = {}
  ) throws -> Service {
    let configuration = context.configuration
    let topology = Topology(markets: configuration.markets, tenants: [])
    let consumer = AMQPConsumer(
      endpoint: try configuration.broker(), name: "pabean-\(handler.stage.rawValue)",
      subscriptions: topology.queues(of: handler.stage).map {
        Subscription(queue: $0.text, prefetchCount: prefetch(configuration.batchMax))
      })
    let runner = StageRunner(
      handler: handler, pool: context.pool, consumer: consumer, publisher: context.publisher,
      metrics: StageMetrics(context.metrics, stage: handler.stage), log: context.log, batchMax: configuration.batchMax)
    consumer.start()
    return Service(
      routes: routes, limits: limits,
      run: {
        await withTaskGroup(of: Void.self) { group in
          let companion = Task { await alongside() }
          await runner.run()
          companion.cancel()
        }
      },
      drain: { await consumer.cancel() }, isReady: { consumer.state.isOpen }, close: { await consumer.close() })
  }
}
