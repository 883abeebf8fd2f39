import Glibc
import IOThread
import TestSupport

/// A PostgreSQL server for one test, which may stop it and start it again.
actor PrivateServer {
  struct CommandFailed: Error { var command: [String] }

  private static let binaries = "/usr/lib/postgresql/15/bin"
  static var isInstalled: Bool { access("\(binaries)/pg_ctl", X_OK) == 0 }

  // Starting and stopping blocks.
  private nonisolated let executor = ThreadExecutor()
  private let directory: String
  nonisolated let port: Int

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
  nonisolated var url: String { "postgres://postgres@127.0.0.1:\(port)/postgres" }

  init() throws {
    var template = Array("/tmp/pabean-postgres-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw CommandFailed(command: ["mkdtemp"]) }
    directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    port = FreePort.take()
  }

  deinit { executor.stop() }

  func create() throws {
    if getuid() == 0 { try run(["chown", "postgres", directory]) }
    try runAsServer([
      "\(Self.binaries)/initdb", "--pgdata=\(directory)/data", "--username=postgres", "--auth=trust", "--no-sync",
    ])
  }

  func start() throws {
    let options = "-p \(port) -h 127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=20"
    try control(["start", "--log=\(directory)/log", "--options=\(options)"])
  }

  func stop() throws {
    try control(["stop", "--mode=fast"])
  }

  func remove() throws {
    try? control(["stop", "--mode=immediate"])
    try run(["rm", "-rf", directory])
  }

  private func control(_ arguments: [String]) throws {
    try runAsServer(["\(Self.binaries)/pg_ctl", "--pgdata=\(directory)/data", "--wait"] + arguments)
  }

  /// The server refuses to run as root.
  private func runAsServer(_ command: [String]) throws {
    try run(getuid() == 0 ? ["runuser", "-u", "postgres", "--"] + command : command)
  }

  private func run(_ command: [String]) throws {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&files, descriptor, "/dev/null", O_WRONLY, 0)
    }
    let arguments = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    var status: Int32 = 0
    guard posix_spawnp(&process, command[0], &files, nil, arguments, environ) == 0,
      waitpid(process, &status, 0) == process, status == 0
    else { throw CommandFailed(command: command) }
  }
}
