import Testing

@testable import AMQP

@Suite("Connecting and recovering")
struct ConnectionStateMachineTests {
  private let epoch = ContinuousClock.now
  private let error = AMQPError(.connection, "gone")

  private func makeMachine(_ seed: UInt64 = 1) -> ConnectionStateMachine<SeededRandom> {
    ConnectionStateMachine(random: SeededRandom(seed))
  }

  @Test("waits double from half a second to thirty, each within a fifth", arguments: 0..<50 as Range<UInt64>)
  func backOff(seed: UInt64) {
    var random = SeededRandom(seed)
    var backOff = BackOff()
    for exact in [0.5, 1, 2, 4, 8, 16, 30, 30, 30] {
      let wait = backOff.next(using: &random)
      #expect(wait >= .seconds(exact * 0.799))
      #expect(wait <= .seconds(exact * 1.201))
    }
    backOff.reset()
    #expect(backOff.next(using: &random) <= .seconds(0.601))
  }

  @Test("a thousand failures do not overflow the wait")
  func manyFailures() {
    var random = SeededRandom(1)
    var backOff = BackOff()
    for _ in 0..<1000 { #expect(backOff.next(using: &random) <= .seconds(36.1)) }
  }

  @Test("connects at once after the start, and shows each stage")
  func stages() {
    var machine = makeMachine()
    #expect(machine.shown == .closed)
    #expect(machine.nextAttempt == nil)
    machine.start(now: epoch)
    #expect(machine.nextAttempt == epoch)
    #expect(machine.shown == .connecting)
    machine.opened(now: epoch)
    #expect(machine.shown == .open)
    #expect(machine.nextAttempt == nil)
    machine.blocked(reason: "memory")
    #expect(machine.shown == .blocked(reason: "memory"))
    machine.unblocked()
    #expect(machine.shown == .open)
    machine.failed(error, now: epoch)
    #expect(machine.shown == .failed(error))
    machine.stop()
    #expect(machine.shown == .closed)
    #expect(machine.nextAttempt == nil)
  }

  @Test("only a connection that lived begins the back-off afresh")
  func stability() throws {
    var machine = makeMachine()
    var now = epoch
    machine.start(now: now)
    for _ in 0..<10 {
      now = try #require(machine.nextAttempt)
      machine.opened(now: now)
      machine.failed(error, now: now)
    }
    #expect(now.duration(to: try #require(machine.nextAttempt)) >= .seconds(24))
    now = try #require(machine.nextAttempt)
    machine.opened(now: now)
    now += .seconds(6)
    machine.failed(error, now: now)
    #expect(now.duration(to: try #require(machine.nextAttempt)) < .seconds(0.61))
  }

  @Test("holds its invariants over random events", arguments: 0..<300 as Range<UInt64>)
  func randomEvents(seed: UInt64) {
    var random = SeededRandom(seed)
    var machine = makeMachine(seed)
    var now = epoch
    var epochs: UInt64 = 0
    for _ in 0..<200 {
      now += .milliseconds(Int.random(in: 0..<3000, using: &random))
      let wasWaiting = machine.nextAttempt != nil
      switch Int.random(in: 0..<6, using: &random) {
      case 0: machine.start(now: now)
      case 1:
        machine.opened(now: now)
        if wasWaiting { epochs += 1 }
        #expect(machine.isOpen || !wasWaiting)
      case 2: machine.failed(error, now: now)
      case 3: machine.blocked(reason: "x")
      case 4: machine.unblocked()
      default: machine.stop()
      }
      #expect(machine.epoch == epochs)
      #expect([machine.isOpen, machine.isIdle, machine.nextAttempt != nil].count { $0 } == 1)
      #expect(!machine.isBlocked || machine.isOpen)
      if let next = machine.nextAttempt { #expect(now.duration(to: next) <= .seconds(36)) }
    }
  }
}
