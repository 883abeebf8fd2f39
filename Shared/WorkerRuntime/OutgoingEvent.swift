import AMQP
import Contracts
import Domain
import JSON
import Store

extension Outbox.Message {
  /// A job for the next stage.
  public init(_ event: CloudEvent, for stage: Stage, in market: Market) {
    self.init(
      id: event.id, exchange: Topology.jobs.text, routingKey: Topology.job(stage, market).text,
      payload: event.json.bytes)
  }

  /// The same delivery again, after the rung's delay: same id, one attempt more. `x-death` stays behind, because some
  /// broker versions act on it when it is published. A submission that was overtaken while it waited shows by its time.
  init(retrying message: StageMessage, on rung: RetryRung, at now: Instant) {
    let delivery = message.delivery
    var headers = delivery.carriedHeaders
    if headers[MessageHeaders.timestamp] == nil {
      headers[MessageHeaders.timestamp] = .integer(now.microseconds / 1_000_000)
    }
    headers[RetryRung.header] = .string(rung.rawValue)
    headers[RetryRung.attemptHeader] = .integer(Int64(message.attempt + 1))
    self.init(
      id: message.id, exchange: Topology.retry.text, routingKey: delivery.routingKey, headers: headers,
      payload: delivery.body)
  }

  public var outgoing: OutgoingMessage {
    var properties = MessageProperties(contentType: CloudEvent.contentType, messageID: id.description)
    for member in headers.members {
      switch (member.key, member.value) {
      case (MessageHeaders.contentType, .string(let text)): properties.contentType = text
      case (MessageHeaders.messageID, .string(let text)): properties.messageID = text
      case (MessageHeaders.timestamp, .integer(let seconds)): properties.timestampSeconds = seconds
      case (_, .string(let text)): properties.headers[member.key] = .string(text)
      case (_, .integer(let number)): properties.headers[member.key] = .int(number)
      default: break
      }
    }
    return OutgoingMessage(exchange: exchange, routingKey: routingKey, properties: properties, body: payload)
  }
}

/// Properties that travel among the headers of an outbox row or a parked message, so that a copy is like its original.
enum MessageHeaders {
  static let contentType = "amqp-content-type"
  static let messageID = "amqp-message-id"
  static let timestamp = "amqp-timestamp"
}

extension Delivery {
  /// Headers worth keeping when the message is sent again or parked.
  public var carriedHeaders: JSONObject {
    var object = JSONObject()
    object.set(MessageHeaders.contentType, properties.contentType.map { .string($0) })
    object.set(MessageHeaders.messageID, properties.messageID.map { .string($0) })
    object.set(MessageHeaders.timestamp, properties.timestampSeconds.map { .integer($0) })
    for (key, value) in properties.headers.sorted(by: { $0.key < $1.key }) where !key.hasPrefix("x-") {
      switch value {
      case .string(let text): object[key] = .string(text)
      case .int(let number): object[key] = .integer(number)
      default: break
      }
    }
    return object
  }
}
