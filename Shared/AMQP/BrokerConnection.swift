import CRabbitMQ
import Glibc

/// What the broker sent.
enum BrokerEvent {
  case confirmed(tag: UInt64, multiple: Bool, refused: Bool)
  case content(Content)
  case consumerCancelled(tag: String)
  case cancelOk(tag: String)
  case blocked(reason: String)
  case unblocked
  case getEmpty
}

/// The times the I/O thread may spend inside the C library.
struct ConnectionTimes {
  /// For the TCP connection and the TLS handshake, and again for the login.
  var connect: Duration = .seconds(5)
  /// For the answer to a request such as `basic.consume`; the library drops the socket beyond it.
  var request: Duration = .seconds(5)
}

/// One librabbitmq connection with its one channel, open from birth to death.
///
/// Not `Sendable`: it lives and dies on the thread that made it. Any error that it throws leaves it unusable, and the
/// owner drops it and makes a new one; nothing is salvaged in place.
final class BrokerConnection {
  static let channel: amqp_channel_t = 1
  static let frameBytesMax: Int32 = 131_072

  let raw: amqp_connection_state_t
  let pool = WirePool()
  private var assembler: ContentAssembler

  init(
    _ endpoint: AMQPEndpoint, name: String, times: ConnectionTimes = ConnectionTimes(), bodyBytesMax: Int
  ) throws(AMQPError) {
    guard let raw = amqp_new_connection() else { fatalError("out of memory") }
    self.raw = raw
    assembler = ContentAssembler(bodyBytesMax: bodyBytesMax)
    try openSocket(endpoint, times)
    try logIn(endpoint, name: name, times)
    amqp_channel_open(raw, Self.channel)
    try checkReply(to: "channel.open")
  }

  /// Closes the socket too, without farewell; see `close`.
  deinit { amqp_destroy_connection(raw) }

  var fd: Int32 { amqp_get_sockfd(raw) }

  /// Whether the kernel has room, so that a send of ordinary size does not block.
  var isWritable: Bool {
    var descriptor = pollfd(fd: fd, events: Int16(POLLOUT), revents: 0)
    return poll(&descriptor, 1, 0) == 1
  }

  /// Half the heartbeat interval: the library sends and checks heartbeats only inside its calls. Nil without heartbeats.
  var serviceInterval: Duration? {
    let seconds = amqp_get_heartbeat(raw)
    return seconds == 0 ? nil : .milliseconds(seconds * 500)
  }

  /// The next event that can be had without waiting; nil when there is none. It also services heartbeats.
  func nextEvent() throws(AMQPError) -> BrokerEvent? {
    while true {
      // Everything of the last frame has been copied out. The library ignores this within a frame.
      amqp_maybe_release_buffers(raw)
      var frame = amqp_frame_t()
      var zero = timeval(tv_sec: 0, tv_usec: 0)
      let status = amqp_simple_wait_frame_noblock(raw, &frame, &zero)
      if status == AMQP_STATUS_TIMEOUT.rawValue { return nil }
      try check(status, "receive")
      if let event = try event(of: frame) { return event }
    }
  }

  /// Waits for an event; for the one-shot connection, which has its thread to itself.
  func nextEvent(within patience: Duration) throws(AMQPError) -> BrokerEvent {
    let deadline = ContinuousClock.now + patience
    while true {
      if let event = try nextEvent() { return event }
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else { throw AMQPError(.timeout, "the broker did not answer in time") }
      var descriptor = pollfd(fd: fd, events: Int16(POLLIN), revents: 0)
      poll(&descriptor, 1, Int32(min(left.components.seconds * 1000 + 1, 1000)))
    }
  }

  func selectConfirms() throws(AMQPError) {
    amqp_confirm_select(raw, Self.channel)
    try checkReply(to: "confirm.select")
  }

  /// Per-consumer prefetch: quorum queues refuse the global kind by closing the connection.
  func consume(_ queue: String, consumerTag: String, prefetchCount: UInt16) throws(AMQPError) {
    pool.recycle()
    amqp_basic_qos(raw, Self.channel, 0, prefetchCount, 0)
    try checkReply(to: "basic.qos")
    amqp_basic_consume(raw, Self.channel, pool.bytes(queue), pool.bytes(consumerTag), 0, 0, 0, amqp_empty_table)
    try checkReply(to: "basic.consume of '\(queue)'")
  }

  /// May block until the kernel takes the bytes: call it when `isWritable`, and under the watchdog.
  func publish(_ message: OutgoingMessage) throws(AMQPError) {
    pool.recycle()
    var properties = message.properties.wire(in: pool)
    let exchange = pool.bytes(message.exchange)
    let routingKey = pool.bytes(message.routingKey)
    let status = message.body.withUnsafeBytes { body in
      // The library reads the body only; its type has no const.
      let bytes = amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress))
      return amqp_basic_publish(raw, Self.channel, exchange, routingKey, 1, 0, &properties, bytes)
    }
    try check(status, "basic.publish")
  }

  func settle(_ frame: AckCoalescer.Frame) throws(AMQPError) {
    switch frame {
    case .ack(let tag, let multiple):
      try check(amqp_basic_ack(raw, Self.channel, tag, multiple ? 1 : 0), "basic.ack")
    case .nack(let tag, let requeue):
      try check(amqp_basic_nack(raw, Self.channel, tag, 0, requeue ? 1 : 0), "basic.nack")
    }
  }

  /// Asks the broker to stop delivering; `cancelOk` follows as an event.
  func sendCancel(consumerTag: String) throws(AMQPError) {
    pool.recycle()
    var method = amqp_basic_cancel_t(consumer_tag: pool.bytes(consumerTag), nowait: 0)
    let id = amqp_method_number_t(AMQP_BASIC_CANCEL_METHOD)
    try check(amqp_send_method(raw, Self.channel, id, &method), "basic.cancel")
  }

  /// Says farewell. The channel first: its answer proves that the channel has read every ack before it.
  func close() {
    guard amqp_channel_close(raw, Self.channel, AMQP_REPLY_SUCCESS).reply_type == AMQP_RESPONSE_NORMAL else { return }
    _ = amqp_connection_close(raw, AMQP_REPLY_SUCCESS)
  }
}

extension BrokerConnection {
  private func event(of frame: amqp_frame_t) throws(AMQPError) -> BrokerEvent? {
    switch Int32(frame.frame_type) {
    case AMQP_FRAME_METHOD: return try event(of: frame.payload.method)
    case AMQP_FRAME_HEADER:
      let header = frame.payload.properties
      let properties = MessageProperties(header.decoded.load(as: amqp_basic_properties_t.self))
      return try assembler.header(properties, bodyBytes: header.body_size).map(BrokerEvent.content)
    case AMQP_FRAME_BODY:
      let fragment = frame.payload.body_fragment
      let bytes = UnsafeRawBufferPointer(start: fragment.bytes, count: fragment.len)
      return try assembler.body(bytes).map(BrokerEvent.content)
    default: return nil
    }
  }

  private func event(of method: amqp_method_t) throws(AMQPError) -> BrokerEvent? {
    switch Int32(bitPattern: method.id) {
    case Method.ack:
      let ack = method.decoded.load(as: amqp_basic_ack_t.self)
      return .confirmed(tag: ack.delivery_tag, multiple: ack.multiple != 0, refused: false)
    case Method.nack:
      let nack = method.decoded.load(as: amqp_basic_nack_t.self)
      return .confirmed(tag: nack.delivery_tag, multiple: nack.multiple != 0, refused: true)
    case Method.deliver, Method.returned, Method.getOk:
      try assembler.begin(Self.head(of: method))
      return nil
    case Method.getEmpty: return .getEmpty
    case Method.cancel:
      return .consumerCancelled(tag: String(method.decoded.load(as: amqp_basic_cancel_t.self).consumer_tag))
    case Method.cancelOk:
      return .cancelOk(tag: String(method.decoded.load(as: amqp_basic_cancel_ok_t.self).consumer_tag))
    case Method.blocked:
      return .blocked(reason: String(method.decoded.load(as: amqp_connection_blocked_t.self).reason))
    case Method.unblocked: return .unblocked
    case Method.channelClose, Method.connectionClose: throw Self.exception(method, during: "the connection")
    default: throw AMQPError(.protocolViolation, "the broker sent method \(method.id), which nobody asked for")
    }
  }

  private static func head(of method: amqp_method_t) -> ContentHead {
    switch Int32(bitPattern: method.id) {
    case Method.deliver:
      let deliver = method.decoded.load(as: amqp_basic_deliver_t.self)
      return .delivery(
        consumerTag: String(deliver.consumer_tag), tag: deliver.delivery_tag, redelivered: deliver.redelivered != 0,
        exchange: String(deliver.exchange), routingKey: String(deliver.routing_key))
    case Method.getOk:
      let get = method.decoded.load(as: amqp_basic_get_ok_t.self)
      return .fetched(
        tag: get.delivery_tag, redelivered: get.redelivered != 0, exchange: String(get.exchange),
        routingKey: String(get.routing_key))
    default:
      let returned = method.decoded.load(as: amqp_basic_return_t.self)
      return .returned(
        code: Int(returned.reply_code), text: String(returned.reply_text), exchange: String(returned.exchange),
        routingKey: String(returned.routing_key))
    }
  }

  /// The method numbers, as Swift patterns.
  enum Method {
    static let ack = AMQP_BASIC_ACK_METHOD.signed
    static let nack = AMQP_BASIC_NACK_METHOD.signed
    static let deliver = AMQP_BASIC_DELIVER_METHOD.signed
    static let returned = AMQP_BASIC_RETURN_METHOD.signed
    static let getOk = AMQP_BASIC_GET_OK_METHOD.signed
    static let getEmpty = AMQP_BASIC_GET_EMPTY_METHOD.signed
    static let cancel = AMQP_BASIC_CANCEL_METHOD.signed
    static let cancelOk = AMQP_BASIC_CANCEL_OK_METHOD.signed
    static let blocked = AMQP_CONNECTION_BLOCKED_METHOD.signed
    static let unblocked = AMQP_CONNECTION_UNBLOCKED_METHOD.signed
    static let channelClose = AMQP_CHANNEL_CLOSE_METHOD.signed
    static let connectionClose = AMQP_CONNECTION_CLOSE_METHOD.signed
  }
}

extension amqp_method_number_t {
  fileprivate var signed: Int32 { Int32(bitPattern: self) }
}

// Opening

extension BrokerConnection {
  private func openSocket(_ endpoint: AMQPEndpoint, _ times: ConnectionTimes) throws(AMQPError) {
    let socket = try endpoint.tls.map { tls throws(AMQPError) in try tlsSocket(tls) } ?? plainSocket()
    var connect = timeval(times.connect)
    var request = timeval(times.request)
    amqp_set_handshake_timeout(raw, &connect)
    amqp_set_rpc_timeout(raw, &request)
    try check(
      amqp_socket_open_noblock(socket, endpoint.host, Int32(endpoint.port), &connect),
      "connect to \(endpoint.host):\(endpoint.port)")
  }

  private func plainSocket() -> OpaquePointer {
    guard let socket = amqp_tcp_socket_new(raw) else { fatalError("out of memory") }
    return socket
  }

  /// TLS 1.2 or later; the peer's chain and name are verified. Connect by name: the library ignores IP addresses in
  /// certificates.
  private func tlsSocket(_ tls: AMQPEndpoint.TLS) throws(AMQPError) -> OpaquePointer {
    guard let socket = amqp_ssl_socket_new(raw) else { throw AMQPError(.tls, "TLS cannot be initialised") }
    amqp_ssl_socket_set_verify_peer(socket, 1)
    amqp_ssl_socket_set_verify_hostname(socket, 1)
    try check(amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST), "set TLS versions")
    guard amqp_ssl_socket_set_cacert(socket, tls.caCertificateFile) == AMQP_STATUS_OK.rawValue else {
      throw AMQPError(.tls, "the file of certificate authorities '\(tls.caCertificateFile)' cannot be read")
    }
    if let certificate = tls.certificateFile, let key = tls.keyFile {
      guard amqp_ssl_socket_set_key(socket, certificate, key) == AMQP_STATUS_OK.rawValue else {
        throw AMQPError(.tls, "the client certificate '\(certificate)' or its key cannot be read")
      }
    }
    return socket
  }

  /// Announces what this client understands. The library's own login announces neither `connection.blocked` nor consumer
  /// cancellation, and the broker would stay silent about both.
  private func logIn(_ endpoint: AMQPEndpoint, name: String, _ times: ConnectionTimes) throws(AMQPError) {
    let capabilities: FieldTable = [
      "publisher_confirms": true, "basic.nack": true, "consumer_cancel_notify": true, "connection.blocked": true,
      "authentication_failure_close": true, "per_consumer_qos": true,
    ]
    var properties = pool.table([
      "capabilities": .table(capabilities), "product": "Pabean",
      "connection_name": .string(endpoint.connectionName ?? name),
    ])
    let reply = crmq_login_plain(
      raw, endpoint.vhost, Self.frameBytesMax, Int32(endpoint.heartbeatSeconds), &properties, endpoint.user,
      endpoint.password)
    try check(reply, "log in to \(endpoint)")
    guard amqp_get_frame_max(raw) >= 4096 else {
      throw AMQPError(.protocolViolation, "the broker's frames are too small")
    }
  }
}

// Errors

extension BrokerConnection {
  func check(_ status: Int32, _ what: String) throws(AMQPError) {
    if status == AMQP_STATUS_OK.rawValue { return }
    throw AMQPError(Self.kind(of: status), "\(what): \(String(cString: amqp_error_string2(status)))")
  }

  func checkReply(to what: String) throws(AMQPError) { try check(amqp_get_rpc_reply(raw), what) }

  func check(_ reply: amqp_rpc_reply_t, _ what: String) throws(AMQPError) {
    switch reply.reply_type {
    case AMQP_RESPONSE_NORMAL: return
    case AMQP_RESPONSE_SERVER_EXCEPTION: throw Self.exception(reply.reply, during: what)
    case AMQP_RESPONSE_LIBRARY_EXCEPTION: try check(reply.library_error, what)
    default: break
    }
    throw AMQPError(.connection, "\(what): the broker closed the connection")
  }

  private static func exception(_ method: amqp_method_t, during what: String) -> AMQPError {
    let (code, text) =
      if Int32(bitPattern: method.id) == Method.channelClose {
        { ($0.reply_code, String($0.reply_text)) }(method.decoded.load(as: amqp_channel_close_t.self))
      } else {
        { ($0.reply_code, String($0.reply_text)) }(method.decoded.load(as: amqp_connection_close_t.self))
      }
    // 403 and 530 during the login mean the credentials and the virtual host; later they mean a right on one object.
    let isLogin = what.hasPrefix("log in") || what == "channel.open"
    let kind: AMQPError.Kind = isLogin && (code == 403 || code == 530) ? .authentication : .refusedByBroker
    return AMQPError(kind, "\(what): \(code) \(text)", replyCode: Int(code))
  }

  private static func kind(of status: Int32) -> AMQPError.Kind {
    switch status {
    case AMQP_STATUS_TIMEOUT.rawValue, AMQP_STATUS_HEARTBEAT_TIMEOUT.rawValue: .timeout
    case AMQP_STATUS_SSL_ERROR.rawValue, AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED.rawValue,
      AMQP_STATUS_SSL_PEER_VERIFY_FAILED.rawValue, AMQP_STATUS_SSL_CONNECTION_FAILED.rawValue:
      .tls
    case AMQP_STATUS_BAD_AMQP_DATA.rawValue, AMQP_STATUS_UNKNOWN_CLASS.rawValue, AMQP_STATUS_UNKNOWN_METHOD.rawValue,
      AMQP_STATUS_UNEXPECTED_STATE.rawValue, AMQP_STATUS_WRONG_METHOD.rawValue,
      AMQP_STATUS_INCOMPATIBLE_AMQP_VERSION.rawValue:
      .protocolViolation
    default: .connection
    }
  }
}

extension timeval {
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
  }
}
