/// The method of a message on its way in.
enum ContentHead: Equatable {
  case delivery(consumerTag: String, tag: UInt64, redelivered: Bool, exchange: String, routingKey: String)
  case returned(code: Int, text: String, exchange: String, routingKey: String)
  case fetched(tag: UInt64, redelivered: Bool, exchange: String, routingKey: String)
}

/// A message that has arrived whole.
struct Content {
  let head: ContentHead
  let properties: MessageProperties
  let body: [UInt8]
  /// Over the limit: the body was skipped, never buffered.
  let isOversize: Bool
}

/// Puts method, header and body frames together. The C library's own reader waits for the rest of a message inside the
/// call, up to two heartbeats when the broker stalls within it; this one waits in the poll loop.
struct ContentAssembler {
  private struct Partial {
    let head: ContentHead
    var properties: MessageProperties?
    var bytesLeft: UInt64 = 0
    var body: [UInt8] = []
    var isOversize = false
  }

  let bodyBytesMax: Int
  private var partial: Partial?

  init(bodyBytesMax: Int) { self.bodyBytesMax = bodyBytesMax }

  var isIdle: Bool { partial == nil }

  mutating func begin(_ head: ContentHead) throws(AMQPError) {
    guard partial == nil else { throw Self.unexpected("a method within a message") }
    partial = Partial(head: head)
  }

  /// The header frame; the content when the body is empty.
  mutating func header(_ properties: MessageProperties, bodyBytes: UInt64) throws(AMQPError) -> Content? {
    guard partial != nil, partial?.properties == nil else { throw Self.unexpected("a header without a method") }
    partial?.properties = properties
    partial?.bytesLeft = bodyBytes
    if bodyBytes > UInt64(bodyBytesMax) {
      partial?.isOversize = true
    } else {
      partial?.body.reserveCapacity(Int(bodyBytes))
    }
    return finishIfWhole()
  }

  /// A body frame; the content when it was the last.
  mutating func body(_ fragment: UnsafeRawBufferPointer) throws(AMQPError) -> Content? {
    guard let current = partial, current.properties != nil, UInt64(fragment.count) <= current.bytesLeft else {
      throw Self.unexpected("a body without a header, or beyond its length")
    }
    partial?.bytesLeft -= UInt64(fragment.count)
    if !current.isOversize { partial?.body.append(contentsOf: fragment) }
    return finishIfWhole()
  }

  private mutating func finishIfWhole() -> Content? {
    guard let whole = partial, whole.bytesLeft == 0, let properties = whole.properties else { return nil }
    partial = nil
    return Content(head: whole.head, properties: properties, body: whole.body, isOversize: whole.isOversize)
  }

  private static func unexpected(_ what: String) -> AMQPError {
    AMQPError(.protocolViolation, "the broker sent \(what)")
  }
}
