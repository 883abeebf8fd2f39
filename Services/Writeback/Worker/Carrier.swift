import AMQP
import Contracts
import Crypto
import Domain
import HTTP
import JSON
import Observability
import Store
import WorkerRuntime
import WritebackEngine

/// Carries payloads to destinations and says what came of each attempt. Nothing here is remembered: the id of a delivery
/// is the same in every attempt, so a receiver that executed and did not answer recognises the repetition.
struct Carrier: Sendable {
  struct Item: Sendable {
    var tenant: TenantID
    var delivery: StoredDelivery
    var destination: Destination
    /// Of the message that led here; a retry hours later begins a trace of its own.
    var trace = TraceContext.root()
  }

  let client: HTTPClient
  let publisher: AMQPPublisher
  let fileDrop: FileDropFolder?

  static let webhooksAtOnce = 16
  static let webhookTimeout = Duration.seconds(20)

  struct Receiver: Hashable {
    var tenant: TenantID
    var destination: String
  }

  /// nil is what counts as not tried: its destination had just left another of the batch without an answer, or our
  /// broker was away.
  func carry(_ items: [Item]) async -> [DeliveryLadder.Outcome?] {
    var outcomes = [DeliveryLadder.Outcome?](repeating: nil, count: items.count)
    let indexed = Array(items.enumerated())
    for (index, outcome) in await publish(indexed.filter { $0.element.destination.kind == .amqp }) {
      outcomes[index] = outcome
    }
    for (index, outcome) in drop(indexed.filter { $0.element.destination.kind == .file }) { outcomes[index] = outcome }
    for (index, outcome) in await post(indexed.filter { $0.element.destination.kind == .webhook }) {
      outcomes[index] = outcome
    }
    return outcomes
  }

  private typealias Indexed = (offset: Int, element: Item)

  // MARK: AMQP

  /// Our own broker being away is no answer of the receiver's: it costs no attempt.
  private func publish(_ items: [Indexed]) async -> [(Int, DeliveryLadder.Outcome?)] {
    guard !items.isEmpty else { return [] }
    let outcomes = await publisher.publish(items.map { $0.element.cloudEventMessage })
    return zip(items, outcomes).map { item, outcome in
      switch outcome {
      case .confirmed: (item.offset, .answered(status: 200, retryAfter: nil))
      case .returned(_, let text): (item.offset, .unreachable("no queue takes it: \(text)"))
      case .refused: (item.offset, .unreachable("the broker refused it"))
      case .unknown: (item.offset, publisher.missesExchange ? .unreachable("the exchange is missing") : nil)
      }
    }
  }

  // MARK: Files

  private func drop(_ items: [Indexed]) -> [(Int, DeliveryLadder.Outcome)] {
    Dictionary(grouping: items) { "\($0.element.tenant)/\($0.element.destination.name)" }.values.flatMap { group in
      let outcome = dropTogether(group.map(\.element))
      return group.map { ($0.offset, outcome) }
    }
  }

  private func dropTogether(_ items: [Item]) -> DeliveryLadder.Outcome {
    guard let fileDrop else { return .unreachable("PABEAN_FILE_DROP is not set on the write-back worker") }
    guard let first = items.first else { return .answered(status: 200, retryAfter: nil) }
    do {
      try fileDrop.write(items.map(\.delivery.payload), for: first.tenant, first.destination)
      return .answered(status: 200, retryAfter: nil)
    } catch {
      return .unreachable("\(error)")
    }
  }

  // MARK: Webhooks

  /// Who does not answer costs a batch one time limit, however much of it is for him.
  private func post(_ items: [Indexed]) async -> [(Int, DeliveryLadder.Outcome)] {
    await withTaskGroup(of: (Int, DeliveryLadder.Outcome).self) { group in
      var results: [(Int, DeliveryLadder.Outcome)] = []
      var silent: Set<Receiver> = []
      func collect(_ finished: (Int, DeliveryLadder.Outcome)) {
        results.append(finished)
        if finished.1.isSilence { silent.insert(items[finished.0].element.receiver) }
      }
      var inFlight = 0
      for (position, item) in items.enumerated() where !silent.contains(item.element.receiver) {
        if inFlight == Carrier.webhooksAtOnce, let finished = await group.next() {
          collect(finished)
          inFlight -= 1
        }
        guard !silent.contains(item.element.receiver) else { continue }
        inFlight += 1
        group.addTask { (position, await post(item.element)) }
      }
      for await finished in group { results.append(finished) }
      return results.map { (items[$0.0].offset, $0.1) }
    }
  }

  private func post(_ item: Item) async -> DeliveryLadder.Outcome {
    guard let url = item.destination.config["url"]?.stringValue else { return .forbiddenAddress("it has no url") }
    let keys = item.destination.secrets.compactMap(StandardWebhooks.SigningKey.init(serialized:))
    guard !keys.isEmpty else { return .forbiddenAddress("the destination has no signing secret") }
    let body = item.delivery.payload
    let signed = StandardWebhooks.sign(id: "msg_\(item.delivery.id)", at: SystemClock.now(), body: body, keys: keys)
    var headers: HTTPHeaders = ["content-type": "application/json", "user-agent": "Pabean/\(BuildInfo.version)"]
    for (name, value) in signed.pairs { headers.append(name, value) }
    headers.append("traceparent", item.trace.traceparent)
    let request = HTTPClientRequest(
      url: url, method: .post, headers: headers, body: body, timeout: Carrier.webhookTimeout)
    do throws(HTTPClientError) {
      let response = try await client.send(request)
      return .answered(status: response.status, retryAfter: response.headers["retry-after"])
    } catch {
      return DeliveryLadder.Outcome(error)
    }
  }
}

extension StandardWebhooks.SigningKey {
  init?(serialized: String) {
    if let secret = WebhookSecret(serialized) {
      self = .symmetric(secret)
    } else if let key = Ed25519PrivateKey(webhookKey: serialized) {
      self = .asymmetric(key)
    } else {
      return nil
    }
  }
}

extension AMQPPublisher {
  /// The broker closes a channel with 404 for an exchange that it does not have.
  fileprivate var missesExchange: Bool {
    guard case .failed(let error) = state else { return false }
    return error.replyCode == 404
  }
}

extension DeliveryLadder.Outcome {
  /// Nobody was there, so nobody will be for the next one either.
  fileprivate var isSilence: Bool {
    switch self {
    case .timedOut, .unreachable: true
    case .answered, .forbiddenAddress: false
    }
  }

  init(_ error: HTTPClientError) {
    switch error {
    case .refusedByPolicy(let why), .invalidRequest(let why): self = .forbiddenAddress(why)
    case .timeout: self = .timedOut
    case .tooLarge: self = .unreachable("the answer is too large")
    case .resolve(let why), .connect(let why), .tls(let why), .interrupted(let why, _): self = .unreachable(why)
    case .cancelled: self = .unreachable("the worker was stopping")
    }
  }
}

extension Carrier.Item {
  fileprivate var receiver: Carrier.Receiver { Carrier.Receiver(tenant: tenant, destination: destination.name) }

  /// The payload as a CloudEvent, for receivers on the broker.
  fileprivate var cloudEventMessage: OutgoingMessage {
    let payload = (try? JSONParser.parse(delivery.payload)) ?? .null
    let data = payload["data"] ?? payload
    if delivery.subjectKind == "review" { return newsOfReview(payload, data) }
    let type = delivery.subjectKind == "case" ? EventType.caseOutcome : .shipmentOutcome
    let event = CloudEvent(
      id: MessageID(delivery.id), source: "/pabean/writeback", type: type, subject: delivery.stream,
      time: delivery.createdAt, tenant: tenant, market: nil, traceparent: trace.traceparent, causationID: nil,
      data: data)
    return message(event, Topology.outcomesExchange(tenant), RoutingKey(type.rawValue))
  }

  /// Whose id is that of what happened: every destination is told of it by the same.
  private func newsOfReview(_ payload: JSONValue, _ data: JSONValue) -> OutgoingMessage {
    let market = data["market"]?.stringValue.flatMap { Market($0) }
    let event = CloudEvent(
      id: MessageID(delivery.subject), source: "/pabean/review-desk",
      type: payload["type"]?.stringValue.flatMap { EventType(rawValue: $0) } ?? .reviewChanged,
      subject: data["caseId"]?.stringValue,
      time: payload["timestamp"]?.stringValue.flatMap { Instant($0) } ?? delivery.createdAt, tenant: tenant,
      market: market, traceparent: trace.traceparent, causationID: nil, data: data)
    let key = market.map(Topology.review) ?? "review"
    return message(event, Topology.reviewsExchange(tenant), key)
  }

  private func message(_ event: CloudEvent, _ exchange: ExchangeName, _ key: RoutingKey) -> OutgoingMessage {
    let properties = MessageProperties(contentType: CloudEvent.contentType, messageID: event.id.description)
    return OutgoingMessage(
      exchange: exchange.text, routingKey: key.text, properties: properties, body: event.json.bytes)
  }
}
