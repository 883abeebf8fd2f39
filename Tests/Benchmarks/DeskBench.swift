import Crypto
import Domain
import Glibc
import HTTP
import Postgres
import Store
import TestSupport

/// The review desk over a great many cases, with fifty reviewers and hundreds of open event streams at once: what each page
/// costs, beside the least that the same server and the same database do.
struct DeskBench: Sendable {
  static let reviewers = 50
  static let streams = 500

  let folder: String
  let options: Options
  private var state: String { "\(folder)/state" }
  private var serverFolder: String { "\(state)/servers" }

  static func open(in bench: String, _ options: Options) -> DeskBench {
    mkdir("\(Repository.root)/.pabean", 0o755)
    mkdir(bench, 0o755)
    mkdir("\(bench)/desk", 0o755)
    return DeskBench(folder: "\(bench)/desk", options: options)
  }

  func measure(_ report: inout Report) async throws {
    _ = try? await pabean("down")
    _ = try await Subprocess.run("rm", ["-rf", state])
    let result = await Result.capturing { try await filledAndMeasured() }
    _ = try? await pabean("down")
    _ = try? await Subprocess.run("\(Repository.root)/infra/scripts/servers.sh", ["stop", serverFolder])
    if case .success = result { _ = try? await Subprocess.run("rm", ["-rf", state]) }
    report.rows += try result.get().rows
  }

  private func filledAndMeasured() async throws -> Report {
    note("desk: an installation with its sample catalogue")
    try await require(pabean("up", "--detach"), "pabean up")
    // The services are of no more use: the desk alone is measured, with the servers to itself.
    try await require(pabean("down"), "pabean down")
    let servers = try await PrivateServers.start(in: serverFolder, options: [])
    try await fill()
    let pool = PostgresPool(
      PostgresConfiguration(
        url: servers.databaseURL, applicationName: "pabean-bench", poolSize: 2, statementTimeout: .seconds(120),
        sessionSettings: [("app.environment", "live"), ("enable_seqscan", "off"), ("jit", "off")]))
    let result = await Result.capturing { try await measured(servers, pool) }
    await pool.close()
    return try result.get()
  }

  // MARK: Preparation

  private func pabean(_ arguments: String...) async throws -> Subprocess.Result {
    try await Subprocess.run(
      "/usr/bin/env",
      [
        "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=\(folder)", "PABEAN_STATE=\(state)",
        Installation.program("pabean"),
      ]
        + arguments, deadline: .seconds(300))
  }

  private func require(_ result: Subprocess.Result, _ what: String) throws {
    guard result.succeeded else { throw Unmeasurable("\(what): \(result)") }
  }

  /// The sample catalogue has 172 cases.
  private func fill() async throws {
    let copies = (options.cases + 171) / 172
    note("desk: filling in \(copies * 172) cases")
    let start = ContinuousClock.now
    let psql = ["psql", serverFolder, "-q", "-v", "ON_ERROR_STOP=1"]
    let script = "\(Repository.root)/infra/scripts/servers.sh"
    try await require(
      Subprocess.run(
        script, psql + ["-f", "\(PeerEnvironment.sources)/desk_fill.sql", "-c", "VACUUM ANALYZE", "-c", "CHECKPOINT"],
        environment: ["PGOPTIONS": "-c bench.copies=\(copies)"], deadline: .seconds(7200)), "desk_fill.sql")
    note("desk: filled in \(Report.text((ContinuousClock.now - start).seconds)) s")
  }

  private func measured(_ servers: PrivateServers, _ pool: PostgresPool) async throws -> Report {
    let people = try await DeskPeople.add(DeskBench.reviewers, pool)
    let targets = try await DeskTargets.find(of: people.tenants, pool)
    let port = FreePort.take()
    let desk = try start(servers, port)
    let result = await Result.capturing {
      let site = DeskSite(address: "http://127.0.0.1:\(port)")
      _ = try await eventually("the desk answers", within: .seconds(60)) {
        try await site.get("/healthz").status == 200 ? true : nil
      }
      try await figuresCounted(pool)
      let sessions = try await site.signIn(people)
      let streams = try EventStreams(DeskBench.streams, port: port, cookies: sessions.map(\.cookie))
      let load = DeskLoad(site: site, sessions: sessions, targets: targets, pool: pool, seconds: options.deskSeconds)
      note("desk: \(DeskBench.reviewers) reviewers for \(options.deskSeconds) s, \(DeskBench.streams) streams")
      let time = ProcessorTime(workers: [("desk", desk)], servers: servers)
      let seen = try await load.run()
      let outcome = DeskOutcome(
        visits: seen.visits, seconds: options.deskSeconds, events: streams.events, openStreams: streams.open,
        memory: ProcessUsage.peakResidentMegabytes(desk.pid) ?? 0, lookUp: seen.lookUp,
        cost: time.perItem(seen.visits.count))
      streams.close()
      return outcome.report
    }
    _ = await desk.stop()
    desk.kill()
    return try result.get()
  }

  private func start(_ servers: PrivateServers, _ port: Int) throws -> RunningProcess {
    try RunningProcess(
      Installation.executable("review-desk"),
      environment: [
        "PATH": "/usr/bin:/bin", "PABEAN_DATABASE_URL": "\(servers.databaseURL)?options=-c%20role%3Dpabean_review_desk",
        "PABEAN_AMQP_URL": DeskBench.onVhost(servers.amqpURL), "PABEAN_ENVIRONMENT": "live",
        "PABEAN_HTTP_ADDRESS": "127.0.0.1:\(port)", "PABEAN_LOG_LEVEL": "warning",
      ], logFile: "\(folder)/review-desk.log")
  }

  /// The virtual host that `pabean up` made.
  private static func onVhost(_ url: String) -> String {
    url.split(separator: "/").dropLast().joined(separator: "/").replacing("amqp:/", with: "amqp://") + "/pabean-live"
  }

  /// What the dashboard shows of days that are over is counted once, after the desk's first start.
  private func figuresCounted(_ pool: PostgresPool) async throws {
    let start = ContinuousClock.now
    _ = try await eventually("the figures of all days are counted", within: .seconds(3600)) {
      let left = try await pool.transaction(readOnly: true) { tx in
        try tx.query(
          """
          SELECT count(*) FROM tenant t CROSS JOIN generate_series(t.created_at::date, now()::date - 1, '1 day') AS d (day)
          WHERE NOT EXISTS (SELECT FROM desk_figure_day f WHERE f.tenant = t.tenant AND f.day = d.day)
          """
        ).decode(row: 0, as: Int64.self)
      }
      return left == 0 ? true : nil
    }
    note("desk: the dashboard's days counted in \(Report.text((ContinuousClock.now - start).seconds)) s")
  }
}
