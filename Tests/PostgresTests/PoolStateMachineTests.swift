import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(1)))
struct PoolStateMachineTests {
  private func machine(capacity: Int = 2, waitingMax: Int = 10) -> PoolStateMachine {
    PoolStateMachine(capacity: capacity, waitingMax: waitingMax, acquireTimeout: .seconds(5))
  }

  @Test func aCallerGetsTheConnectionOpenedForIt() {
    var pool = machine()
    #expect(pool.acquire(1, now: .zero) == [.open(1), .wake(at: .seconds(5))])
    #expect(pool.opened(1, now: .zero) == [.lease(1, to: 1)])
    #expect(pool.release(1, isReusable: true, now: .zero) == [])
    #expect(pool.acquire(2, now: .zero) == [.lease(1, to: 2)])
  }

  @Test func theCallerThatWaitedLongestIsServedFirst() {
    var pool = machine(capacity: 1)
    _ = pool.acquire(1, now: .zero)
    _ = pool.acquire(2, now: .zero)
    #expect(pool.acquire(3, now: .zero) == [.wake(at: .seconds(5))])
    #expect(pool.opened(1, now: .zero) == [.lease(1, to: 1)])
    #expect(pool.release(1, isReusable: true, now: .zero) == [.lease(1, to: 2)])
    #expect(pool.release(1, isReusable: true, now: .zero) == [.lease(1, to: 3)])
  }

  @Test func aBrokenConnectionIsReplacedForThoseWhoWait() {
    var pool = machine(capacity: 1)
    _ = pool.acquire(1, now: .zero)
    _ = pool.opened(1, now: .zero)
    _ = pool.acquire(2, now: .zero)
    #expect(pool.release(1, isReusable: false, now: .zero) == [.close(1)])
    #expect(pool.closed(1, now: .zero) == [.open(2)])
    #expect(pool.opened(2, now: .zero) == [.lease(2, to: 2)])
  }

  @Test func callersFailAtTheirDeadline() {
    var pool = machine(capacity: 1)
    _ = pool.acquire(1, now: .zero)
    _ = pool.opened(1, now: .zero)
    _ = pool.acquire(2, now: .seconds(1))
    _ = pool.acquire(3, now: .seconds(2))
    #expect(pool.timeElapsed(now: .seconds(5)) == [.wake(at: .seconds(6))])
    #expect(pool.timeElapsed(now: .seconds(6)) == [.fail(2, .exhausted), .wake(at: .seconds(7))])
    #expect(pool.timeElapsed(now: .seconds(7)) == [.fail(3, .exhausted)])
  }

  @Test func theQueueIsBounded() {
    var pool = machine(capacity: 1, waitingMax: 1)
    _ = pool.acquire(1, now: .zero)
    #expect(pool.acquire(2, now: .zero) == [.fail(2, .exhausted)])
  }

  @Test func aFailedConnectIsRepeatedAfterAPauseByOneConnection() {
    var pool = machine(capacity: 3)
    _ = pool.acquire(1, now: .zero)
    _ = pool.acquire(2, now: .zero)
    #expect(
      pool.openFailed(1, isPermanent: false, jitter: 0, now: .zero) == [.wake(at: .milliseconds(100))])
    _ = pool.openFailed(2, isPermanent: false, jitter: 0, now: .zero)
    #expect(pool.timeElapsed(now: .milliseconds(100)) == [.wake(at: .milliseconds(200)), .wake(at: .seconds(5))])
    #expect(pool.timeElapsed(now: .milliseconds(200)) == [.open(3), .wake(at: .seconds(5))])
    #expect(pool.opened(3, now: .milliseconds(200)) == [.lease(3, to: 1), .open(4)])
  }

  @Test func aRefusedLoginFailsAllWhoWait() {
    var pool = machine()
    _ = pool.acquire(1, now: .zero)
    _ = pool.acquire(2, now: .zero)
    #expect(
      pool.openFailed(1, isPermanent: true, jitter: 0, now: .zero) == [
        .fail(1, .cannotConnect), .fail(2, .cannotConnect),
      ])
  }

  @Test func callersLearnWhyThereIsNoConnection() {
    var pool = machine()
    _ = pool.acquire(1, now: .zero)
    _ = pool.openFailed(1, isPermanent: false, jitter: 0, now: .zero)
    #expect(pool.timeElapsed(now: .seconds(5)) == [.fail(1, .cannotConnect)])
  }

  @Test func aConnectionWhoseCallerLeftIsKept() {
    var pool = machine()
    _ = pool.acquire(1, now: .zero)
    #expect(pool.cancel(1) == [.fail(1, .cancelled)])
    #expect(pool.cancel(1) == [])
    #expect(pool.opened(1, now: .zero) == [])
    #expect(pool.state == PoolState(open: 1, idle: 1))
  }

  @Test func aClosedPoolDropsItsIdleConnections() {
    var pool = machine()
    _ = pool.acquire(1, now: .zero)
    _ = pool.opened(1, now: .zero)
    _ = pool.release(1, isReusable: true, now: .zero)
    #expect(pool.close() == [.close(1)])
    #expect(pool.closed(1, now: .zero) == [.drained])
    #expect(pool.close() == [.drained])
  }

  @Test func backoffDoublesUpToFiveSeconds() {
    let pauses = (1...8).map { PoolStateMachine.backoff(failuresInRow: $0, jitter: 0) }
    #expect(pauses.prefix(3) == [.milliseconds(100), .milliseconds(200), .milliseconds(400)])
    #expect(pauses.last == .seconds(5))
    #expect(PoolStateMachine.backoff(failuresInRow: 1000, jitter: 1) == .milliseconds(2500))
  }

  @Test func closingEndsWithNothingLeft() {
    var pool = machine(capacity: 3)
    for waiter in 1...3 { _ = pool.acquire(waiter, now: .zero) }
    _ = pool.opened(1, now: .zero)
    _ = pool.opened(2, now: .zero)
    #expect(pool.close() == [.fail(3, .closed)])
    #expect(pool.acquire(4, now: .zero) == [.fail(4, .closed)])
    #expect(pool.opened(3, now: .zero) == [.close(3)])
    #expect(pool.release(1, isReusable: true, now: .zero) == [.close(1)])
    #expect(pool.release(2, isReusable: true, now: .zero) == [.close(2)])
    #expect(pool.closed(1, now: .zero) == [])
    #expect(pool.closed(2, now: .zero) == [])
    #expect(pool.closed(3, now: .zero) == [.drained])
  }

  @Test func noInterleavingLosesACallerOrAConnection() {
    for seed in 0..<3000 as Range<UInt64> {
      var simulation = PoolSimulation(seed: seed)
      simulation.run()
      if let violation = simulation.violation {
        Issue.record("seed \(seed): \(violation)")
        return
      }
    }
  }
}

/// Plays the pool's surroundings at random, and checks what must hold whatever happens.
private struct PoolSimulation {
  private let capacity: Int
  private let waitingMax: Int
  private let acquireTimeout = Duration.seconds(5)
  private var random: SeededGenerator
  private var machine: PoolStateMachine
  private var now = Duration.zero
  private var wakeAt: Duration?
  private var nextWaiter = 0
  private var waiting: [Int: Duration] = [:]
  private var opening: Set<Int> = []
  private var leased: Set<Int> = []
  private var idle: Set<Int> = []
  private var closing: Set<Int> = []
  private var isClosed = false
  private var isDrained = false
  private(set) var violation: String?

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    capacity = Int.random(in: 1...4, using: &random)
    waitingMax = Int.random(in: 0...6, using: &random)
    machine = PoolStateMachine(capacity: capacity, waitingMax: waitingMax, acquireTimeout: acquireTimeout)
  }

  mutating func run() {
    for _ in 0..<80 where violation == nil { step() }
    close()
    while violation == nil, !isDrained, step(ending: true) {}
    check(isDrained, "the closed pool never drained")
    check(waiting.isEmpty, "callers were forgotten")
  }

  @discardableResult
  private mutating func step(ending: Bool = false) -> Bool {
    switch Int.random(in: ending ? 3...8 : 0...9, using: &random) {
    case 0, 1, 2:
      nextWaiter += 1
      waiting[nextWaiter] = now + acquireTimeout
      perform(machine.acquire(nextWaiter, now: now))
    case 3, 4:
      guard let connection = leased.randomElement(using: &random) else { break }
      leased.remove(connection)
      idle.insert(connection)
      perform(machine.release(connection, isReusable: Bool.random(using: &random), now: now))
    case 5:
      guard let connection = opening.randomElement(using: &random) else { break }
      opening.remove(connection)
      idle.insert(connection)
      perform(machine.opened(connection, now: now))
    case 6:
      guard let connection = opening.randomElement(using: &random) else { break }
      opening.remove(connection)
      let isPermanent = Int.random(in: 0..<4, using: &random) == 0
      perform(machine.openFailed(connection, isPermanent: isPermanent, jitter: 0.5, now: now))
    case 7:
      guard let connection = closing.randomElement(using: &random) else { break }
      closing.remove(connection)
      perform(machine.closed(connection, now: now))
    case 8:
      guard let waiter = waiting.keys.sorted().randomElement(using: &random), !ending else { break }
      perform(machine.cancel(waiter))
      check(waiting[waiter] == nil, "a cancelled caller still waits")
    default: passTime()
    }
    checkCounts()
    return true
  }

  private mutating func passTime() {
    now += .milliseconds(Int.random(in: 1...3000, using: &random))
    if let wakeAt, wakeAt <= now {
      self.wakeAt = nil
      perform(machine.timeElapsed(now: now))
      check(waiting.values.allSatisfy { $0 > now }, "a caller waits beyond its deadline")
    }
  }

  private mutating func close() {
    isClosed = true
    perform(machine.close())
    check(waiting.isEmpty, "callers wait for a closed pool")
  }

  private mutating func perform(_ actions: [PoolStateMachine.Action]) {
    for action in actions {
      switch action {
      case .lease(let connection, let waiter):
        check(idle.remove(connection) != nil, "connection \(connection) leased twice")
        check(waiting.removeValue(forKey: waiter) != nil, "caller \(waiter) served twice")
        leased.insert(connection)
      case .open(let connection):
        check(!isClosed, "a closed pool connects")
        opening.insert(connection)
      case .close(let connection):
        check(idle.remove(connection) != nil, "a connection in use was closed")
        closing.insert(connection)
      case .fail(let waiter, _):
        check(waiting.removeValue(forKey: waiter) != nil, "caller \(waiter) failed twice")
      case .wake(let time): wakeAt = min(wakeAt ?? time, time)
      case .drained:
        check(opening.isEmpty && leased.isEmpty && idle.isEmpty && closing.isEmpty, "drained too early")
        isDrained = true
      }
    }
  }

  private mutating func checkCounts() {
    let total = opening.count + leased.count + idle.count + closing.count
    check(total <= capacity, "\(total) connections of \(capacity)")
    check(waiting.isEmpty || idle.isEmpty, "callers wait beside an idle connection")
    check(waiting.isEmpty || wakeAt != nil, "callers wait and nobody wakes the pool")
    check(
      machine.state
        == PoolState(
          open: idle.count + leased.count, idle: idle.count, leased: leased.count, opening: opening.count,
          waiting: waiting.count),
      "the counts are wrong")
  }

  private mutating func check(_ condition: Bool, _ message: String) {
    if !condition, violation == nil { violation = message }
  }
}
