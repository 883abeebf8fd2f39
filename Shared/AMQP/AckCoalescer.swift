/// The deliveries of one channel and their verdicts, turned into as few frames as AMQP allows.
///
/// Acks that reach back to the oldest unsettled delivery go out as one `multiple` ack; the others singly. Nacks go
/// first, so that a `multiple` ack behind them never covers a delivery that was to be returned.
struct AckCoalescer {
  enum Verdict: Sendable { case acknowledge, requeue, reject }

  enum Frame: Equatable {
    case ack(tag: UInt64, multiple: Bool)
    case nack(tag: UInt64, requeue: Bool)
  }

  private enum Status { case unsettled, acknowledged, settled }

  /// Status by tag, beginning at `oldestTag`; the settled ones in front are dropped.
  private var statuses: ArraySlice<Status> = []
  private var oldestTag: UInt64 = 1
  private var acknowledged: [UInt64] = []
  private var nacked: [(tag: UInt64, requeue: Bool)] = []

  /// Delivered and without a verdict, or with one that is not flushed.
  var isIdle: Bool { acknowledged.isEmpty && nacked.isEmpty }

  /// The broker counts tags up from 1, without gaps.
  mutating func delivered(tag: UInt64) {
    precondition(tag == oldestTag + UInt64(statuses.count), "delivery tags are consecutive")
    statuses.append(.unsettled)
  }

  /// Notes a verdict. A second one for the same delivery is ignored: the broker would close the channel.
  mutating func settle(tag: UInt64, _ verdict: Verdict) {
    guard tag >= oldestTag, tag < oldestTag + UInt64(statuses.count) else { return }
    let index = statuses.startIndex + Int(tag - oldestTag)
    guard statuses[index] == .unsettled else { return }
    switch verdict {
    case .acknowledge:
      statuses[index] = .acknowledged
      acknowledged.append(tag)
    case .requeue, .reject:
      statuses[index] = .settled
      nacked.append((tag, verdict == .requeue))
    }
  }

  /// The frames to send now, in this order.
  mutating func flush() -> [Frame] {
    if isIdle { return [] }
    var frames = nacked.sorted { $0.tag < $1.tag }.map { Frame.nack(tag: $0.tag, requeue: $0.requeue) }
    let covered = settlePrefix()
    if let covered { frames.append(.ack(tag: covered.tag, multiple: covered.count > 1)) }
    for tag in acknowledged.sorted() where tag > covered?.tag ?? 0 {
      statuses[statuses.startIndex + Int(tag - oldestTag)] = .settled
      frames.append(.ack(tag: tag, multiple: false))
    }
    dropSettled()
    acknowledged.removeAll(keepingCapacity: true)
    nacked.removeAll(keepingCapacity: true)
    return frames
  }

  /// The run without unsettled deliveries at the front: its last acknowledged tag, and how many acks it spares.
  private mutating func settlePrefix() -> (tag: UInt64, count: Int)? {
    var last: UInt64 = 0
    var count = 0
    for index in statuses.indices {
      if statuses[index] == .unsettled { break }
      guard statuses[index] == .acknowledged else { continue }
      statuses[index] = .settled
      last = oldestTag + UInt64(index - statuses.startIndex)
      count += 1
    }
    return count == 0 ? nil : (last, count)
  }

  private mutating func dropSettled() {
    let settled = statuses.prefix { $0 == .settled }.count
    oldestTag += UInt64(settled)
    statuses = statuses.dropFirst(settled)
    if statuses.startIndex > 4096, statuses.startIndex > statuses.count { statuses = ArraySlice(Array(statuses)) }
  }
}
