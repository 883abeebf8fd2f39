import Domain

/// The whole broker topology as one table: what exists, what is bound to what, and which policies hold.
///
///     submissions ──▶ ingest
///     jobs        ──▶ <stage>.<market>              job.<market>.<stage>
///     retry       ──▶ retry.<rung> ──ttl──▶ jobs    (the original routing key leads back to the same queue)
///     parking     ──▶ parking.<stage>               what kept killing its worker
///     outcomes.<tenant> ──▶ outcomes.<tenant>       what the ERP consumes
///     reviews.<tenant> ──▶ reviews.<tenant>         what outsiders learn of the queue, review.<market>; a tenant's user
///                                                   may bind one more queue for each market, reviews.<tenant>.<market>
///     unrouted    ──▶ unrouted                      what no queue wanted
public struct Topology: Sendable {
  public let markets: [Market]
  public let tenants: [TenantID]

  public init(markets: [Market], tenants: [TenantID]) {
    self.markets = markets
    self.tenants = tenants
  }

  public static let submissions: ExchangeName = "submissions"
  public static let jobs: ExchangeName = "jobs"
  public static let retry: ExchangeName = "retry"
  public static let parking: ExchangeName = "parking"
  public static let unrouted: ExchangeName = "unrouted"

  public static let ingestQueue: QueueName = "ingest"
  public static let unroutedQueue: QueueName = "unrouted"

  public static func queue(_ stage: Stage, _ market: Market) -> QueueName {
    stage.isPerMarket ? QueueName("\(stage.rawValue).\(market.key)") : ingestQueue
  }

  public static func parkingQueue(_ stage: Stage) -> QueueName { QueueName("parking.\(stage.rawValue)") }
  public static func retryQueue(_ rung: RetryRung) -> QueueName { QueueName("retry.\(rung.rawValue)") }
  public static func outcomesExchange(_ tenant: TenantID) -> ExchangeName { ExchangeName("outcomes.\(tenant)") }
  public static func outcomesQueue(_ tenant: TenantID) -> QueueName { QueueName("outcomes.\(tenant)") }

  public static func job(_ stage: Stage, _ market: Market) -> RoutingKey {
    RoutingKey("job.\(market.key).\(stage.rawValue)")
  }

  /// The tenant stands first, where a tenant's own broker user is allowed to write nothing else.
  public static func submission(_ kind: SubmissionKind, of tenant: TenantID) -> RoutingKey {
    RoutingKey("\(tenant).\(kind.rawValue).submitted")
  }

  public static func tenant(ofSubmission key: RoutingKey) -> TenantID? {
    key.text.split(separator: ".").first.flatMap { TenantID(String($0)) }
  }

  public static func reviewsExchange(_ tenant: TenantID) -> ExchangeName { ExchangeName("reviews.\(tenant)") }
  public static func reviewsQueue(_ tenant: TenantID) -> QueueName { QueueName("reviews.\(tenant)") }
  public static func review(_ market: Market) -> RoutingKey { RoutingKey("review.\(market.key)") }

  public static func outcome(_ kind: String) -> RoutingKey { RoutingKey(kind) }
}

public enum SubmissionKind: String, Sendable, CaseIterable {
  case product, shipment
}

/// How long a failed message waits before it comes back. The last rung repeats until the attempts are spent.
public enum RetryRung: String, Sendable, CaseIterable {
  case fiveSeconds = "5s"
  case thirtySeconds = "30s"
  case fiveMinutes = "5m"
  case thirtyMinutes = "30m"

  public static let header = "rung"
  public static let attemptHeader = "attempt"
  public static let attemptsMax = 8

  public static func after(attempt: Int) -> RetryRung? {
    guard attempt < attemptsMax else { return nil }
    return allCases[min(max(attempt, 1), allCases.count) - 1]
  }

  public var milliseconds: Int64 {
    switch self {
    case .fiveSeconds: 5000
    case .thirtySeconds: 30_000
    case .fiveMinutes: 300_000
    case .thirtyMinutes: 1_800_000
    }
  }
}
