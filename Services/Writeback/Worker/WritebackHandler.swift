import AMQP
import Contracts
import Domain
import JSON
import Postgres
import Store
import WorkerRuntime
import WritebackEngine

/// Tells the tenant's systems how cases and shipments ended. The first attempt is made here; what fails is tried again
/// by `DeliveryRetries`, on the ladder of the specification.
struct WritebackHandler: StageHandler {
  let stage = Stage.writeback
  let decidesOnce = true
  let carrier: Carrier
  let ladder: DeliveryLadder
  let documentAddress: String
  private let decoder = EventDecoder(accepting: [.caseDocumented, .shipmentDocumented, .shipmentHeld])

  init(carrier: Carrier, ladder: DeliveryLadder, documentAddress: String) {
    self.carrier = carrier
    self.ladder = ladder
    self.documentAddress = documentAddress
  }

  struct Loaded: Sendable {
    var subject: DeliverySubject?
    var plans: [DeliveryPlan]
  }

  struct Effect: Sendable {
    var subject: DeliverySubject
    var deliveries: [StoredDelivery]
  }

  func decode(_ delivery: Delivery) throws(Poison) -> StageMessage { try decoder.decode(delivery) }

  func load(_ messages: [StageMessage], _ tx: borrowing Transaction) throws -> [Loaded] {
    let now = SystemClock.now()
    let cases = try DeliverySubject.cases(messages.compactMap(\.caseID), documentAddress: documentAddress, tx)
    let shipments = try DeliverySubject.shipments(
      messages.compactMap(\.shipmentID), documentAddress: documentAddress, tx)
    let destinations = try DeliveryStore.destinations(tx).filter { $0.carries == .outcomes }
    let subjects = Array(cases.values) + Array(shipments.values)
    let streams = subjects.map(\.stream)
    // What is sent together may overtake: the newest of the batch supersedes the others as if it were delivered.
    let newestHere = Dictionary(subjects.map { ($0.stream, $0.sequence) }, uniquingKeysWith: max)
    var newest: [String: [String: DeliveryStore.Newest]] = [:]
    for destination in destinations {
      newest[destination.name] = try DeliveryStore.newest(streams, at: destination.name, tx)
    }
    return messages.map { message in
      let subject = message.caseID.flatMap { cases[$0] } ?? message.shipmentID.flatMap { shipments[$0] }
      guard let subject else { return Loaded(subject: nil, plans: []) }
      let plans = destinations.map { destination in
        let known = newest[destination.name]?[subject.stream]
        return DeliveryPlan(
          subject, to: destination,
          newestSequence: [known?.sequence, newestHere[subject.stream]].compactMap(\.self).max(),
          lastDelivered: known?.lastDelivered, now: now)
      }
      return Loaded(subject: subject, plans: plans)
    }
  }

  func decide(_ batch: [(StageMessage, Loaded)], now: Instant) async -> [Verdict<Effect>] {
    let sending = batch.flatMap { message, loaded -> [Carrier.Item] in
      guard let subject = loaded.subject, subject.awaitsDelivery else { return [] }
      return loaded.plans.filter(\.isSent).map {
        Carrier.Item(
          tenant: message.tenant, delivery: $0.delivery, destination: $0.destination, trace: message.trace())
      }
    }
    let outcomes = await carrier.carry(sending)
    let settledAt = SystemClock.now()
    let answered = Dictionary(zip(sending.map(\.delivery.id), outcomes)) { first, _ in first }.compactMapValues(\.self)
    return batch.map { message, loaded in
      guard let subject = loaded.subject else {
        return .park(message.type == .caseDocumented ? .caseNotFound : .shipmentNotFound)
      }
      guard subject.awaitsDelivery else { return .ignore("already delivered or moved on") }
      return .done(
        Effect(subject: subject, deliveries: loaded.plans.map { settle($0, answered[$0.delivery.id], settledAt) }))
    }
  }

  private func settle(_ plan: DeliveryPlan, _ outcome: DeliveryLadder.Outcome?, _ now: Instant) -> StoredDelivery {
    switch plan.step {
    case .settle(let state, let note): plan.settled(state, note: note, now: now)
    case .send: plan.delivery.after(outcome, ladder: ladder, now: now)
    }
  }

  func store(_ effects: [(StageMessage, Effect)], now: Instant, _ tx: borrowing Transaction) throws -> StoredEffects {
    try DeliveryStore.save(effects.flatMap(\.1.deliveries), tx)
    var stored = StoredEffects()
    for (message, effect) in effects {
      stored.audit += try Settlement.disableDestinations(effect.deliveries, of: message.tenant, now: now, tx)
    }
    stored.audit += try Settlement.apply(effects.map { ($0.1.subject, Settlement($0.1.deliveries)) }, now: now, tx)
    return stored
  }
}

extension DeliveryPlan {
  var isSent: Bool {
    guard case .send = step else { return false }
    return true
  }
}
