import CRabbitMQ

/// Requests that wait for their answer on the calling thread, no longer than the request time.
extension BrokerConnection {
  func declareExchange(_ name: String, type: String, durable: Bool, arguments: FieldTable) throws(AMQPError) {
    pool.recycle()
    amqp_exchange_declare(
      raw, Self.channel, pool.bytes(name), pool.bytes(type), 0, durable ? 1 : 0, 0, 0, pool.table(arguments))
    try checkReply(to: "declare exchange '\(name)'")
  }

  func declareQueue(
    _ name: String, durable: Bool, exclusive: Bool, autoDelete: Bool, arguments: FieldTable
  ) throws(AMQPError) {
    pool.recycle()
    amqp_queue_declare(
      raw, Self.channel, pool.bytes(name), 0, durable ? 1 : 0, exclusive ? 1 : 0, autoDelete ? 1 : 0,
      pool.table(arguments))
    try checkReply(to: "declare queue '\(name)'")
  }

  func bind(queue: String, exchange: String, routingKey: String, arguments: FieldTable) throws(AMQPError) {
    pool.recycle()
    amqp_queue_bind(
      raw, Self.channel, pool.bytes(queue), pool.bytes(exchange), pool.bytes(routingKey), pool.table(arguments))
    try checkReply(to: "bind queue '\(queue)' to '\(exchange)'")
  }

  func unbind(queue: String, exchange: String, routingKey: String, arguments: FieldTable) throws(AMQPError) {
    pool.recycle()
    amqp_queue_unbind(
      raw, Self.channel, pool.bytes(queue), pool.bytes(exchange), pool.bytes(routingKey), pool.table(arguments))
    try checkReply(to: "unbind queue '\(queue)' from '\(exchange)'")
  }

  func purge(_ queue: String) throws(AMQPError) -> Int {
    pool.recycle()
    let answer = amqp_queue_purge(raw, Self.channel, pool.bytes(queue))
    try checkReply(to: "purge queue '\(queue)'")
    return Int(answer?.pointee.message_count ?? 0)
  }

  func deleteQueue(_ name: String) throws(AMQPError) {
    pool.recycle()
    amqp_queue_delete(raw, Self.channel, pool.bytes(name), 0, 0)
    try checkReply(to: "delete queue '\(name)'")
  }

  func deleteExchange(_ name: String) throws(AMQPError) {
    pool.recycle()
    amqp_exchange_delete(raw, Self.channel, pool.bytes(name), 0)
    try checkReply(to: "delete exchange '\(name)'")
  }

  /// A passive declaration, which needs no right to configure.
  func counts(_ queue: String) throws(AMQPError) -> (messages: Int, consumers: Int) {
    pool.recycle()
    let answer = amqp_queue_declare(raw, Self.channel, pool.bytes(queue), 1, 0, 0, 0, amqp_empty_table)
    try checkReply(to: "look at queue '\(queue)'")
    return (Int(answer?.pointee.message_count ?? 0), Int(answer?.pointee.consumer_count ?? 0))
  }

  /// `basic.get`; the message or `getEmpty` follows as an event.
  func requestMessage(_ queue: String) throws(AMQPError) {
    pool.recycle()
    var method = amqp_basic_get_t(ticket: 0, queue: pool.bytes(queue), no_ack: 0)
    let id = amqp_method_number_t(AMQP_BASIC_GET_METHOD)
    try check(amqp_send_method(raw, Self.channel, id, &method), "get from queue '\(queue)'")
  }
}
