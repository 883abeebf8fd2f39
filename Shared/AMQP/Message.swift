/// The properties that travel with a message.
public struct MessageProperties: Sendable, Hashable {
  public var contentType: String?
  public var contentEncoding: String?
  public var messageID: String?
  public var correlationID: String?
  public var replyTo: String?
  public var type: String?
  public var appID: String?
  /// The broker refuses a message whose user is not the connection's own.
  public var userID: String?
  public var timestampSeconds: Int64?
  /// Milliseconds, as text. It blocks the head of a queue: prefer a time-to-live on the queue.
  public var expiration: String?
  public var priority: UInt8?
  public var headers: FieldTable
  /// Delivery mode 2. Dead-lettered copies keep it, so it stays on.
  public var persistent: Bool

  public init(
    contentType: String? = nil, contentEncoding: String? = nil, messageID: String? = nil,
    correlationID: String? = nil, replyTo: String? = nil, type: String? = nil, appID: String? = nil,
    userID: String? = nil, timestampSeconds: Int64? = nil, expiration: String? = nil, priority: UInt8? = nil,
    headers: FieldTable = [:], persistent: Bool = true
  ) {
    self.contentType = contentType
    self.contentEncoding = contentEncoding
    self.messageID = messageID
    self.correlationID = correlationID
    self.replyTo = replyTo
    self.type = type
    self.appID = appID
    self.userID = userID
    self.timestampSeconds = timestampSeconds
    self.expiration = expiration
    self.priority = priority
    self.headers = headers
    self.persistent = persistent
  }

  var shortStrings: [String?] {
    [contentType, contentEncoding, messageID, correlationID, replyTo, type, appID, userID, expiration]
  }
}

/// A message to publish. It is always `mandatory`: one that no queue takes comes back as `returned`.
public struct OutgoingMessage: Sendable, Hashable {
  public var exchange: String
  public var routingKey: String
  public var properties: MessageProperties
  public var body: [UInt8]

  public init(
    exchange: String, routingKey: String, properties: MessageProperties = MessageProperties(), body: [UInt8]
  ) {
    self.exchange = exchange
    self.routingKey = routingKey
    self.properties = properties
    self.body = body
  }

  /// Header tables beyond this are refused: a header frame must fit into one frame of 128 KiB.
  static let headerBytesMax = 64 * 1024

  /// Whether the wire can carry it. The C library would truncate a long short-string and corrupt the connection.
  func isCarriable(bodyBytesMax: Int) -> Bool {
    guard exchange.utf8.count <= 255, routingKey.utf8.count <= 255, body.count <= bodyBytesMax else { return false }
    guard properties.shortStrings.allSatisfy({ ($0?.utf8.count ?? 0) <= 255 }) else { return false }
    guard let headerBytes = properties.headers.encodedBytes() else { return false }
    return headerBytes <= Self.headerBytesMax
  }
}

/// What became of a published message.
public enum PublishOutcome: Sendable, Equatable {
  /// The broker has taken responsibility: routed to at least one queue, and on a quorum of disks.
  case confirmed
  /// No queue is bound for it (312), or none could take it.
  case returned(code: Int, text: String)
  /// The broker's `basic.nack` (a full queue that rejects publishes), or a message that AMQP cannot carry: a name over
  /// 255 bytes, headers over 64 KiB, a body over the limit. Such a message was never sent.
  case refused
  /// The connection was lost, blocked or silent before the confirm. It may be in the queue or not: publish it again,
  /// with the same message id.
  case unknown
}

/// A message taken from a queue and not yet settled.
public struct Delivery: Sendable {
  public let queue: String
  public let exchange: String
  public let routingKey: String
  /// False means that no consumer has seen it before; true means that one may have.
  public let redelivered: Bool
  public let properties: MessageProperties
  public let body: [UInt8]
  let tag: UInt64
  /// The connection it came by. Settling it on a later one is a no-op, because the broker delivers it again.
  let epoch: UInt64

  init(
    queue: String, exchange: String, routingKey: String, redelivered: Bool, properties: MessageProperties,
    body: [UInt8], tag: UInt64, epoch: UInt64
  ) {
    self.queue = queue
    self.exchange = exchange
    self.routingKey = routingKey
    self.redelivered = redelivered
    self.properties = properties
    self.body = body
    self.tag = tag
    self.epoch = epoch
  }

  /// A delivery that came by no connection, to try a handler with; settling it is a no-op.
  public init(
    queue: String, exchange: String = "", routingKey: String, redelivered: Bool = false,
    properties: MessageProperties = MessageProperties(), body: [UInt8]
  ) {
    self.init(
      queue: queue, exchange: exchange, routingKey: routingKey, redelivered: redelivered, properties: properties,
      body: body, tag: 0, epoch: 0)
  }
}
