import Glibc

/// `.pabean`: everything that an installation on this machine keeps, and nothing outside it.
struct StateFolder: Sendable {
  let path: String

  static let name = ".pabean"

  /// The nearest one above the working folder, else the one that would be made here.
  static func find(configured: String?) -> StateFolder {
    if let configured { return StateFolder(path: absolute(configured)) }
    let here = LocalFile.workingFolder()
    let found = LocalFile.andAbove(here).first { LocalFile.exists("\($0)/\(name)/env") }
    return StateFolder(path: "\(found ?? here)/\(name)")
  }

  /// What a person is shown: short where it lies below the working folder.
  var shownPath: String { shown(path) }

  func shown(_ path: String) -> String {
    let here = LocalFile.workingFolder() + "/"
    return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
  }

  var servers: String { "\(path)/servers" }
  var secrets: String { "\(path)/secrets" }
  var environment: String { "\(path)/env" }
  var brokerDefinitions: String { "\(path)/broker.json" }
  var logs: String { "\(path)/logs" }
  var processes: String { "\(path)/run" }
  var outcomes: String { "\(path)/outcomes" }
  var auditKey: String { "\(path)/audit-key" }
  var demoKeys: String { "\(path)/demo-keys" }
  var demoSubmitted: String { "\(path)/demo-submitted" }
  var lock: String { "\(path)/lock" }

  func log(of service: String) -> String { "\(logs)/\(service).log" }

  func create() throws {
    for folder in [path, logs, processes, outcomes] { try LocalFile.makeFolder(folder) }
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(LocalFile.workingFolder())/\(path)"
  }
}

/// Keeps two `up` or `down` apart. Held until the process ends.
struct StateLock: ~Copyable {
  private let descriptor: Int32

  init(_ folder: StateFolder) throws {
    descriptor = open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw LocalFile.Problem(path: folder.lock, code: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw Failure(
        "another 'pabean up' or 'pabean down' is at work in \(folder.shownPath)",
        remedy: "stop it with Ctrl-C where it runs, or wait for it")
    }
  }

  deinit { close(descriptor) }
}
