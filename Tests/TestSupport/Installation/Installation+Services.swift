import AMQP
import Contracts
import Domain
import Glibc

extension Installation {
  /// The executables stand beside the test bundle.
  public static let executables: String = {
    let path = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      let count = buffer.baseAddress.map { readlink("/proc/self/exe", $0, 4095) } ?? 0
      return String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    if let slash = path.lastIndex(of: "/"), access(path[..<slash] + "/pabean-ingest", X_OK) == 0 {
      return String(path[..<slash])
    }
    return "\(Repository.root)/.build/debug"
  }()

  public static func program(_ name: String) -> String { "\(executables)/\(name)" }
  public static func executable(_ service: String) -> String { program("pabean-\(service)") }

  /// The database role of a service, entered at the start of each session.
  public func databaseURL(role: String) -> String { Installation.url(databaseURL, role: role) }

  static func url(_ databaseURL: String, role: String) -> String {
    databaseURL + (databaseURL.contains("?") ? "&" : "?") + "options=-c%20role%3D\(role)"
  }

  public var databasePort: Int {
    let address = databaseURL.split(separator: "@").last?.split(separator: "/").first ?? ""
    return address.split(separator: ":").last.flatMap { Int($0) } ?? 5432
  }

  public var brokerURL: String {
    "amqp://\(broker.user):\(broker.password)@\(broker.host):\(broker.port)/\(vhost)"
  }

  public func environment(of service: String, httpPort: Int? = nil) -> [String: String] {
    var environment = [
      "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no",
      "PABEAN_DATABASE_URL": databaseURL(role: "pabean_\(service.replacingDashes)"),
      "PABEAN_AMQP_URL": brokerURL, "PABEAN_ENVIRONMENT": "live",
      "PABEAN_MARKETS": markets.map(\.key).joined(separator: ","), "PABEAN_DRAIN_TIMEOUT": "10s",
    ]
    if let httpPort { environment["PABEAN_HTTP_ADDRESS"] = "127.0.0.1:\(httpPort)" }
    return environment
  }

  public func start(_ stage: Stage, settings: [String: String] = [:], httpPort: Int? = nil) throws -> RunningProcess {
    try start(service: stage.rawValue, settings: settings, httpPort: httpPort)
  }

  public func start(service: String, settings: [String: String] = [:], httpPort: Int? = nil) throws -> RunningProcess {
    try RunningProcess(
      Installation.executable(service),
      environment: environment(of: service, httpPort: httpPort).merging(settings) { $1 },
      logFile: "\(folder)/\(service).log")
  }

  public func startAll(settings: [String: String] = [:]) throws -> [RunningProcess] {
    try Stage.allCases.map { try start($0, settings: settings) }
  }

  public func stop(_ processes: [RunningProcess]) async {
    for process in processes { process.send(SIGTERM) }
    for process in processes where await process.waitForEnd(within: .seconds(30)) == nil { process.kill() }
  }
}

extension String {
  fileprivate var replacingDashes: String { String(map { $0 == "-" ? "_" : $0 }) }
}
