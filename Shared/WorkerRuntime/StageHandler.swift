import AMQP
import Contracts
import Domain
import Postgres
import Store

/// One decision step of the flow. The runner calls it in this order for each batch and owns everything around it:
/// transactions, inbox, outbox, retries, parking, acknowledgement.
public protocol StageHandler: Sendable {
  associatedtype Loaded: Sendable
  associatedtype Effect: Sendable

  var stage: Stage { get }

  /// Deciding reaches outside, so it is not done again where only storing what was decided has to wait. What is pure is
  /// decided anew from what is there then.
  var decidesOnce: Bool { get }

  func decode(_ delivery: Delivery) throws(Poison) -> StageMessage

  /// What does not belong to one tenant and may have changed since the last batch, such as a model or a market pack.
  func refresh(_ tx: borrowing Transaction) throws

  /// Reads what the decisions need, in one transaction and within the messages' tenant. One result for each message, in
  /// their order.
  func load(_ messages: [StageMessage], _ tx: borrowing Transaction) throws -> [Loaded]

  /// Pure, except in write-back, whose decision is the receiver's answer.
  func decide(_ batch: [(StageMessage, Loaded)], now: Instant) async -> [Verdict<Effect>]

  /// Stores the effects of one tenant's messages, and says what must be sent and audited because of them.
  func store(_ effects: [(StageMessage, Effect)], now: Instant, _ tx: borrowing Transaction) throws -> StoredEffects
}

extension StageHandler {
  public var decidesOnce: Bool { false }

  public func refresh(_ tx: borrowing Transaction) throws {}
}

/// What storing a batch led to.
public struct StoredEffects: Sendable {
  public var messages: [Outbox.Message] = []
  public var audit: [AuditLog.Entry] = []

  public init() {}

  public mutating func add(_ other: StoredEffects) {
    messages += other.messages
    audit += other.audit
  }
}
