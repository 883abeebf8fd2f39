import FoundationEssentials
import Glibc
import TestSupport

/// Who uses the processor while products flow.
struct ProcessorTime: Sendable {
  private let processes: [(name: String, pids: @Sendable () -> [pid_t])]
  private let before: [Double]

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
    before = processes.map { ProcessorTime.used($0.pids()) }
  }

  /// Milliseconds of one core for each product.
  func perProduct(_ count: Int) -> String {
    zip(processes, before).map { process, before in
      "\(process.name) \(Report.text((ProcessorTime.used(process.pids()) - before) * 1000 / Double(count)))"
    }.joined(separator: ", ")
  }

  private static func used(_ pids: [pid_t]) -> Double {
    pids.compactMap { ProcessUsage.processorSeconds($0) }.reduce(0, +)
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
