import AMQP
import Contracts
import Domain
import JSON
import Synchronization

/// A tenant's ERP on the broker: takes everything from its queue and keeps it by the event's id, as the contract asks.
public final class ERPQueue: Sendable {
  private struct State {
    var byID: [String: JSONValue] = [:]
    var received = 0
  }

  private let consumer: AMQPConsumer
  private let state = Mutex(State())

  public init(_ pabean: Installation, tenant: TenantID = Installation.tenant) {
    consumer = AMQPConsumer(
      endpoint: pabean.broker, name: "erp-\(tenant)",
      subscriptions: [Subscription(queue: Topology.outcomesQueue(tenant).text, prefetchCount: 500)])
    consumer.start()
    Task { [self] in
      while let batch = await consumer.nextBatch(max: 500) {
        for delivery in batch { keep(delivery) }
        consumer.acknowledge(batch)
      }
    }
  }

  private func keep(_ delivery: Delivery) {
    guard let event = try? JSONParser.parse(delivery.body), let id = event["id"]?.stringValue else { return }
    state.withLock { state in
      state.received += 1
      state.byID[id] = event
    }
  }

  /// Every outcome once, however often it came.
  public var outcomes: [JSONValue] { state.withLock { Array($0.byID.values) } }
  public var receivedCount: Int { state.withLock { $0.received } }

  public func outcomes(of sku: String) -> [JSONValue] {
    outcomes.filter { $0["data"]?["sku"]?.stringValue == sku }
      .sorted { $0.sequence < $1.sequence }
  }

  public func outcomes(ofShipment reference: String) -> [JSONValue] {
    outcomes.filter { $0["data"]?["reference"]?.stringValue == reference }
      .sorted { $0.sequence < $1.sequence }
  }

  public func close() async {
    await consumer.cancel()
    await consumer.close()
  }
}

extension JSONValue {
  /// The sequence number of an outcome.
  public var sequence: Int64 { self["data"]?["sequence"]?.numeral.flatMap { Int64($0) } ?? 0 }
}
