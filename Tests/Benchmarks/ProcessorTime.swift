import FoundationEssentials
import Glibc
import TestSupport

/// Who uses the processor while products flow. Of a process that ends meanwhile nothing is known.
struct ProcessorTime: Sendable {
  private let processes: [(name: String, pids: @Sendable () -> [pid_t])]
  private let before: [pid_t: Double]

  init(workers: [(String, RunningProcess)], servers: PrivateServers) {
    var processes: [(name: String, pids: @Sendable () -> [pid_t])] = workers.map { name, process in
      (name, { [process.pid] })
    }
    if let broker = ProcessorTime.recordedPid("\(servers.directory)/broker.pid") {
      processes.append(("broker", { [broker] }))
    }
    if let database = ProcessorTime.recordedPid("\(servers.directory)/database.pid") {
      processes.append(("database", { ProcessorTime.children(of: database) }))
    }
    processes.append(("bench", { [getpid()] }))
    self.processes = processes
    before = ProcessorTime.used(processes.flatMap { $0.pids() })
  }

  /// Milliseconds of one core for each product or message, by process.
  func perItem(_ count: Int) -> [(name: String, milliseconds: Double)] {
    processes.map { process in
      let seconds = ProcessorTime.used(process.pids()).map { pid, used in used - (before[pid] ?? 0) }.reduce(0, +)
      return (process.name, seconds * 1000 / Double(count))
    }
  }

  private static func used(_ pids: [pid_t]) -> [pid_t: Double] {
    var used: [pid_t: Double] = [:]
    for pid in pids { used[pid] = ProcessUsage.processorSeconds(pid) }
    return used
  }

  private static func recordedPid(_ file: String) -> pid_t? {
    (try? String(contentsOfFile: file, encoding: .utf8))?.split(separator: " ").first.flatMap { pid_t($0) }
  }

  private static func children(of pid: pid_t) -> [pid_t] {
    guard let list = try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8) else {
      return []
    }
    return list.split { $0 == " " || $0 == "\n" }.compactMap { pid_t($0) }
  }
}
