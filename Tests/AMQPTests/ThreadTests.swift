import Glibc
import IOThread
import Synchronization
import Testing

@testable import AMQP

@Suite("I/O threads", .timeLimit(.minutes(1)))
struct ThreadTests {
  private final class Journal: Sendable {
    let entries = Mutex<[Int]>([])
    let refused = Mutex<[Int]>([])
    let turns = Mutex(0)
  }

  /// Notes the commands, and is finished after a negative one.
  private struct Noting: PollLoopService {
    let journal: Journal
    var deadline: ContinuousClock.Instant?
    var isFinished = false

    mutating func handle(_ commands: [Int]) {
      journal.entries.withLock { $0 += commands }
      if commands.contains(where: { $0 < 0 }) { isFinished = true }
    }

    mutating func turn() -> PollLoopWait {
      journal.turns.withLock { $0 += 1 }
      defer { deadline = nil }
      return isFinished ? .finished : .until(deadline: deadline, fd: -1, writable: false)
    }

    mutating func refuse(_ commands: [Int]) { journal.refused.withLock { $0 += commands } }
  }

  @Test("every command is handled once and in order, or refused")
  func commands() async {
    for _ in 0..<50 {
      let journal = Journal()
      let loop = PollLoop<Int>(name: "test")
      loop.start { Noting(journal: journal) }
      let (taken, refused) = await withTaskGroup(of: (Bool, Int).self) { group in
        for command in 1...200 { group.addTask { (loop.submit(command == 100 ? -100 : command), command) } }
        var counts = (taken: 0, refused: 0)
        for await (wasTaken, _) in group { if wasTaken { counts.taken += 1 } else { counts.refused += 1 } }
        return counts
      }
      await loop.finished()
      await loop.finished()
      let handled = journal.entries.withLock { $0.count } + journal.refused.withLock { $0.count }
      #expect(handled == taken)
      #expect(taken + refused == 200)
      #expect(!loop.submit(1))
    }
  }

  @Test("an idle loop takes no turns, and a deadline gives one")
  func idle() async throws {
    let journal = Journal()
    let loop = PollLoop<Int>(name: "test")
    loop.start { Noting(journal: journal, deadline: .now + .milliseconds(30)) }
    try await eventually("the deadline passes") { journal.turns.withLock { $0 } == 2 }
    for command in 1...3 {
      #expect(loop.submit(command))
      try await eventually("it is handled") { journal.entries.withLock { $0.count } == command }
    }
    // One more turn per command, as none came while another was handled.
    #expect(journal.turns.withLock { $0 } <= 5)
    _ = loop.submit(-1)
    await loop.finished()
  }

  @Test("the watchdog shuts down the socket of a turn that is stuck, and of no other")
  func watchdog() async throws {
    let watchdog = SendWatchdog(patience: .milliseconds(50))
    var stuck: [Int32] = [0, 0]
    var idle: [Int32] = [0, 0]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &stuck)
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &idle)
    defer { for fd in stuck + idle { close(fd) } }
    for _ in 0..<3 { watchdog.guarding(idle[0]) {} }
    var byte: UInt8 = 0
    // Blocks for ever, were it not for the watchdog.
    let count = watchdog.guarding(stuck[0]) { read(stuck[0], &byte, 1) }
    #expect(count == 0)
    #expect(write(idle[0], &byte, 1) == 1)
  }

  @Test("a queue on an array keeps order over random appends and takes", arguments: 0..<50 as Range<UInt64>)
  func fifo(seed: UInt64) {
    var random = SeededRandom(seed)
    var queue = FIFO<Int>()
    var model: [Int] = []
    for value in 0..<2000 {
      if Int.random(in: 0..<5, using: &random) < 3 {
        queue.append(value)
        model.append(value)
      } else {
        #expect(queue.first == model.first)
        #expect(queue.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
      }
      #expect(queue.count == model.count)
    }
  }
}
