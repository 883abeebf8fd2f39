import Glibc

/// Starts programs with an environment of their own, in a session of their own, so that a Ctrl-C meant for us does not
/// reach them.
enum ChildProcess {
  struct StartError: Error, CustomStringConvertible {
    var program: String
    var code: Int32
    var description: String { "cannot start \(program): \(String(cString: strerror(code)))" }
  }

  /// - Parameter log: where its output goes; appended to.
  static func start(
    _ program: String, _ arguments: [String] = [], environment: [String: String], log: String
  ) throws(StartError) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The threads of Dispatch block signals, and we ignore SIGPIPE; a child must not inherit that.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var ordinary = sigset_t()
    sigemptyset(&ordinary)
    sigaddset(&ordinary, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &ordinary)
    // 0x80 is POSIX_SPAWN_SETSID, which the Glibc module does not show.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | 0x80))

    var id: Int32 = 0
    let code = withCStrings([program] + arguments) { argv in
      withCStrings(environment.map { "\($0.key)=\($0.value)" }) { envp in
        posix_spawn(&id, program, &actions, &attributes, argv, envp)
      }
    }
    guard code == 0 else { throw StartError(program: program, code: code) }
    return id
  }

  /// Runs a program to its end.
  /// - Returns: its exit status, or 128 and the signal that ended it.
  static func run(
    _ program: String, _ arguments: [String], environment: [String: String], log: String
  ) async throws -> Int32 {
    let id = try start(program, arguments, environment: environment, log: log)
    while true {
      var status: Int32 = 0
      if waitpid(id, &status, WNOHANG) == id {
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
      }
      do {
        try await Task.sleep(for: .milliseconds(20))
      } catch {
        kill(id, SIGTERM)
        throw error
      }
    }
  }

  private static func withCStrings<R>(
    _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
  ) -> R {
    var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
  }
}
