import FoundationEssentials
import Glibc
import Postgres
import TestSupport

/// The same five hops as Celery tasks, run from infra/bench in a Python environment made for it.
struct CeleryPeer: Sendable {
  let folder: String
  let environment: PeerEnvironment
  let servers: PrivateServers
  let pool: PostgresPool

  private var variables: [String: String] {
    [
      "PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8", "BENCH_AMQP_URL": servers.amqpURL,
      "BENCH_DATABASE_URL": servers.databaseURL, "PYTHONDONTWRITEBYTECODE": "1", "C_FORCE_ROOT": "1",
    ]
  }

  /// - Returns: chains per second, from the first submission to the last row of the last task.
  func rate(of count: Int) async throws -> Double {
    try await pool.transaction { tx in try tx.executeScript("TRUNCATE relay.payload, relay.seen") }
    let worker = try RunningProcess(
      environment.python, ["\(PeerEnvironment.sources)/celery_relay.py", "work"], environment: variables,
      logFile: "\(folder)/celery.log")
    let result = await Result.capturing {
      // Not measured: the start of the worker's processes and their connections.
      let warmUp = 64
      _ = try await submit(warmUp)
      try await finished(warmUp)
      let start = try await submit(count)
      try await finished(warmUp + count)
      return Double(count) / (Date().timeIntervalSince1970 - start)
    }
    _ = await worker.stop()
    worker.kill()
    return try result.get()
  }

  private func submit(_ count: Int) async throws -> Double {
    let result = try await Subprocess.run(
      environment.python, ["\(PeerEnvironment.sources)/celery_relay.py", "submit", String(count)],
      environment: variables,
      deadline: .seconds(300))
    let line = result.stdout.split(separator: "\n").first.map(String.init)
    guard let start = line.flatMap({ Double($0) }), result.succeeded else {
      throw Unmeasurable("celery_relay.py submit: \(result)")
    }
    return start
  }

  private func finished(_ count: Int) async throws {
    _ = try await eventually("\(count) chains finished", within: .seconds(300)) {
      let done = try await pool.transaction(readOnly: true) { tx in
        try tx.query("SELECT count(*) FROM relay.seen WHERE hop = 5").decode(row: 0, as: Int64.self)
      }
      return done >= count ? done : nil
    }
  }
}
