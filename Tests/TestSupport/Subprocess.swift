import Dispatch
import FoundationEssentials
import Glibc
import Synchronization

/// Runs a program to its end and gives back what it wrote. The outside judges and the fault tests use it.
public enum Subprocess {
  public struct Result: Sendable, CustomStringConvertible {
    /// The exit status, or 128 plus the signal that ended the program.
    public let status: Int32
    public let stdout: String
    public let stderr: String

    public var succeeded: Bool { status == 0 }
    public var description: String { "status \(status)\n\(stdout)\(stderr)" }
  }

  public enum Failure: Error, Equatable {
    case cannotStart(command: String, errno: Int32)
    case deadlineExceeded(command: String, after: Duration)
  }

  /// - Parameter command: a path, or a name to be found in PATH.
  /// - Parameter environment: added to the environment of the tests.
  /// - Parameter deadline: after it the program and its process group are killed, and the run fails.
  public static func run(
    _ command: String, _ arguments: [String] = [], environment: [String: String] = [:], stdin: [UInt8] = [],
    deadline: Duration = .seconds(60)
  ) async throws(Failure) -> Result {
    let outcome = await withCheckedContinuation { continuation in
      // A thread of Dispatch's may block; one of the cooperative pool may not.
      DispatchQueue.global().async {
        continuation.resume(
          returning: Swift.Result { () throws(Failure) in
            let child = try starting.withLock { _ throws(Failure) in
              try Child(command, arguments, environment, stdin)
            }
            return try child.finish(within: deadline)
          })
      }
    }
    return try outcome.get()
  }
}

/// One start at a time: between the making of a pipe and its mark as closed on exec, another child would inherit it
/// and hold it open.
private let starting = Mutex<Void>(())

private struct Child {
  private let command: String
  private let pid: pid_t
  private let stdout: Int32
  private let stderr: Int32

  init(
    _ command: String, _ arguments: [String], _ environment: [String: String], _ stdin: [UInt8]
  ) throws(Subprocess.Failure) {
    let input = temporaryFile(holding: stdin)
    let output = pipe()
    let errors = pipe()
    defer { for descriptor in [input, output.write, errors.write] { close(descriptor) } }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output.write, 1)
    posix_spawn_file_actions_adddup2(&actions, errors.write, 2)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))

    let merged = ProcessInfo.processInfo.environment.merging(environment) { _, added in added }
    var pid: pid_t = 0
    let code = withCStrings([command] + arguments) { argv in
      withCStrings(merged.map { "\($0.key)=\($0.value)" }) { envp in
        posix_spawnp(&pid, command, &actions, &attributes, argv, envp)
      }
    }
    guard code == 0 else {
      close(output.read)
      close(errors.read)
      throw .cannotStart(command: command, errno: code)
    }
    (self.command, self.pid, stdout, stderr) = (command, pid, output.read, errors.read)
  }

  func finish(within limit: Duration) throws(Subprocess.Failure) -> Subprocess.Result {
    defer {
      close(stdout)
      close(stderr)
    }
    let end = ContinuousClock.now + limit
    let written = readBoth(until: end)
    guard let status = wait(until: end) else {
      kill(-pid, SIGKILL)
      waitpid(pid, nil, 0)
      throw .deadlineExceeded(command: command, after: limit)
    }
    return Subprocess.Result(
      status: status, stdout: String(decoding: written.stdout, as: UTF8.self),
      stderr: String(decoding: written.stderr, as: UTF8.self))
  }

  private func readBoth(until end: ContinuousClock.Instant) -> (stdout: [UInt8], stderr: [UInt8]) {
    var written: (stdout: [UInt8], stderr: [UInt8]) = ([], [])
    var polled = [
      pollfd(fd: stdout, events: Int16(POLLIN), revents: 0), pollfd(fd: stderr, events: Int16(POLLIN), revents: 0),
    ]
    while polled.contains(where: { $0.fd >= 0 }), ContinuousClock.now < end {
      guard poll(&polled, 2, milliseconds(until: end)) > 0 else { continue }
      if polled[0].revents != 0, !readMore(polled[0].fd, into: &written.stdout) { polled[0].fd = -1 }
      if polled[1].revents != 0, !readMore(polled[1].fd, into: &written.stderr) { polled[1].fd = -1 }
    }
    return written
  }

  private func wait(until end: ContinuousClock.Instant) -> Int32? {
    var status: Int32 = 0
    while waitpid(pid, &status, WNOHANG) != pid {
      guard ContinuousClock.now < end else { return nil }
      usleep(2_000)
    }
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal
  }
}

/// False at the end of the stream.
private func readMore(_ descriptor: Int32, into bytes: inout [UInt8]) -> Bool {
  let count = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 65_536) { buffer in
    let count = read(descriptor, buffer.baseAddress, buffer.count)
    if count > 0 { bytes.append(contentsOf: buffer[..<count]) }
    return count
  }
  return count > 0
}

private func milliseconds(until end: ContinuousClock.Instant) -> Int32 {
  let left = ContinuousClock.now.duration(to: end).components
  return Int32(clamping: max(1, left.seconds * 1_000 + left.attoseconds / 1_000_000_000_000_000))
}

/// A file without a name. Unlike a pipe it can be filled before the child runs, and nobody minds if it is not read.
private func temporaryFile(holding bytes: [UInt8]) -> Int32 {
  var path = Array("/tmp/stdin-XXXXXX".utf8CString)
  let descriptor = mkstemp(&path)
  precondition(descriptor >= 0, "cannot create a file in /tmp")
  unlink(path)
  _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  var offset = 0
  while offset < bytes.count {
    let count = bytes[offset...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    precondition(count > 0, "cannot write to a file in /tmp")
    offset += count
  }
  lseek(descriptor, 0, SEEK_SET)
  return descriptor
}

private func pipe() -> (read: Int32, write: Int32) {
  var ends: [Int32] = [-1, -1]
  precondition(Glibc.pipe(&ends) == 0, "no more pipes")
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  return (ends[0], ends[1])
}

private func withCStrings<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
  let copies = strings.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return body(copies + [nil])
}
