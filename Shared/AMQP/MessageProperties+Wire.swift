import CRabbitMQ

extension MessageProperties {
  /// The C form; valid until the pool is recycled.
  func wire(in pool: WirePool) -> amqp_basic_properties_t {
    var wire = amqp_basic_properties_t()
    func set(_ text: String?, _ flag: Int32, _ field: WritableKeyPath<amqp_basic_properties_t, amqp_bytes_t>) {
      guard let text else { return }
      wire._flags |= amqp_flags_t(flag)
      wire[keyPath: field] = pool.bytes(text)
    }
    set(contentType, AMQP_BASIC_CONTENT_TYPE_FLAG, \.content_type)
    set(contentEncoding, AMQP_BASIC_CONTENT_ENCODING_FLAG, \.content_encoding)
    set(messageID, AMQP_BASIC_MESSAGE_ID_FLAG, \.message_id)
    set(correlationID, AMQP_BASIC_CORRELATION_ID_FLAG, \.correlation_id)
    set(replyTo, AMQP_BASIC_REPLY_TO_FLAG, \.reply_to)
    set(type, AMQP_BASIC_TYPE_FLAG, \.type)
    set(appID, AMQP_BASIC_APP_ID_FLAG, \.app_id)
    set(userID, AMQP_BASIC_USER_ID_FLAG, \.user_id)
    set(expiration, AMQP_BASIC_EXPIRATION_FLAG, \.expiration)
    wire._flags |= amqp_flags_t(AMQP_BASIC_DELIVERY_MODE_FLAG)
    wire.delivery_mode = persistent ? 2 : 1
    if let priority {
      wire._flags |= amqp_flags_t(AMQP_BASIC_PRIORITY_FLAG)
      wire.priority = priority
    }
    if let timestampSeconds {
      wire._flags |= amqp_flags_t(AMQP_BASIC_TIMESTAMP_FLAG)
      wire.timestamp = UInt64(bitPattern: timestampSeconds)
    }
    if !headers.isEmpty {
      wire._flags |= amqp_flags_t(AMQP_BASIC_HEADERS_FLAG)
      wire.headers = pool.table(headers)
    }
    return wire
  }

  init(_ wire: amqp_basic_properties_t) {
    func has(_ flag: Int32) -> Bool { wire._flags & amqp_flags_t(flag) != 0 }
    func text(_ flag: Int32, _ bytes: amqp_bytes_t) -> String? { has(flag) ? String(bytes) : nil }
    self.init(
      contentType: text(AMQP_BASIC_CONTENT_TYPE_FLAG, wire.content_type),
      contentEncoding: text(AMQP_BASIC_CONTENT_ENCODING_FLAG, wire.content_encoding),
      messageID: text(AMQP_BASIC_MESSAGE_ID_FLAG, wire.message_id),
      correlationID: text(AMQP_BASIC_CORRELATION_ID_FLAG, wire.correlation_id),
      replyTo: text(AMQP_BASIC_REPLY_TO_FLAG, wire.reply_to),
      type: text(AMQP_BASIC_TYPE_FLAG, wire.type),
      appID: text(AMQP_BASIC_APP_ID_FLAG, wire.app_id),
      userID: text(AMQP_BASIC_USER_ID_FLAG, wire.user_id),
      timestampSeconds: has(AMQP_BASIC_TIMESTAMP_FLAG) ? Int64(bitPattern: wire.timestamp) : nil,
      expiration: text(AMQP_BASIC_EXPIRATION_FLAG, wire.expiration),
      priority: has(AMQP_BASIC_PRIORITY_FLAG) ? wire.priority : nil,
      headers: has(AMQP_BASIC_HEADERS_FLAG) ? FieldTable(wire.headers) : [:],
      persistent: has(AMQP_BASIC_DELIVERY_MODE_FLAG) && wire.delivery_mode == 2)
  }
}
