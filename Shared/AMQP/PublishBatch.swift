/// The messages of one `publish` call and what is known of them. Lives on the I/O thread.
final class PublishBatch {
  let messages: [OutgoingMessage]
  let arrived: ContinuousClock.Instant
  private(set) var nextIndex = 0
  private var outcomes: [PublishOutcome?]
  private var unresolved: Int
  private var completion: (([PublishOutcome]) -> Void)?

  init(
    _ messages: [OutgoingMessage], arrived: ContinuousClock.Instant, completion: @escaping ([PublishOutcome]) -> Void
  ) {
    self.messages = messages
    self.arrived = arrived
    self.completion = completion
    outcomes = Array(repeating: nil, count: messages.count)
    unresolved = messages.count
  }

  var isFinished: Bool { completion == nil }

  /// Nil when all are sent, or nobody waits for the rest any more.
  var nextToSend: OutgoingMessage? { isFinished || nextIndex == messages.count ? nil : messages[nextIndex] }

  func advance() { nextIndex += 1 }

  /// Notes an outcome; true when it was the last. One that comes after the batch was abandoned is ignored.
  func resolve(_ index: Int, _ outcome: PublishOutcome) -> Bool {
    guard !isFinished, outcomes[index] == nil else { return false }
    outcomes[index] = outcome
    unresolved -= 1
    if unresolved == 0 { complete() }
    return unresolved == 0
  }

  /// Whatever is not known by now stays `unknown`.
  func abandon() { if !isFinished { complete() } }

  private func complete() {
    completion?(outcomes.map { $0 ?? .unknown })
    completion = nil
  }
}
