import AMQP
import Testing

@Suite("Consuming", .timeLimit(.minutes(2)))
struct ConsumeTests {
  private func numbered(_ range: Range<Int>) -> [[UInt8]] { range.map { Array(String($0).utf8) } }

  @Test("acknowledged in any order, nothing is left and nothing comes twice", arguments: [1, 2, 3] as [UInt64])
  func acknowledgeInAnyOrder(seed: UInt64) async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { queue in
        try await broker.fill(queue, numbered(0..<500))
        try await broker.withConsumer([queue], prefetchCount: 500) { consumer in
          var random = SeededRandom(seed)
          var open = await consumer.take(500).shuffled(using: &random)
          while !open.isEmpty {
            let some = open.prefix(Int.random(in: 1...20, using: &random))
            consumer.acknowledge(Array(some))
            open.removeFirst(some.count)
          }
          // The prefetch is used up: the broker sends these only when it has processed all five hundred acks.
          try await broker.fill(queue, numbered(500..<1000))
          let rest = await consumer.take(500)
          #expect(rest.map(\.body) == numbered(500..<1000))
          #expect(rest.count { $0.redelivered } == 0)
          consumer.acknowledge(rest)
        }
        let left = try await broker.admin.messageCount(queue)
        #expect(left == 0)
      }
    }
  }

  @Test("requeued messages come again as redelivered; rejected ones go to the dead-letter queue")
  func requeueAndReject() async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { dead in
        let arguments: FieldTable = [
          "x-queue-type": "quorum", "x-dead-letter-exchange": "", "x-dead-letter-routing-key": .string(dead),
        ]
        try await broker.withQueue(arguments) { queue in
          try await broker.fill(queue, numbered(0..<3))
          try await broker.withConsumer([queue]) { consumer in
            let first = await consumer.take(3)
            consumer.requeue([first[0]])
            consumer.reject([first[1]])
            consumer.acknowledge([first[2]])
            let again = await consumer.take(1)
            #expect(again[0].body == first[0].body)
            #expect(again[0].redelivered)
            consumer.acknowledge(again)
          }
          #expect(try await broker.admin.messageCount(queue) == 0)
          try await eventually("the rejected one is parked") { try await broker.admin.messageCount(dead) == 1 }
        }
      }
    }
  }

  @Test("settling twice, and both ways, does not break the connection")
  func settleTwice() async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { queue in
        try await broker.fill(queue, numbered(0..<10))
        try await broker.withConsumer([queue]) { consumer in
          let deliveries = await consumer.take(10)
          consumer.acknowledge(deliveries)
          consumer.acknowledge(deliveries)
          consumer.reject(deliveries)
          consumer.acknowledge([Delivery(queue: queue, routingKey: queue, body: [])])
        }
        #expect(try await broker.admin.messageCount(queue) == 0)
      }
    }
  }

  @Test("cancel drains what is buffered, then gives nil; settling still works")
  func gracefulCancel() async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { queue in
        try await broker.fill(queue, numbered(0..<50))
        try await broker.withConsumer([queue], prefetchCount: 20) { consumer in
          let first = await consumer.take(5)
          await consumer.cancel()
          var rest: [Delivery] = []
          while let batch = await consumer.nextBatch(max: 3) { rest += batch }
          #expect(first.count + rest.count == 20)
          consumer.acknowledge(first + rest)
          await consumer.cancel()
          await consumer.close()
          #expect(await consumer.nextBatch(max: 1) == nil)
          #expect(consumer.state == .closed)
        }
        #expect(try await broker.admin.messageCount(queue) == 30)
      }
    }
  }

  @Test("close gives unsettled messages back, and wakes who waits with nil")
  func closeReturnsUnsettled() async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { queue in
        try await broker.fill(queue, numbered(0..<10))
        try await broker.withConsumer([queue]) { consumer in
          let deliveries = await consumer.take(10)
          consumer.acknowledge(Array(deliveries.prefix(4)))
          async let waiting = consumer.nextBatch(max: 1)
          await consumer.close()
          #expect(await waiting == nil)
        }
        try await eventually("six are back") { try await broker.admin.messageCount(queue) == 6 }
      }
    }
  }

  @Test("a long queue does not starve a short one")
  func fairness() async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { long in
        try await broker.withQueue { short in
          try await broker.fill(long, numbered(0..<100))
          try await broker.fill(short, numbered(0..<10))
          try await broker.withConsumer([long, short]) { consumer in
            try await eventually("both are prefetched") {
              let inLong = try await broker.admin.messageCount(long)
              let inShort = try await broker.admin.messageCount(short)
              return inLong + inShort == 0
            }
            var fromShort = 0
            var taken: [Delivery] = []
            while fromShort < 10 {
              let batch = try #require(await consumer.nextBatch(max: 4))
              fromShort += batch.count { $0.queue == short }
              taken += batch
            }
            // The broker's frames may still be on their way for the first batches, no more.
            #expect(taken.count <= 60)
            consumer.acknowledge(taken)
          }
        }
      }
    }
  }

  @Test("a cancelled task gets nil, and no message is lost to it")
  func cancelledTask() async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { queue in
        try await broker.withConsumer([queue]) { consumer in
          let waiting = Task { await consumer.nextBatch(max: 1) }
          waiting.cancel()
          #expect(await waiting.value == nil)
          try await broker.fill(queue, numbered(0..<1))
          let deliveries = await consumer.take(1)
          #expect(deliveries.count == 1)
          consumer.acknowledge(deliveries)
        }
      }
    }
  }

  @Test("pause gives everything back and takes nothing; resume takes it again; old acks do nothing")
  func pauseAndResume() async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { queue in
        try await broker.fill(queue, numbered(0..<5))
        try await broker.withConsumer([queue]) { consumer in
          let old = await consumer.take(2)
          consumer.pause()
          try await eventually("all five are back") { try await broker.admin.messageCount(queue) == 5 }
          try await eventually("it is closed") { consumer.state == .closed }
          consumer.acknowledge(old)
          consumer.resume()
          let again = await consumer.take(5)
          #expect(again.count == 5)
          // None of those that were buffered when it paused: their acks would do nothing.
          #expect(again.count { $0.redelivered } == 5)
          // The tags are the same, the connection is not.
          consumer.acknowledge(old)
          consumer.pause()
          try await eventually("all five are back again") { try await broker.admin.messageCount(queue) == 5 }
          consumer.resume()
          consumer.acknowledge(await consumer.take(5))
        }
        #expect(try await broker.admin.messageCount(queue) == 0)
      }
    }
  }

  @Test("a deleted queue cancels the consumer, which subscribes again when the queue is back")
  func queueDeleted() async throws {
    try await TestBroker.with { broker in
      let queue = TestBroker.name("deleted")
      try await broker.admin.declareQueue(queue, arguments: ["x-queue-type": "quorum"])
      try await broker.withConsumer([queue]) { consumer in
        try await broker.admin.deleteQueue(queue)
        try await eventually("it fails") { if case .failed = consumer.state { true } else { false } }
        guard case .failed(let error) = consumer.state else { return }
        #expect(error.kind == .consumerCancelled || error.replyCode == 404)
        try await broker.admin.declareQueue(queue, arguments: ["x-queue-type": "quorum"])
        try await broker.fill(queue, numbered(0..<3))
        let deliveries = await consumer.take(3)
        #expect(deliveries.count == 3)
        consumer.acknowledge(deliveries)
      }
      try await broker.admin.deleteQueue(queue)
    }
  }

  @Test("a delivery over the size limit is dead-lettered without stopping the others")
  func oversize() async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { dead in
        let arguments: FieldTable = [
          "x-queue-type": "quorum", "x-dead-letter-exchange": "", "x-dead-letter-routing-key": .string(dead),
        ]
        try await broker.withQueue(arguments) { queue in
          try await broker.fill(queue, [[1], [UInt8](repeating: 2, count: 300_000), [3]])
          try await broker.withConsumer([queue], limits: ConsumerLimits(bodyBytesMax: 1000)) { consumer in
            let deliveries = await consumer.take(2)
            #expect(deliveries.map(\.body) == [[1], [3]])
            consumer.acknowledge(deliveries)
            try await eventually("it is parked") { try await broker.admin.messageCount(dead) == 1 }
          }
        }
      }
    }
  }

  @Test("the admin peeks, gives back, drains and counts; its errors carry the broker's code")
  func adminGets() async throws {
    try await TestBroker.with { broker in
      let admin = broker.admin
      try await broker.withQueue { queue in
        try await broker.fill(queue, numbered(0..<2))
        let peeked = try #require(try await admin.get(queue))
        try await admin.requeue(peeked)
        try await eventually("it is back") { try await admin.messageCount(queue) == 2 }
        for _ in 0..<2 { try await admin.acknowledge(try #require(try await admin.get(queue))) }
        #expect(try await admin.get(queue) == nil)
        try await broker.fill(queue, numbered(0..<7))
        #expect(try await admin.purge(queue) == 7)

        let exchange = TestBroker.name("exchange")
        try await admin.declareExchange(exchange, type: "topic")
        try await admin.bind(queue: queue, exchange: exchange, routingKey: "case.*")
        try await broker.withPublisher { publisher in
          let routed = OutgoingMessage(exchange: exchange, routingKey: "case.th", body: [1])
          let lost = OutgoingMessage(exchange: exchange, routingKey: "other", body: [1])
          let outcomes = await publisher.publish([routed, lost])
          #expect(outcomes == [.confirmed, .returned(code: 312, text: "NO_ROUTE")])
        }
        try await admin.unbind(queue: queue, exchange: exchange, routingKey: "case.*")
        try await admin.deleteExchange(exchange)

        let inequivalent = await #expect(throws: AMQPError.self) {
          try await admin.declareQueue(queue, arguments: ["x-queue-type": "classic"])
        }
        #expect(inequivalent?.replyCode == 406)
        let missing = await #expect(throws: AMQPError.self) { try await admin.messageCount("missing.\(queue)") }
        #expect(missing?.replyCode == 404)
      }
    }
  }
}
