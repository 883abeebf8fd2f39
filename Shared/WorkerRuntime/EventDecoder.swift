import AMQP
import Contracts
import Domain
import JSON

/// Reads the events that our own stages send each other. Strict: what is odd here is a fault or an intruder.
public struct EventDecoder: Sendable {
  let accepted: Set<EventType>

  public init(accepting types: Set<EventType>) { accepted = types }

  public func decode(_ delivery: Delivery) throws(Poison) -> StageMessage {
    guard delivery.body.count <= CloudEvent.bytesMax else {
      throw Poison(
        "too-large", "The body has \(delivery.body.count) bytes; at most \(CloudEvent.bytesMax) are allowed.")
    }
    let event: CloudEvent
    do throws(JSONError) {
      event = try CloudEvent(json: JSONCursor(try JSONParser.parse(delivery.body)))
    } catch {
      throw Poison("unreadable", "The body is not a CloudEvent in structured JSON: \(error).")
    }
    guard accepted.contains(event.type) else {
      throw Poison("unexpected-type", "This stage does not handle '\(event.type.rawValue)'.")
    }
    if let market = event.market, let keyed = EventDecoder.market(in: delivery.routingKey), market.key != keyed {
      throw Poison("market-mismatch", "The event is for \(market) and came by the queue of '\(keyed)'.")
    }
    return StageMessage(
      id: event.id, tenant: event.tenant, market: event.market, type: event.type, data: event.data,
      traceparent: event.traceparent, delivery: delivery)
  }

  /// `job.<market>.<stage>`
  private static func market(in routingKey: String) -> String? {
    let parts = routingKey.split(separator: ".")
    return parts.count == 3 && parts[0] == "job" ? String(parts[1]) : nil
  }
}
