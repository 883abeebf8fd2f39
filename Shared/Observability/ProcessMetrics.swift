import Glibc

extension Metrics {
  /// The standard metrics of a process, read from `/proc` at each scrape, and what was built.
  public func registerProcess(service: String, version: String, revision: String) {
    observedCounter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.") {
      ProcessStatus.cpuSeconds()
    }
    observedGauge("process_resident_memory_bytes", "Resident memory size in bytes.") {
      ProcessStatus.residentBytes()
    }
    observedGauge("process_open_fds", "Number of open file descriptors.") { ProcessStatus.openFileDescriptors() }
    observedGauge("process_max_fds", "Maximum number of open file descriptors.") {
      ProcessStatus.maximumFileDescriptors()
    }
    let startTime = ProcessStatus.startTimeSeconds()
    observedGauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.") { startTime }
    gauge("pabean_build_info", "What was built. The value is always 1.", labels: ["service", "version", "revision"])
      .set(1, service, version, revision)
  }
}

/// Figures of this process from the kernel.
enum ProcessStatus {
  static func cpuSeconds() -> Double? {
    var usage = rusage()
    guard getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return nil }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  static func residentBytes() -> Double? {
    guard let pages = contents("/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
    else { return nil }
    return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
  }

  static func openFileDescriptors() -> Double? {
    guard let directory = opendir("/proc/self/fd") else { return nil }
    defer { closedir(directory) }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    // Without `.`, `..` and the descriptor of this reading.
    return Double(count - 3)
  }

  static func maximumFileDescriptors() -> Double? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
    return Double(limit.rlim_cur)
  }

  static func startTimeSeconds() -> Double? {
    // The name, field 2, may hold spaces; the start time is field 22, the 20th after the name.
    guard let status = contents("/proc/self/stat"), let nameEnd = status.lastIndex(of: ")"),
      let bootTime = contents("/proc/stat")?.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
      let bootSeconds = Double(bootTime.dropFirst(6))
    else { return nil }
    let fields = status[status.index(after: nameEnd)...].split(separator: " ")
    guard fields.count > 19, let ticks = Double(fields[19]) else { return nil }
    return bootSeconds + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  private static func contents(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var contents: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 8192)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count <= 0 { return count < 0 ? nil : String(decoding: contents, as: UTF8.self) }
      contents.append(contentsOf: chunk[..<count])
    }
  }
}
