import Glibc

/// A program that runs beside a test until it is stopped or killed.
public final class RunningProcess: @unchecked Sendable {  // the pid never changes; only `reaped` does, under waitpid
  public let pid: pid_t
  public let logFile: String

  public struct CannotStart: Error { public let path: String, code: Int32 }

  /// The environment is exactly what is given: services refuse settings that they do not know.
  public init(_ path: String, _ arguments: [String] = [], environment: [String: String], logFile: String) throws {
    self.logFile = logFile
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, logFile, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The test runner may have blocked or ignored signals; a service begins with none of that.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var argv: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var pid = pid_t()
    let code = posix_spawn(&pid, path, &actions, &attributes, &argv, &envp)
    guard code == 0 else { throw CannotStart(path: path, code: code) }
    self.pid = pid
  }

  deinit { if !hasEnded { Glibc.kill(pid, SIGKILL); _ = reap(0) } }

  private var reaped: Int32?

  public var hasEnded: Bool { reaped != nil || reap(WNOHANG) }

  public func send(_ signal: Int32) { if !hasEnded { Glibc.kill(pid, signal) } }

  /// SIGKILL, and gone when this returns.
  public func kill() {
    send(SIGKILL)
    if reaped == nil { _ = reap(0) }
  }

  /// - Returns: the exit status, or 128 plus the signal; nil when it did not end in time.
  public func waitForEnd(within deadline: Duration) async -> Int32? {
    let end = ContinuousClock.now + deadline
    while !hasEnded, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(20)) }
    return reaped
  }

  /// SIGTERM, then patience.
  public func stop(within deadline: Duration = .seconds(30)) async -> Int32? {
    send(SIGTERM)
    return await waitForEnd(within: deadline)
  }

  public var log: String {
    guard let file = fopen(logFile, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer.prefix(count) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func reap(_ options: Int32) -> Bool {
    var status: Int32 = 0
    guard waitpid(pid, &status, options) == pid else { return false }
    reaped = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    return true
  }
}
