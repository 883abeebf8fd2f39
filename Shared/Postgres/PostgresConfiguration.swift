/// How to reach the server, and the limits every connection lives under.
public struct PostgresConfiguration: Sendable {
  /// `postgres://user:password@host:port/database?sslmode=…`, or a libpq keyword string.
  public var url: String
  /// Shown in `pg_stat_activity`: worker name and version.
  public var applicationName: String
  /// Most connections, and so threads, that the pool holds.
  public var poolSize: Int
  public var connectTimeoutSeconds: Int
  public var statementTimeout: Duration
  public var lockTimeout: Duration
  public var idleInTransactionTimeout: Duration
  /// Set once per connection with `set_config`, for example `("app.environment", "sandbox")`.
  public var sessionSettings: [(String, String)]
  /// `SET ROLE` after everything else is set.
  public var role: String?
  /// How long a caller waits for a free connection before it gets `.poolExhausted`.
  public var acquireTimeout: Duration
  /// Callers beyond this many waiting ones are refused at once.
  public var waitingMax: Int

  public init(
    url: String, applicationName: String = "pabean", poolSize: Int = 4, connectTimeoutSeconds: Int = 5,
    statementTimeout: Duration = .seconds(30), lockTimeout: Duration = .seconds(5),
    idleInTransactionTimeout: Duration = .seconds(30), sessionSettings: [(String, String)] = [], role: String? = nil,
    acquireTimeout: Duration = .seconds(10), waitingMax: Int = 1024
  ) {
    self.url = url
    self.applicationName = applicationName
    self.poolSize = poolSize
    self.connectTimeoutSeconds = connectTimeoutSeconds
    self.statementTimeout = statementTimeout
    self.lockTimeout = lockTimeout
    self.idleInTransactionTimeout = idleInTransactionTimeout
    self.sessionSettings = sessionSettings
    self.role = role
    self.acquireTimeout = acquireTimeout
    self.waitingMax = waitingMax
  }
}

/// Keeps the password in the URL out of logs and dumps.
extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "PostgreSQL for \(applicationName), at most \(poolSize) connections" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(reflecting: description) }
}

extension PostgresConfiguration {
  /// What `PQconnectdbParams` gets. `dbname` carries the URL and comes first; later keywords override it.
  var connectionKeywords: [(String, String)] {
    [
      ("dbname", url),
      ("application_name", applicationName),
      ("client_encoding", "UTF8"),
      ("connect_timeout", String(connectTimeoutSeconds)),
      // A peer that vanished without a FIN is noticed after about 30 + 3 × 10 seconds, not after two hours.
      ("keepalives_idle", "30"),
      ("keepalives_interval", "10"),
      ("keepalives_count", "3"),
      ("tcp_user_timeout", "60000"),
    ]
  }

  /// Settings in the order they are applied; the role comes last because it takes rights away.
  var settings: [(String, String)] {
    let timeouts = [
      ("statement_timeout", milliseconds(statementTimeout)),
      ("lock_timeout", milliseconds(lockTimeout)),
      ("idle_in_transaction_session_timeout", milliseconds(idleInTransactionTimeout)),
    ]
    return timeouts + sessionSettings + (role.map { [("role", $0)] } ?? [])
  }

  private func milliseconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    return String(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
  }
}
