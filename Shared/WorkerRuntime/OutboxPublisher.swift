import AMQP
import Observability
import Postgres
import Store

/// Publishes what a transaction committed, until the broker has confirmed it all.
public struct OutboxPublisher: Sendable {
  private let publisher: AMQPPublisher
  private let log: Log

  public init(publisher: AMQPPublisher, log: Log) {
    self.publisher = publisher
    self.log = log
  }

  /// Repeats what was not confirmed; a message that arrives twice is recognised by its id.
  /// - Returns: the rows that may be forgotten. Rows that no queue takes stay, for maintenance to try again and report.
  public func publish(_ rows: [Outbox.Stored]) async -> [Int64] {
    var waiting = rows
    var confirmed: [Int64] = []
    var pause = Duration.milliseconds(100)
    while !waiting.isEmpty {
      let outcomes = await publisher.publish(waiting.map(\.message.outgoing))
      var again: [Outbox.Stored] = []
      for (row, outcome) in zip(waiting, outcomes) {
        switch outcome {
        case .confirmed: confirmed.append(row.seq)
        case .returned(_, let text): logUnroutable(row, text)
        case .refused, .unknown: again.append(row)
        }
      }
      waiting = again
      guard !waiting.isEmpty else { break }
      if Task.isCancelled { break }
      log.warning("messages not confirmed, sending again", ["count": .integer(waiting.count)])
      try? await Task.sleep(for: pause)
      pause = min(pause * 2, .seconds(5))
    }
    return confirmed
  }

  private func logUnroutable(_ row: Outbox.Stored, _ text: String) {
    log.error(
      "no queue takes the message",
      [
        "exchange": .string(row.message.exchange), "routing_key": .string(row.message.routingKey),
        "broker": .string(text),
      ])
  }
}
