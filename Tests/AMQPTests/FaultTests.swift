import AMQP
import TestSupport
import Testing

@Suite("Faults between client and broker", .timeLimit(.minutes(3)))
struct ConnectionFaultTests {
  private let impatient = PublisherLimits(
    patience: .milliseconds(300), confirmTimeout: .milliseconds(500), sendTimeout: .milliseconds(500),
    connectTimeout: .seconds(2))

  /// As the outbox relay does: the same id again until it is confirmed.
  private func publishUntilConfirmed(_ publisher: AMQPPublisher, _ messages: [OutgoingMessage]) async {
    var left = messages
    while !left.isEmpty {
      let outcomes = await publisher.publish(left)
      left = zip(left, outcomes).filter { $1 != .confirmed }.map(\.0)
    }
  }

  private func drain(_ queue: String, _ broker: TestBroker, expecting ids: Set<String>) async throws -> Int {
    var seen: Set<String> = []
    var count = 0
    try await broker.withConsumer([queue]) { consumer in
      while seen != ids, let batch = await consumer.nextBatch(max: 100) {
        count += batch.count
        seen.formUnion(batch.compactMap(\.properties.messageID))
        consumer.acknowledge(batch)
      }
    }
    return count
  }

  @Test(
    "cut in the middle of a frame while publishing, no confirmed message is lost",
    arguments: [3, 1000, 40_000, 200_001])
  func cutWhilePublishing(bytes: Int) async throws {
    try await TestBroker.with { broker in
      try await broker.withProxy { proxy in
        try await broker.withQueue { queue in
          let ids = Set((0..<500).map { "m\($0)" })
          try await broker.withPublisher(through: proxy) { publisher in
            proxy.cut(after: bytes, .toServer)
            let body = [UInt8](repeating: 7, count: 1000)
            await publishUntilConfirmed(publisher, ids.sorted().map { .to(queue, body, id: $0) })
          }
          #expect(proxy.connectionCount >= 2)
          #expect(try await drain(queue, broker, expecting: ids) >= ids.count)
        }
      }
    }
  }

  @Test("cut in the middle of the confirms, the messages are unknown and can be published again")
  func cutConfirms() async throws {
    try await TestBroker.with { broker in
      try await broker.withProxy { proxy in
        try await broker.withQueue { queue in
          let ids = Set((0..<300).map { "m\($0)" })
          try await broker.withPublisher(through: proxy) { publisher in
            proxy.cut(after: 10, .toClient)
            await publishUntilConfirmed(publisher, ids.sorted().map { .to(queue, [1], id: $0) })
          }
          #expect(proxy.connectionCount >= 2)
          #expect(try await drain(queue, broker, expecting: ids) >= ids.count)
        }
      }
    }
  }

  @Test("cut in the middle of a frame while consuming, everything comes again", arguments: [7, 5000, 99_999])
  func cutWhileConsuming(bytes: Int) async throws {
    try await TestBroker.with { broker in
      try await broker.withProxy { proxy in
        try await broker.withQueue { queue in
          let bodies = (0..<400).map { index in Array("\(index)".utf8) + [UInt8](repeating: 0, count: 1000) }
          try await broker.withConsumer([queue], prefetchCount: 50, through: proxy) { consumer in
            proxy.cut(after: bytes, .toClient)
            try await broker.fill(queue, bodies)
            var seen: Set<[UInt8]> = []
            while seen.count < bodies.count, let batch = await consumer.nextBatch(max: 20) {
              seen.formUnion(batch.map(\.body))
              consumer.acknowledge(batch)
            }
            #expect(proxy.connectionCount >= 2)
          }
          #expect(try await broker.admin.messageCount(queue) == 0)
        }
      }
    }
  }

  @Test("a broker that goes silent makes publishes unknown in time, and is used again when it is back")
  func stalledBroker() async throws {
    try await TestBroker.with { broker in
      try await broker.withProxy { proxy in
        try await broker.withQueue { queue in
          try await broker.withPublisher(limits: impatient, through: proxy) { publisher in
            proxy.stall()
            #expect(await publisher.publish([.to(queue, [1])]) == [.unknown])
            guard case .failed(let error) = publisher.state else {
              Issue.record("the state is \(publisher.state)")
              return
            }
            #expect(error.kind == .timeout)
            proxy.resume()
            await publishUntilConfirmed(publisher, [.to(queue, [2])])
          }
        }
      }
    }
  }

  @Test("a send that the kernel does not take ends with the connection, not never")
  func stuckSend() async throws {
    var limits = impatient
    limits.windowBytes = 64 << 20
    limits.confirmTimeout = .seconds(60)
    limits.sendTimeout = .milliseconds(500)
    try await TestBroker.with { broker in
      try await broker.withProxy { proxy in
        try await broker.withPublisher(limits: limits, through: proxy) { publisher in
          proxy.stall()
          let huge = OutgoingMessage.to("nowhere", [UInt8](repeating: 1, count: 15 << 20))
          #expect(await publisher.publish([huge, huge]).allSatisfy { $0 == .unknown })
          proxy.resume()
          try await eventually("it recovers") { publisher.state.isOpen }
        }
      }
    }
  }

  @Test("missed heartbeats end the connection, of a publisher and of a consumer")
  func missedHeartbeats() async throws {
    try await TestBroker.with { broker in
      try await broker.withProxy { proxy in
        try await broker.withQueue { queue in
          try await broker.withPublisher(through: proxy, heartbeatSeconds: 1) { publisher in
            try await broker.withConsumer([queue], through: proxy, heartbeatSeconds: 1) { consumer in
              proxy.stall()
              for state in [{ publisher.state }, { consumer.state }] {
                try await eventually("it fails") { if case .failed = state() { true } else { false } }
              }
              proxy.resume()
              for state in [{ publisher.state }, { consumer.state }] {
                try await eventually("it recovers") { state().isOpen }
              }
            }
          }
        }
      }
    }
  }

  @Test("idle connections stay alive by their heartbeats")
  func idleHeartbeats() async throws {
    try await TestBroker.with { broker in
      try await broker.withProxy { proxy in
        try await broker.withQueue { queue in
          try await broker.withPublisher(through: proxy, heartbeatSeconds: 1) { publisher in
            let begun = proxy.byteCount(.toServer)
            // Heartbeats have 8 bytes: more of them than the broker would have waited for.
            try await eventually("heartbeats went out") { proxy.byteCount(.toServer) >= begun + 5 * 8 }
            #expect(await publisher.publish([.to(queue, [1])]) == [.confirmed])
            #expect(proxy.connectionCount == 1)
          }
        }
      }
    }
  }

  @Test("a blocked connection publishes nothing, says why, and goes on when it is unblocked")
  func blocked() async throws {
    try await TestBroker.with { broker in
      try await broker.withProxy { proxy in
        try await broker.withQueue { queue in
          var limits = PublisherLimits()
          limits.patience = .milliseconds(200)
          try await broker.withPublisher(limits: limits, through: proxy) { publisher in
            proxy.inject(Frame.blocked("low on memory"), .toClient)
            try await eventually("it is blocked") { publisher.state == .blocked(reason: "low on memory") }
            #expect(await publisher.publish([.to(queue, [1])]) == [.unknown])
            #expect(try await broker.admin.messageCount(queue) == 0)
            proxy.inject(Frame.unblocked, .toClient)
            try await eventually("it is open") { publisher.state.isOpen }
            #expect(await publisher.publish([.to(queue, [2])]) == [.confirmed])
            #expect(proxy.connectionCount == 1)
          }
        }
      }
    }
  }

  @Test("garbage from the peer is an error, not a crash", arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func garbage(seed: UInt64) async throws {
    var random = SeededRandom(seed)
    let noise = (0..<64).map { _ in UInt8.random(in: 0...255, using: &random) }
    // A frame that does not end with 0xCE, a body without a header, an unknown method, then noise.
    let frames: [[UInt8]] = [
      [1, 0, 0, 0, 0, 0, 4, 0, 10, 0, 61, 0], [3, 0, 1, 0, 0, 0, 1, 65, 0xCE], [1, 0, 1, 0, 0, 0, 4, 9, 9, 9, 9, 0xCE],
      [9] + noise,
    ]
    try await TestBroker.with { broker in
      try await broker.withProxy { proxy in
        try await broker.withQueue { queue in
          try await broker.withConsumer([queue], through: proxy, heartbeatSeconds: 1) { consumer in
            proxy.inject(frames[Int(seed) % frames.count], .toClient)
            try await eventually("it recovers") { proxy.connectionCount >= 2 && consumer.state.isOpen }
          }
        }
      }
    }
  }

  @Test("half-closed by the broker's side, the connection is made anew")
  func halfClosed() async throws {
    try await TestBroker.with { broker in
      try await broker.withProxy { proxy in
        try await broker.withQueue { queue in
          try await broker.withPublisher(through: proxy) { publisher in
            proxy.halfClose(.toClient)
            try await eventually("it recovers") { proxy.connectionCount >= 2 && publisher.state.isOpen }
            #expect(await publisher.publish([.to(queue, [1])]) == [.confirmed])
          }
        }
      }
    }
  }

  @Test("a slow network only takes longer")
  func slowNetwork() async throws {
    try await TestBroker.with { broker in
      try await broker.withProxy { proxy in
        try await broker.withQueue { queue in
          try await broker.withPublisher(through: proxy) { publisher in
            proxy.delay(by: .milliseconds(20))
            let outcomes = await publisher.publish((0..<600).map { .to(queue, [1], id: "\($0)") })
            #expect(outcomes.allSatisfy { $0 == .confirmed })
          }
        }
      }
    }
  }

  @Test(
    "under random cuts on both sides, every message arrives", arguments: [1, 2] as [UInt64])
  func randomCuts(seed: UInt64) async throws {
    try await TestBroker.with { broker in
      try await broker.withProxy { proxy in
        try await broker.withQueue { queue in
          let ids = (0..<2000).map { "m\($0)" }
          let saboteur = Task {
            var random = SeededRandom(seed)
            // Few enough for the back-off to stay short.
            for _ in 0..<6 {
              proxy.cut(
                after: Int.random(in: 0...150_000, using: &random),
                Bool.random(using: &random) ? .toServer : .toClient)
              try await Task.sleep(for: .milliseconds(Int.random(in: 1...300, using: &random)))
            }
          }
          try await broker.withPublisher(through: proxy) { publisher in
            let published = Task {
              await publishUntilConfirmed(
                publisher, ids.map { .to(queue, [UInt8](repeating: 1, count: 500), id: $0) })
            }
            try await broker.withConsumer([queue], through: proxy) { consumer in
              var seen: Set<String> = []
              while seen.count < ids.count, let batch = await consumer.nextBatch(max: 30) {
                seen.formUnion(batch.compactMap(\.properties.messageID))
                consumer.acknowledge(batch)
              }
              await published.value
              try await saboteur.value
            }
          }
        }
      }
    }
  }

  @Test("cancel and close end in time although the broker is silent")
  func closeWhileStalled() async throws {
    try await TestBroker.with { broker in
      try await broker.withProxy { proxy in
        try await broker.withQueue { queue in
          let limits = ConsumerLimits(connectTimeout: .seconds(2), cancelTimeout: .milliseconds(200))
          try await broker.withConsumer([queue], limits: limits, through: proxy) { consumer in
            proxy.stall()
            await consumer.cancel()
            #expect(await consumer.nextBatch(max: 1) == nil)
            await consumer.close()
          }
        }
      }
    }
  }
}

/// Frames that the broker would send.
enum Frame {
  static let unblocked: [UInt8] = method([0, 10, 0, 61])

  static func blocked(_ reason: String) -> [UInt8] {
    method([0, 10, 0, 60, UInt8(reason.utf8.count)] + Array(reason.utf8))
  }

  private static func method(_ payload: [UInt8]) -> [UInt8] {
    [1, 0, 0, 0, 0, 0, UInt8(payload.count)] + payload + [0xCE]
  }
}
