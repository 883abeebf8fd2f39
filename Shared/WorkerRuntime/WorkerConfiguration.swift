import AMQP
import Configuration
import Contracts
import Domain
import Observability
import Postgres

/// What every worker reads from its environment.
public struct WorkerConfiguration: Sendable {
  public var databaseURL: Secret
  public var brokerURL: Secret
  public var environment: Domain.Environment
  public var markets: [Market]
  /// Where `/healthz`, `/readyz` and `/metrics` are served, and a service's own pages; nowhere when absent.
  public var httpAddress: Endpoint?
  public var batchMax: Int
  public var databaseConnections: Int
  public var logLevel: LogLevel
  public var drainTimeout: Duration

  /// The markets that a full installation serves.
  public static let allMarkets = ["sg", "my", "id", "th", "vn", "ph", "bn", "kh", "la", "mm", "tl"].compactMap {
    Market($0.uppercased())
  }

  public static func read(_ reader: inout ConfigurationReader) -> WorkerConfiguration {
    // Read by debug builds that tests kill on purpose.
    reader.allow(["PABEAN_FAULT"])
    let broker = reader.required("PABEAN_AMQP_URL", .secret, "the broker, with this service's user and vhost")
    if !broker.reveal().isEmpty, (try? AMQPEndpoint(broker.reveal())) == nil {
      reader.refuse(
        "PABEAN_AMQP_URL", "is not an AMQP URL", remedy: "set it like amqp://user:password@host:5672/vhost")
    }
    return WorkerConfiguration(
      databaseURL: reader.required("PABEAN_DATABASE_URL", .secret, "the database, with this service's user"),
      brokerURL: broker,
      environment: reader.optional(
        "PABEAN_ENVIRONMENT", .oneOf(Domain.Environment.self), default: .live, "live or sandbox; they never mix"),
      markets: reader.optional("PABEAN_MARKETS", .list(of: .market), default: allMarkets, "the markets to work for"),
      httpAddress: reader.optional("PABEAN_HTTP_ADDRESS", .endpoint, "where health, readiness and metrics are served"),
      batchMax: reader.optional(
        "PABEAN_BATCH_SIZE", .int(in: 1...1000), default: 128, "messages handled in one transaction at most"),
      databaseConnections: reader.optional(
        "PABEAN_DATABASE_CONNECTIONS", .int(in: 1...64), default: 4, "database connections at most"),
      logLevel: reader.optional("PABEAN_LOG_LEVEL", .oneOf(LogLevel.self), default: .info, "the least level logged"),
      drainTimeout: reader.optional(
        "PABEAN_DRAIN_TIMEOUT", .duration(in: .zero ... .seconds(600)), default: .seconds(20),
        "how long work in hand may take to finish after SIGTERM"))
  }

  public func postgres(applicationName: String) -> PostgresConfiguration {
    PostgresConfiguration(
      url: databaseURL.reveal(), applicationName: applicationName, poolSize: databaseConnections,
      // Workers look rows up by key. A plan made while a table is new and small would read it whole, and is then kept
      // while the table grows. Where there is no other way, its price would seem worth compiling for.
      sessionSettings: [("app.environment", environment.rawValue), ("enable_seqscan", "off"), ("jit", "off")])
  }

  public func broker() throws(AMQPError) -> AMQPEndpoint { try AMQPEndpoint(brokerURL.reveal()) }
}

extension SettingType where Value == Market {
  /// Written in lower case as in queue names, or in capitals as in documents.
  public static var market: Self {
    guard let placeholder = Market("SG") else { preconditionFailure("SG is a market") }
    return SettingType(
      expectation: "a market such as sg", placeholder: placeholder, parse: { Market($0.uppercased()) }, show: { $0.key }
    )
  }
}
