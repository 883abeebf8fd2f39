import Glibc

/// A process that we started, known by its id and the moment it began: an id alone may have been given to another.
struct RecordedProcess: Sendable, Equatable {
  let id: Int32
  let startTime: String

  /// nil when no such process lives.
  init?(id: Int32) {
    guard let startTime = RecordedProcess.startTime(of: id) else { return nil }
    self.id = id
    self.startTime = startTime
  }

  init?(recordedIn path: String) {
    let words = (try? LocalFile.readText(path))?.split(whereSeparator: \.isWhitespace) ?? []
    guard words.count == 2, let id = Int32(words[0]), id > 1 else { return nil }
    self.id = id
    startTime = String(words[1])
  }

  func record(in path: String) throws { try LocalFile.write("\(id) \(startTime)\n", to: path) }

  var isRunning: Bool { RecordedProcess.startTime(of: id) == startTime }

  func signal(_ number: Int32) {
    if isRunning { kill(id, number) }
  }

  /// - Returns: whether it ended in time.
  func ends(within limit: Duration) async -> Bool {
    let deadline = ContinuousClock.now + limit
    while isRunning {
      if ContinuousClock.now >= deadline { return false }
      RecordedProcess.reap(id)
      try? await Task.sleep(for: .milliseconds(30))
    }
    RecordedProcess.reap(id)
    return true
  }

  /// A child that ended stays in the process table until its parent has asked for it. Others' children are not ours.
  private static func reap(_ id: Int32) {
    var status: Int32 = 0
    waitpid(id, &status, WNOHANG)
  }

  /// Field 22 of `stat`, counted behind the name, which may hold anything. Nil for a zombie: it does nothing any more.
  private static func startTime(of id: Int32) -> String? {
    guard let text = try? LocalFile.readText("/proc/\(id)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    return String(fields[19])
  }
}
