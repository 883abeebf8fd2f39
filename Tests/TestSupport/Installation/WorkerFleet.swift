import Contracts
import Glibc
import Synchronization

/// The workers of an installation, one of each stage at most, as tests start, kill and restart them.
public final class WorkerFleet: Sendable {
  private struct Worker {
    var process: RunningProcess
    var settings: [String: String]
  }

  private unowned let pabean: Installation
  private let workers = Mutex<[Stage: Worker]>([:])

  init(_ pabean: Installation) { self.pabean = pabean }

  public func process(_ stage: Stage) -> RunningProcess? { workers.withLock { $0[stage]?.process } }

  @discardableResult
  public func start(_ stage: Stage, settings: [String: String] = [:]) throws -> RunningProcess {
    let process = try pabean.start(stage, settings: settings)
    workers.withLock { $0[stage] = Worker(process: process, settings: settings) }
    return process
  }

  /// Until it has taken its signals in hand and connected, a worker is a process like any other.
  public func started(_ stage: Stage) async throws {
    _ = try await eventually("\(stage) to start") {
      process(stage)?.log.contains("\"msg\":\"started\"") == true ? true : nil
    }
  }

  public func startAll(settings: [Stage: [String: String]] = [:]) throws {
    for stage in Stage.allCases { try start(stage, settings: settings[stage] ?? [:]) }
  }

  /// SIGTERM to each, all at once, then patience.
  /// - Returns: the exit status of each.
  @discardableResult
  public func stopAll(within deadline: Duration = .seconds(30)) async -> [Stage: Int32] {
    let all = workers.withLock { workers in
      defer { workers = [:] }
      return workers
    }
    for (_, worker) in all { worker.process.send(SIGTERM) }
    var statuses: [Stage: Int32] = [:]
    for (stage, worker) in all {
      if let status = await worker.process.waitForEnd(within: deadline) {
        statuses[stage] = status
      } else {
        worker.process.kill()
      }
    }
    return statuses
  }

  public func stop(_ stage: Stage, within deadline: Duration = .seconds(30)) async -> Int32? {
    let worker = workers.withLock { $0.removeValue(forKey: stage) }
    guard let worker else { return nil }
    worker.process.send(SIGTERM)
    if let status = await worker.process.waitForEnd(within: deadline) { return status }
    worker.process.kill()
    return nil
  }

  /// The stages whose worker is not running any more.
  public var ended: [Stage] {
    workers.withLock { workers in workers.filter { $0.value.process.hasEnded }.map(\.key) }
  }

  /// For the message of a test that failed.
  public func logs(lines count: Int = 15) -> String {
    let all = workers.withLock { $0 }
    return all.map { stage, worker in
      "--- \(stage)\n" + worker.process.log.split(separator: "\n").suffix(count).joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
