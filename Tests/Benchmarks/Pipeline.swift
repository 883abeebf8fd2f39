import AMQP
import Contracts
import Domain
import Glibc
import JSON
import Postgres
import Store
import Synchronization
import TestSupport

/// The five workers as they are shipped, fed by a tenant's ERP and emptied by it.
struct Pipeline: Sendable {
  let installation: Installation
  let broker: AMQPEndpoint
  var listings = Listings()
  private let tenant = Installation.tenant

  init(_ installation: Installation) {
    self.installation = installation
    broker = installation.broker
  }

  private func arrivals() -> Arrivals {
    Arrivals(broker: broker, queue: Topology.outcomesQueue(tenant).text)
  }

  private func submissions(_ count: Int, _ run: String) -> [OutgoingMessage] {
    (0..<count).map { listings.submission($0, run: run, for: tenant) }
  }

  private func withWorkers<R>(batch: Int, _ body: ([RunningProcess]) async throws -> R) async throws -> R {
    let workers = try installation.startAll(settings: [
      "PABEAN_BATCH_SIZE": String(batch), "PABEAN_LOG_LEVEL": "warning",
    ])
    let result = await Result.capturing { try await body(workers) }
    await Task { await installation.stop(workers) }.value
    return try result.get()
  }

  /// How sure the classifier is of a listing is not measured here: what it names at all may clear.
  func relaxPolicy() async throws {
    var policy = Policy.starterWithoutNovelty
    policy.requiredLists = .named([])
    policy.defaults.autoClearAt = Confidence(millionths: 10_000)
    policy.defaults.suggestAt = policy.defaults.autoClearAt
    let relaxed = policy
    try await installation.pool.transaction(as: tenant) { tx in
      let now = Instant(microseconds: 1_700_000_001_000_000)
      let version = try PolicyStore.add(relaxed, by: .person("bench"), at: now, tx)
      try PolicyStore.activate(version: version, reason: "measuring", by: .person("bench"), at: now, tx)
    }
  }

  /// Keeps the kinds of products that clear by themselves.
  mutating func chooseListings() async throws {
    try await relaxPolicy()
    let count = Listings.all.count * 10
    let messages = submissions(count, "TRY")
    try await withWorkers(batch: 64) { _ in
      try await Submitter.send(messages, to: broker)
      _ = try await installation.settled(Int64(count))
    }
    let held = try await installation.pool.transaction(as: tenant, readOnly: true) { tx in
      try tx.query("SELECT sku FROM customs_case WHERE state <> 'written-back'").map(String.self) { $0 }
    }
    let heldKinds = Set(
      held.compactMap { $0.split(separator: "-").last.flatMap { Int($0) } }.map { $0 % Listings.all.count })
    listings.kinds = Listings.all.enumerated().filter { !heldKinds.contains($0.offset) }.map(\.element)
    guard !listings.kinds.isEmpty else {
      throw Unmeasurable("no listing clears by itself: \(try await installation.routingReasons().prefix(3))")
    }
    note("\(listings.kinds.count) of \(Listings.all.count) kinds of products clear by themselves")
    let left = arrivals()
    try await left.wait(for: count - held.count)
    await left.close()
  }

  // MARK: Rate

  /// Products per second, from the first submission to the last outcome recorded as written back.
  func rate(of count: Int, batch: Int, run: String) async throws -> Measured {
    let messages = submissions(count, run)
    return try await withWorkers(batch: batch) { workers in
      try await warmUp(run)
      let arrivals = arrivals()
      let time = ProcessorTime(
        workers: Array(zip(Stage.allCases.map(\.rawValue), workers)), servers: installation.servers)
      let start = ContinuousClock.now
      async let submitted: Void = Submitter.send(messages, to: broker)
      try await arrivals.wait(for: count)
      try await submitted
      try await recorded()
      let elapsed = ContinuousClock.now - start
      await arrivals.close()
      return Measured(rate: Double(count) / elapsed.seconds, load: time.perItem(count))
    }
  }

  private func warmUp(_ run: String) async throws {
    let arrivals = arrivals()
    let count = 256
    try await Submitter.send(submissions(count, "\(run)-warm"), to: broker)
    try await arrivals.wait(for: count)
    await arrivals.close()
    try await recorded()
  }

  /// An outcome is sent before it is recorded as written back.
  private func recorded() async throws {
    _ = try await eventually("every case is written back") {
      try await installation.states()[.documented, default: 0] == 0 ? true : nil
    }
  }

  // MARK: Latency

  /// - Returns: milliseconds from submission to outcome, one product at a time, in ascending order.
  func latencies(_ count: Int) async throws -> [Double] {
    let messages = submissions(count, "ONE")
    return try await withWorkers(batch: 128) { _ in
      try await warmUp("ONE")
      let publisher = AMQPPublisher(endpoint: broker, name: "bench-erp")
      publisher.start()
      let arrivals = arrivals()
      try await Task.sleep(for: .seconds(2))
      var milliseconds: [Double] = []
      for message in messages {
        let start = ContinuousClock.now
        _ = await publisher.publish([message])
        try await arrivals.wait(for: 1)
        milliseconds.append((ContinuousClock.now - start).milliseconds)
      }
      await publisher.close()
      await arrivals.close()
      return milliseconds.sorted()
    }
  }

  // MARK: Backlog

  struct Drained: Sendable {
    /// Outcomes per second in each tenth of the backlog.
    var deciles: [Double]
    var rate: Double
    var peakMegabytes: Double
    /// A share of one processor core, after the last outcome.
    var idleLoad: Double?
  }

  /// - Parameter idle: how long to watch the workers afterwards, when nothing is left to do.
  func drain(_ count: Int, idle: Duration?) async throws -> Drained {
    try await Submitter.send(submissions(count, "LOG"), to: broker)
    let arrivals = arrivals()
    let marks = Mutex([(Int, ContinuousClock.Instant)]())
    let start = ContinuousClock.now
    return try await withWorkers(batch: 128) { workers in
      try await arrivals.wait(for: count) { _, arrived in marks.withLock { $0.append((arrived, ContinuousClock.now)) } }
      let elapsed = (ContinuousClock.now - start).seconds
      await arrivals.close()
      var load: Double?
      if let idle { load = try await idleLoad(of: workers, over: idle) }
      return Drained(
        deciles: Pipeline.deciles(marks.withLock { $0 }, count), rate: Double(count) / elapsed,
        peakMegabytes: workers.compactMap { ProcessUsage.peakResidentMegabytes($0.pid) }.max() ?? 0, idleLoad: load)
    }
  }

  /// From the first outcome on: the start of the processes is not a matter of the backlog.
  private static func deciles(_ marks: [(Int, ContinuousClock.Instant)], _ count: Int) -> [Double] {
    guard var last = marks.first else { return [] }
    return (1...10).compactMap { tenth in
      guard let mark = marks.first(where: { $0.0 >= count * tenth / 10 }), mark.0 > last.0 else { return nil }
      defer { last = mark }
      return Double(mark.0 - last.0) / (mark.1 - last.1).seconds
    }
  }

  private func idleLoad(of workers: [RunningProcess], over duration: Duration) async throws -> Double {
    // The last outcomes are still being recorded.
    try await Task.sleep(for: .seconds(3))
    func used() -> Double { workers.compactMap { ProcessUsage.processorSeconds($0.pid) }.reduce(0, +) }
    let before = used()
    try await Task.sleep(for: duration)
    return (used() - before) / duration.seconds
  }
}
