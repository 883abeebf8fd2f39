import Domain
import JSON

/// A CloudEvents 1.0.2 event in structured JSON, which is what travels on every queue of ours: body and meaning are one
/// piece, so that an outbox row or a parked message needs nothing beside it.
public struct CloudEvent: Hashable, Sendable {
  public static let contentType = "application/cloudevents+json"
  public static let bytesMax = 1 << 20

  public var id: MessageID
  public var source: String
  public var type: EventType
  public var subject: String?
  public var time: Instant
  public var tenant: TenantID
  public var market: Market?
  public var traceparent: String?
  /// The message that led to this one.
  public var causationID: MessageID?
  public var data: JSONValue

  public init(
    id: MessageID, source: String, type: EventType, subject: String?, time: Instant, tenant: TenantID, market: Market?,
    traceparent: String?, causationID: MessageID?, data: JSONValue
  ) {
    self.id = id
    self.source = source
    self.type = type
    self.subject = subject
    self.time = time
    self.tenant = tenant
    self.market = market
    self.traceparent = traceparent
    self.causationID = causationID
    self.data = data
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("specversion", "1.0"), ("id", id.json), ("source", .string(source)), ("type", .string(type.rawValue)),
    ])
    object.set("subject", subject.map { .string($0) })
    object["time"] = time.json
    object["datacontenttype"] = "application/json"
    object["tenant"] = tenant.json
    object.set("market", market?.json)
    object.set("traceparent", traceparent.map { .string($0) })
    object.set("causationid", causationID?.json)
    object["data"] = data
    return .object(object)
  }

  public init(json: JSONCursor) throws(JSONError) {
    let version = try json.string("specversion")
    guard version == "1.0" else { throw try json.required("specversion").failure("must be 1.0") }
    id = try json.decode(MessageID.self, "id")
    source = try json.string("source")
    type = try json.required("type").decode("a known event type") { $0.stringValue.flatMap { EventType(rawValue: $0) } }
    subject = try json.optionalString("subject")
    time = try json.decode(Instant.self, "time")
    tenant = try json.decode(TenantID.self, "tenant")
    market = try json.optional(Market.self, "market")
    traceparent = try json.optionalString("traceparent")
    causationID = try json.optional(MessageID.self, "causationid")
    data = try json.required("data").value
  }
}

/// What the events are called, outside and inside. Past tense, versioned; a changed meaning is a new version.
public enum EventType: String, Sendable, CaseIterable {
  case productSubmitted = "pabean.product.submitted.v1"
  case shipmentSubmitted = "pabean.shipment.submitted.v1"
  case caseOpened = "pabean.case.opened.v1"
  case caseClassified = "pabean.case.classified.v1"
  case caseDecided = "pabean.case.decided.v1"
  case caseDocumented = "pabean.case.documented.v1"
  case shipmentReady = "pabean.shipment.ready.v1"
  case shipmentHeld = "pabean.shipment.held.v1"
  case shipmentDocumented = "pabean.shipment.documented.v1"
  /// What the ERP receives.
  case caseOutcome = "pabean.case.outcome.v1"
  case shipmentOutcome = "pabean.shipment.outcome.v1"
  /// What happens to a case that waits for a person, for whoever follows the queue from outside.
  case reviewOpened = "pabean.review.opened.v1"
  case reviewChanged = "pabean.review.changed.v1"
  case reviewClosed = "pabean.review.closed.v1"
}
