import AMQP
import Contracts
import Crypto
import Domain
import JSON
import Observability

/// A delivery that could be read: who it is for, what it says, and how often it has been tried.
public struct StageMessage: Sendable {
  public var id: MessageID
  public var tenant: TenantID
  public var market: Market?
  public var type: EventType
  public var data: JSONValue
  public var traceparent: String?
  /// When the sender says that it was made.
  public var time: Instant?
  /// 1 the first time.
  public var attempt: Int
  public var digest: [UInt8]
  public var delivery: Delivery

  public init(
    id: MessageID, tenant: TenantID, market: Market?, type: EventType, data: JSONValue, traceparent: String?,
    delivery: Delivery
  ) {
    self.id = id
    self.tenant = tenant
    self.market = market
    self.type = type
    self.data = data
    self.traceparent = traceparent
    self.delivery = delivery
    attempt = StageMessage.attempt(of: delivery, publishedTo: delivery.exchange)
    digest = SHA256.hash(delivery.body).bytes
  }

  /// Only we write to `jobs`, where also what is tried again comes from: a count from elsewhere is anybody's claim.
  public static func attempt(of delivery: Delivery, publishedTo exchange: String) -> Int {
    guard exchange == Topology.jobs.text,
      case .int(let value)? = delivery.properties.headers[RetryRung.attemptHeader]
    else { return 1 }
    return Int(min(max(value, 1), Int64(RetryRung.attemptsMax)))
  }

  public var caseID: CaseID? { data["caseID"]?.stringValue.flatMap { CaseID($0) } }
  public var shipmentID: ShipmentID? { data["shipmentID"]?.stringValue.flatMap { ShipmentID($0) } }

  /// The trace that this message's work continues: a child of the sender's span, or a new trace.
  public func trace() -> TraceContext {
    traceparent.flatMap { TraceContext(traceparent: $0) }?.child() ?? .root()
  }

  /// A message that this one leads to.
  public func event(
    _ type: EventType, subject: String, market: Market?, source: String, at now: Instant, trace: TraceContext,
    data: JSONValue
  ) -> CloudEvent {
    CloudEvent(
      id: DerivedID.message(causedBy: id, type, subject), source: source, type: type, subject: subject, time: now,
      tenant: tenant, market: market, traceparent: trace.traceparent, causationID: id, data: data)
  }
}

/// Why a delivery cannot be handled, now or ever, in words for whoever looks at the parked message.
public struct Poison: Error, Sendable {
  public var code: String
  public var reason: String

  public init(_ code: String, _ reason: String) {
    self.code = code
    self.reason = reason
  }
}

extension Poison {
  /// Also what another tenant's case looks like from here.
  public static let caseNotFound = Poison("case-not-found", "The tenant has no such case.")
  public static let shipmentNotFound = Poison("shipment-not-found", "The tenant has no such shipment.")
}
