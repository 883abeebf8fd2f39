import AMQP
import TestSupport

/// Sends what is to be measured, as fast as the broker takes it.
enum Submitter {
  static func send(_ messages: [OutgoingMessage], to broker: AMQPEndpoint) async throws {
    let publisher = AMQPPublisher(endpoint: broker, name: "bench-erp")
    publisher.start()
    let outcomes = await publisher.publish(messages)
    await publisher.close()
    guard outcomes.allSatisfy({ $0 == .confirmed }) else {
      throw Unmeasurable("the broker did not take the submissions")
    }
  }
}

/// Counts what arrives in a queue, as its receiver does.
struct Arrivals: Sendable {
  private let consumer: AMQPConsumer

  init(broker: AMQPEndpoint, queue: String) {
    consumer = AMQPConsumer(
      endpoint: broker, name: "bench-receiver", subscriptions: [Subscription(queue: queue, prefetchCount: 2000)])
    consumer.start()
  }

  /// Fails when nothing at all arrives for this long.
  private static let patience = Duration.seconds(60)

  /// - Parameter each: is told of every batch, with the number that has arrived so far.
  func wait(for count: Int, _ each: @Sendable ([Delivery], Int) -> Void = { _, _ in }) async throws {
    var arrived = 0
    while arrived < count {
      guard let batch = try await next() else {
        throw Unmeasurable("only \(arrived) of \(count) have arrived")
      }
      consumer.acknowledge(batch)
      arrived += batch.count
      each(batch, arrived)
    }
  }

  private func next() async throws -> [Delivery]? {
    let consumer = consumer
    let timer = Task {
      try await Task.sleep(for: Arrivals.patience)
      await consumer.cancel()
    }
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await consumer.nextBatch(max: 2000)
    } onCancel: {
      Task { await consumer.cancel() }
    }
  }

  func close() async {
    await consumer.close()
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
  var milliseconds: Double { seconds * 1000 }
}

/// Why there is no figure.
struct Unmeasurable: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
