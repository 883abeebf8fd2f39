import AMQP
import Contracts
import Crypto
import Domain
import JSON
import Store
import WorkerRuntime

/// A message that the broker put aside, as a parked message: as much as can be read of whose it is and why it is here.
struct SetAside: Sendable {
  let entry: ParkedMessages.Entry

  init(_ delivery: Delivery) {
    let body = try? JSONParser.parse(delivery.body)
    let stage = SetAside.stage(of: delivery)
    let (code, reason) = SetAside.reason(delivery)
    let exchange = SetAside.exchange(of: delivery)
    entry = ParkedMessages.Entry(
      tenant: SetAside.tenant(delivery, body), stage: stage,
      messageID: body?["id"]?.stringValue.flatMap { MessageID($0) },
      caseID: body?["data"]?["caseID"]?.stringValue.flatMap { CaseID($0) }, reasonCode: code, reason: reason,
      attempts: StageMessage.attempt(of: delivery, publishedTo: exchange), exchange: exchange,
      routingKey: delivery.routingKey, headers: delivery.carriedHeaders, body: delivery.body,
      digest: SHA256.hash(delivery.body).bytes)
  }

  private static let parkingPrefix = "parking."

  private static func stage(of delivery: Delivery) -> String {
    delivery.queue.hasPrefix(parkingPrefix) ? String(delivery.queue.dropFirst(parkingPrefix.count)) : delivery.queue
  }

  /// Where it was published first, so that it can be published there again.
  private static func exchange(of delivery: Delivery) -> String {
    death(of: delivery)?["exchange"]?.text ?? delivery.exchange
  }

  private static func reason(_ delivery: Delivery) -> (code: String, text: String) {
    if delivery.queue == Topology.unroutedQueue.text {
      return ("unrouted", "No queue is bound for the routing key '\(delivery.routingKey)'.")
    }
    switch death(of: delivery)?["reason"]?.text {
    case "rejected":
      return ("rejected", "A worker refused the message: it is larger than a worker takes, or could not be put aside.")
    case "delivery_limit", nil:
      return ("delivery-limit", "It was delivered again and again without being settled: it may end its worker.")
    case let other?: return ("dead-lettered", "The broker put it aside: \(other).")
    }
  }

  /// The newest entry of the broker's record of how often the message died.
  private static func death(of delivery: Delivery) -> FieldTable? {
    guard case .array(let deaths)? = delivery.properties.headers["x-death"], case .table(let newest)? = deaths.first
    else { return nil }
    return newest
  }

  /// Submissions name their tenant in the routing key, where the broker vouches for it; events name it in themselves.
  private static func tenant(_ delivery: Delivery, _ body: JSONValue?) -> TenantID? {
    let key = delivery.routingKey
    let isSubmission = SubmissionKind.allCases.contains { key.hasSuffix(".\($0.rawValue).submitted") }
    if isSubmission { return Topology.tenant(ofSubmission: RoutingKey(key)) }
    return body?["tenant"]?.stringValue.flatMap { TenantID($0) }
  }
}

extension FieldValue {
  fileprivate var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }
}
