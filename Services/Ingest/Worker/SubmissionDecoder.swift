import AMQP
import Contracts
import Domain
import JSON
import WorkerRuntime

/// Reads what ERPs publish: a CloudEvent in structured or binary form, or plain JSON with an AMQP message id. The tenant
/// is the one that the routing key names, because that is what the broker lets a tenant's user write.
struct SubmissionDecoder: Sendable {
  let environment: Domain.Environment

  func decode(_ delivery: Delivery) throws(Poison) -> StageMessage {
    guard delivery.body.count <= CloudEvent.bytesMax else {
      throw Poison(
        "too-large", "The body has \(delivery.body.count) bytes; at most \(CloudEvent.bytesMax) are allowed.")
    }
    let (tenant, type) = try addressee(delivery)
    let json = try parse(delivery.body)
    let envelope = try envelope(delivery, json)
    if let claimed = envelope.tenant, claimed != tenant.slug {
      throw Poison("tenant-mismatch", "The event names another tenant than its routing key.")
    }
    if let claimed = envelope.type, claimed != type.rawValue {
      throw Poison("unexpected-type", "The event's type '\(claimed)' is not the '\(type.rawValue)' of its routing key.")
    }
    guard case .object = envelope.data else {
      throw Poison("unreadable", "The event's data must be a JSON object with the \(type.rawValue) in it.")
    }
    var message = StageMessage(
      id: DerivedID.message(submittedBy: tenant, environment, source: envelope.source, id: envelope.id),
      tenant: tenant, market: nil, type: type, data: envelope.data, traceparent: envelope.traceparent,
      delivery: delivery)
    message.time = envelope.time.flatMap { Instant($0) } ?? delivery.endOfTimestamp
    return message
  }

  private struct Envelope {
    var id: String
    var source: String
    var type: String?
    var tenant: String?
    var time: String?
    var traceparent: String?
    var data: JSONValue
  }

  private func addressee(_ delivery: Delivery) throws(Poison) -> (TenantID, EventType) {
    let key = RoutingKey(delivery.routingKey)
    guard let tenant = Topology.tenant(ofSubmission: key) else {
      throw Poison("no-tenant", "The routing key '\(key)' names no tenant.")
    }
    switch delivery.routingKey {
    case Topology.submission(.product, of: tenant).text: return (tenant, .productSubmitted)
    case Topology.submission(.shipment, of: tenant).text: return (tenant, .shipmentSubmitted)
    default: throw Poison("unexpected-type", "The routing key '\(key)' names no kind of submission.")
    }
  }

  private func parse(_ body: [UInt8]) throws(Poison) -> JSONValue {
    do throws(JSONError) {
      return try JSONParser.parse(body)
    } catch {
      throw Poison("unreadable", "The body is not JSON: \(error).")
    }
  }

  private func envelope(_ delivery: Delivery, _ json: JSONValue) throws(Poison) -> Envelope {
    if delivery.properties.contentType?.hasPrefix(CloudEvent.contentType) == true || json["specversion"] != nil {
      return try structured(json)
    }
    if delivery.header("specversion") != nil { return try binary(delivery, json) }
    guard let id = delivery.properties.messageID, !id.isEmpty else {
      throw Poison("no-message-id", "Without a message id a repetition cannot be told from a new message.")
    }
    return Envelope(
      id: id, source: "amqp", traceparent: delivery.header("traceparent", prefixed: false), data: json)
  }

  private func structured(_ json: JSONValue) throws(Poison) -> Envelope {
    guard json["specversion"]?.stringValue == "1.0" else {
      throw Poison("unsupported-version", "The event's specversion must be 1.0.")
    }
    guard let id = json["id"]?.stringValue, !id.isEmpty, let source = json["source"]?.stringValue,
      let data = json["data"]
    else { throw Poison("unreadable", "The event lacks id, source or data.") }
    return Envelope(
      id: id, source: source, type: json["type"]?.stringValue, tenant: json["tenant"]?.stringValue,
      time: json["time"]?.stringValue, traceparent: json["traceparent"]?.stringValue, data: data)
  }

  private func binary(_ delivery: Delivery, _ json: JSONValue) throws(Poison) -> Envelope {
    guard delivery.header("specversion") == "1.0" else {
      throw Poison("unsupported-version", "The event's specversion must be 1.0.")
    }
    guard let id = delivery.header("id") ?? delivery.properties.messageID, let source = delivery.header("source") else {
      throw Poison("unreadable", "The event lacks the id or source header.")
    }
    return Envelope(
      id: id, source: source, type: delivery.header("type"), tenant: delivery.header("tenant"),
      time: delivery.header("time"),
      traceparent: delivery.header("traceparent") ?? delivery.header("traceparent", prefixed: false), data: json)
  }
}

extension Delivery {
  /// AMQP's timestamp has seconds only. The last moment of its second, so that no submission of the same second that
  /// says more exactly when it was made seems to be newer than this one.
  fileprivate var endOfTimestamp: Instant? {
    guard let seconds = properties.timestampSeconds, (0...Delivery.timestampMax).contains(seconds) else { return nil }
    return Instant(microseconds: seconds * 1_000_000 + 999_999)
  }

  /// The year 9999: what is beyond is no time.
  private static let timestampMax: Int64 = 253_402_300_799

  /// A CloudEvents attribute, whichever prefix the sender's library writes.
  fileprivate func header(_ name: String, prefixed: Bool = true) -> String? {
    let names = prefixed ? ["ce-\(name)", "cloudEvents:\(name)", "cloudEvents_\(name)"] : [name]
    for name in names {
      if case .string(let text)? = properties.headers[name] { return text }
    }
    return nil
  }
}
