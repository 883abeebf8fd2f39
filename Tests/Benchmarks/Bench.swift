import Glibc
import Postgres
import TestSupport

/// One run: its servers, and the measurements by turns, so that what else the machine does meets all alike.
struct Bench: Sendable {
  private let options: Options
  private let installation: Installation
  private let relay: BareRelay
  private let celery: CeleryPeer
  private static let batches = [128, 16]

  static func startServers(in folder: String) async throws -> PrivateServers {
    mkdir("\(Repository.root)/.pabean", 0o755)
    mkdir(folder, 0o755)
    let servers = "\(folder)/servers"
    _ = try? await Subprocess.run("\(Repository.root)/infra/scripts/servers.sh", ["stop", servers])
    _ = try await Subprocess.run("rm", ["-rf", servers])
    note("starting PostgreSQL and RabbitMQ")
    return try await PrivateServers.start(in: servers, options: ["--fsync=on", "--management"])
  }

  static func open(on servers: PrivateServers, folder: String, _ options: Options) async throws -> Bench {
    let installation = try await Installation.open(on: servers)
    // The management plugin has imported the topology; its statistics would cost time in every measurement.
    _ = try await PrivateServers.start(in: servers.directory, options: ["--management=off"])
    return Bench(
      options: options, installation: installation,
      relay: BareRelay(broker: installation.broker, pool: relayPool(servers), servers: servers),
      celery: CeleryPeer(
        folder: folder, environment: PeerEnvironment(folder: folder, requirements: .peers), servers: servers,
        pool: installation.pool))
  }

  private static func relayPool(_ servers: PrivateServers) -> PostgresPool {
    PostgresPool(
      PostgresConfiguration(url: servers.databaseURL, applicationName: "bare-relay", poolSize: BareRelay.hops.count))
  }

  func close() async {
    await relay.pool.close()
    await installation.pool.close()
    _ = try? await Subprocess.run("rm", ["-rf", installation.folder])
  }

  private func wants(_ part: Options.Part) -> Bool { options.parts.contains(part) }

  func run() async throws -> Report {
    var pipeline = Pipeline(installation)
    try await relay.prepare()
    if wants(.celery) { try await celery.environment.prepare() }
    if !options.parts.isDisjoint(with: [.flow, .latency, .backlog, .idle]) { try await pipeline.chooseListings() }
    var report = Report()
    try await measureRates(pipeline, &report)
    if wants(.latency) { try await measureLatency(pipeline, &report) }
    if wants(.backlog) || wants(.idle) { try await measureBacklog(pipeline, &report) }
    return report
  }

  // MARK: Rates

  private func measureRates(_ pipeline: Pipeline, _ report: inout Report) async throws {
    var floor: [Int: Rounds] = [:]
    var flow: [Int: Rounds] = [:]
    var peer = Rounds()
    for round in 1...options.rounds {
      for batch in Bench.batches {
        if wants(.floor) {
          let measured = try await relay.rate(of: options.products, batch: batch)
          floor[batch, default: Rounds()].add(measured)
          note("round \(round): relay by \(batch): \(measured.text)")
        }
        if wants(.flow) {
          let measured = try await pipeline.rate(of: options.products, batch: batch, run: "R\(round)B\(batch)")
          flow[batch, default: Rounds()].add(measured)
          note("round \(round): pipeline by \(batch): \(measured.text)")
        }
      }
      if wants(.floor) { floor[1, default: Rounds()].add(try await relay.rate(of: options.products / 20, batch: 1)) }
      if wants(.celery) {
        let rate = try await celery.rate(of: options.products / 10)
        peer.add(rate: rate)
        note("round \(round): Celery: \(Report.text(rate))/s")
      }
    }
    for batch in Bench.batches { report.add("bare relay, batches of \(batch)", floor[batch]) }
    report.add("bare relay, unbatched", floor[1])
    report.add("Celery chain", peer)
    for batch in Bench.batches {
      let name = "pipeline, batches of \(batch)"
      report.add(name, flow[batch], against: "bare relay", floor[batch], atLeast: 0.5)
      if wants(.celery) { report.add(name, flow[batch], against: "Celery", peer, atLeast: 6) }
      report.addCost("\(name): cost", flow[batch], against: "bare relay", floor[batch])
    }
  }

  // MARK: Latency, backlog, idleness

  private func measureLatency(_ pipeline: Pipeline, _ report: inout Report) async throws {
    let sorted = try await pipeline.latencies(options.singles)
    report.add("latency, median", sorted[sorted.count / 2], "ms", below: 60)
    report.add("latency, 99th percentile", sorted[min(sorted.count * 99 / 100, sorted.count - 1)], "ms", below: 250)
  }

  private func measureBacklog(_ pipeline: Pipeline, _ report: inout Report) async throws {
    let drained = try await pipeline.drain(options.backlog, idle: wants(.idle) ? options.idle : nil)
    note("backlog by tenths: \(drained.deciles.map { Report.text($0) }.joined(separator: " "))/s")
    if wants(.backlog), let first = drained.deciles.first, let last = drained.deciles.last {
      report.rows.append(Report.Row(name: "backlog of \(options.backlog)", figure: drained.rate, unit: "/s"))
      report.rows.append(
        Report.Row(
          name: "backlog, last tenth", figure: last, unit: "/s", reference: "first tenth", ratio: last / first,
          goal: "≥ 0.80", isMet: last / first >= 0.8))
      report.add("backlog, peak memory of a worker", drained.peakMegabytes, "MB", below: 200)
    }
    if let load = drained.idleLoad { report.add("idle, all workers together", load * 100, "% of a core", below: 1) }
  }
}

extension Report {
  fileprivate mutating func add(
    _ name: String, _ rounds: Rounds?, against reference: String? = nil, _ other: Rounds? = nil,
    atLeast goal: Double? = nil
  ) {
    guard let rounds, let rate = rounds.rate else { return }
    let ratio = other?.rate.map { rate / $0 }
    rows.append(
      Row(
        name: name, figure: rate, unit: "/s", spread: rounds.spread, reference: ratio == nil ? nil : reference,
        ratio: ratio, goal: goal.map { "≥ \(Report.text($0))" },
        isMet: ratio.flatMap { ratio in goal.map { ratio >= $0 } }))
  }

  /// No goal: it explains the rate, and is less disturbed by what else runs.
  fileprivate mutating func addCost(
    _ name: String, _ rounds: Rounds?, against reference: String, _ other: Rounds?
  ) {
    guard let cost = rounds?.cost else { return }
    let ratio = other?.cost.map { $0 / cost }
    rows.append(
      Row(name: name, figure: cost, unit: "ms of a core", reference: ratio == nil ? nil : reference, ratio: ratio))
  }

  mutating func add(_ name: String, _ figure: Double, _ unit: String, against reference: String, _ other: Double) {
    rows.append(Row(name: name, figure: figure, unit: unit, reference: reference, ratio: figure / other))
  }

  mutating func add(_ name: String, _ figure: Double, _ unit: String, below goal: Double) {
    rows.append(
      Row(name: name, figure: figure, unit: unit, goal: "< \(Report.text(goal)) \(unit)", isMet: figure < goal))
  }
}
