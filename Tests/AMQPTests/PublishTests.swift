import AMQP
import Testing

@Suite("Publishing", .timeLimit(.minutes(2)))
struct PublishTests {
  @Test("every property and header type survives the way through the broker")
  func propertiesRoundTrip() async throws {
    let properties = MessageProperties(
      contentType: "application/json", contentEncoding: "identity", messageID: "m-1", correlationID: "c-1",
      replyTo: "answers", type: "case.classified.v1", appID: "classifier@1", timestampSeconds: 1_795_000_000,
      expiration: "60000", priority: 3,
      headers: [
        "string": "ราคา", "empty": "", "int": .int(.min), "bool": true, "double": .double(0.1),
        "bytes": .bytes([0, 255, 1]), "timestamp": .timestamp(1_795_000_000), "void": .void,
        "array": .array([1, "two", .array([]), .table(["deep": false])]),
        "table": .table(["nested": .table(["again": .array([.void])]), "none": .table([:])]),
      ])
    try await TestBroker.with { broker in
      try await broker.withQueue(["x-queue-type": "classic"]) { queue in
        try await broker.withPublisher { publisher in
          let message = OutgoingMessage(exchange: "", routingKey: queue, properties: properties, body: [1, 2, 3])
          #expect(await publisher.publish([message]) == [.confirmed])
        }
        try await broker.withConsumer([queue]) { consumer in
          let delivery = try #require(await consumer.nextBatch(max: 10)?.first)
          #expect(delivery.properties == properties)
          #expect(delivery.body == [1, 2, 3])
          #expect(delivery.queue == queue)
          #expect(delivery.routingKey == queue)
          #expect(!delivery.redelivered)
          consumer.acknowledge([delivery])
        }
        #expect(try await broker.admin.messageCount(queue) == 0)
      }
    }
  }

  @Test("a batch far beyond the window is confirmed and keeps its order")
  func largeBatch() async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { queue in
        let bodies = (0..<3000).map { Array(String($0).utf8) }
        try await broker.fill(queue, bodies)
        try await broker.withConsumer([queue]) { consumer in
          var received: [[UInt8]] = []
          while received.count < bodies.count, let batch = await consumer.nextBatch(max: 64) {
            received += batch.map(\.body)
            consumer.acknowledge(batch)
          }
          #expect(received == bodies)
        }
        #expect(try await broker.admin.messageCount(queue) == 0)
      }
    }
  }

  @Test("bodies from nothing to beyond many frames arrive whole", arguments: [0, 1, 131_064, 131_065, 1 << 20])
  func bodySizes(count: Int) async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { queue in
        var random = SeededRandom(UInt64(count))
        let body = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        try await broker.fill(queue, [body, body])
        try await broker.withConsumer([queue]) { consumer in
          let deliveries = await consumer.take(2)
          #expect(deliveries.map(\.body) == [body, body])
          consumer.acknowledge(deliveries)
        }
      }
    }
  }

  @Test("an unroutable message is returned, and its neighbours are confirmed")
  func unroutable() async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { queue in
        try await broker.withPublisher { publisher in
          let messages = (0..<600).map { index in
            OutgoingMessage.to(index % 3 == 1 ? "nowhere.\(queue)" : queue, [1], id: "\(index)")
          }
          let outcomes = await publisher.publish(messages)
          for (index, outcome) in outcomes.enumerated() {
            #expect(outcome == (index % 3 == 1 ? .returned(code: 312, text: "NO_ROUTE") : .confirmed))
          }
        }
        #expect(try await broker.admin.messageCount(queue) == 400)
      }
    }
  }

  @Test("a full queue that rejects publishes gives refused")
  func fullQueue() async throws {
    try await TestBroker.with { broker in
      let full: FieldTable = ["x-queue-type": "classic", "x-max-length": 1, "x-overflow": "reject-publish"]
      try await broker.withQueue(full) { queue in
        try await broker.withPublisher { publisher in
          var outcomes: [PublishOutcome] = []
          for id in ["1", "2", "3"] { outcomes += await publisher.publish([.to(queue, [1], id: id)]) }
          #expect(outcomes.first == .confirmed)
          #expect(outcomes.last == .refused)
        }
      }
    }
  }

  @Test("what AMQP cannot carry is refused alone, without harm to the connection")
  func uncarriable() async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { queue in
        try await broker.withPublisher(limits: PublisherLimits(bodyBytesMax: 1000)) { publisher in
          let long = String(repeating: "x", count: 256)
          var deep = FieldValue.void
          for _ in 0..<100 { deep = .array([deep]) }
          let good = OutgoingMessage.to(queue, [1])
          var longID = good
          longID.properties.messageID = long
          var manyHeaders = good
          manyHeaders.properties.headers = ["large": .string(String(repeating: "x", count: 65_536))]
          var deepHeaders = good
          deepHeaders.properties.headers = ["deep": deep]
          var longName = good
          longName.properties.headers = [long: true]
          let outcomes = await publisher.publish([
            good, .to(long, [1]), longID, manyHeaders, deepHeaders, longName,
            .to(queue, [UInt8](repeating: 0, count: 1001)), good,
          ])
          #expect(outcomes == [.confirmed] + Array(repeating: .refused, count: 6) + [.confirmed])
          #expect(publisher.state.isOpen)
        }
      }
    }
  }

  @Test("a missing exchange closes the channel: unknown, and the next publish works again")
  func missingExchange() async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { queue in
        try await broker.withPublisher { publisher in
          let lost = OutgoingMessage(exchange: TestBroker.name("missing"), routingKey: "x", body: [1])
          #expect(await publisher.publish([lost]) == [.unknown])
          // On a busy machine the next connection may be open before this line is.
          if case .failed(let error) = publisher.state { #expect(error.replyCode == 404) }
          #expect(await publisher.publish([.to(queue, [1])]) == [.confirmed])
        }
      }
    }
  }

  @Test("a hundred tasks publish at once, and each gets its own outcome")
  func concurrentPublishers() async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { queue in
        try await broker.withPublisher { publisher in
          await withTaskGroup(of: Void.self) { group in
            for task in 0..<100 {
              group.addTask {
                let isLost = task % 4 == 0
                let outcomes = await publisher.publish([.to(isLost ? "nowhere" : queue, [1], id: "\(task)")])
                #expect(outcomes == [isLost ? .returned(code: 312, text: "NO_ROUTE") : .confirmed])
              }
            }
          }
        }
        #expect(try await broker.admin.messageCount(queue) == 75)
      }
    }
  }

  @Test("a publish before the connection is open waits for it")
  func publishBeforeOpen() async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { queue in
        let publisher = AMQPPublisher(endpoint: broker.endpoint, name: "early")
        publisher.start()
        #expect(await publisher.publish([.to(queue, [1])]) == [.confirmed])
        await publisher.close()
        #expect(publisher.state == .closed)
      }
    }
  }

  @Test("without a broker a publish is unknown after the patience, and after close at once")
  func noBroker() async throws {
    let nobody = AMQPEndpoint(host: "127.0.0.1", port: 1, user: "guest", password: "guest")
    let publisher = AMQPPublisher(
      endpoint: nobody, name: "lonely", limits: PublisherLimits(patience: .milliseconds(50)))
    publisher.start()
    #expect(await publisher.publish([.to("q", [1]), .to("q", [2])]) == [.unknown, .unknown])
    guard case .failed(let error) = publisher.state else {
      Issue.record("the state is \(publisher.state)")
      return
    }
    #expect(error.kind == .connection)
    #expect(error.isRetriable)
    await publisher.close()
    #expect(await publisher.publish([.to("q", [1])]) == [.unknown])
    #expect(publisher.state == .closed)
  }

  @Test("close waits for the confirms of what was submitted")
  func closeFlushes() async throws {
    try await TestBroker.with { broker in
      try await broker.withQueue { queue in
        try await broker.withPublisher { publisher in
          async let outcomes = publisher.publish((0..<2000).map { _ in .to(queue, [1]) })
          try await eventually("some are there") { try await broker.admin.messageCount(queue) > 0 }
          await publisher.close()
          #expect(await outcomes.allSatisfy { $0 == .confirmed })
        }
      }
    }
  }

  @Test("wrong credentials and a missing virtual host say so")
  func wrongCredentials() async throws {
    try await TestBroker.with { broker in
      let wrong = [
        broker.endpoint.replacing(password: "wrong"), broker.endpoint.replacing(vhost: TestBroker.name("vhost")),
      ]
      for endpoint in wrong {
        let publisher = AMQPPublisher(endpoint: endpoint, name: "stranger")
        publisher.start()
        try await eventually("the login fails") { if case .failed = publisher.state { true } else { false } }
        guard case .failed(let error) = publisher.state else { return }
        #expect(error.kind == .authentication)
        #expect(!error.isRetriable)
        #expect(!error.description.contains("wrong"))
        await publisher.close()
      }
    }
  }
}
