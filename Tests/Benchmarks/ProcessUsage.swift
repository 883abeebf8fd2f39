import FoundationEssentials
import Glibc

/// What the kernel knows about a process.
enum ProcessUsage {
  /// The most memory it has ever had resident.
  static func peakResidentMegabytes(_ pid: pid_t) -> Double? {
    field("VmHWM:", of: pid).map { $0 / 1024 }
  }

  private static func field(_ name: String, of pid: pid_t) -> Double? {
    guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
    return line.flatMap { $0.split { $0 == " " || $0 == "\t" }.dropFirst().first }.flatMap { Double($0) }
  }

  /// User and system time so far.
  static func processorSeconds(_ pid: pid_t) -> Double? {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let name = stat.lastIndex(of: ")")
    else { return nil }
    let fields = stat[name...].split(separator: " ")
    guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return nil }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
