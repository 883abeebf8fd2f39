import Testing

@testable import AMQP

@Suite("Ack coalescing")
struct AckCoalescerTests {
  @Test("contiguous acks become one frame, the others go singly")
  func contiguous() {
    var coalescer = AckCoalescer()
    for tag in 1...8 { coalescer.delivered(tag: UInt64(tag)) }
    for tag in [3, 1, 2, 5, 8] { coalescer.settle(tag: UInt64(tag), .acknowledge) }
    #expect(
      coalescer.flush() == [.ack(tag: 3, multiple: true), .ack(tag: 5, multiple: false), .ack(tag: 8, multiple: false)])
    #expect(coalescer.flush() == [])
    coalescer.settle(tag: 4, .acknowledge)
    #expect(coalescer.flush() == [.ack(tag: 4, multiple: false)])
  }

  @Test("nacks go first, so that a multiple ack does not cover them")
  func nacksFirst() {
    var coalescer = AckCoalescer()
    for tag in 1...4 { coalescer.delivered(tag: UInt64(tag)) }
    coalescer.settle(tag: 1, .acknowledge)
    coalescer.settle(tag: 3, .acknowledge)
    coalescer.settle(tag: 2, .requeue)
    coalescer.settle(tag: 4, .reject)
    #expect(
      coalescer.flush() == [.nack(tag: 2, requeue: true), .nack(tag: 4, requeue: false), .ack(tag: 3, multiple: true)])
  }

  /// The broker's side: closes the channel on a tag that is not outstanding.
  private struct Channel {
    var outstanding: Set<UInt64> = []
    var acknowledged: Set<UInt64> = []
    var requeued: Set<UInt64> = []
    var rejected: Set<UInt64> = []

    mutating func receive(_ frame: AckCoalescer.Frame) {
      switch frame {
      case .ack(let tag, let multiple):
        #expect(outstanding.contains(tag))
        let settled = multiple ? outstanding.filter { $0 <= tag } : [tag]
        outstanding.subtract(settled)
        acknowledged.formUnion(settled)
      case .nack(let tag, let requeue):
        #expect(outstanding.remove(tag) != nil)
        if requeue { requeued.insert(tag) } else { rejected.insert(tag) }
      }
    }
  }

  @Test("whatever the order, the broker settles exactly what was asked", arguments: 0..<500 as Range<UInt64>)
  func randomInterleavings(seed: UInt64) {
    var random = SeededRandom(seed)
    var coalescer = AckCoalescer()
    var channel = Channel()
    var verdicts: [UInt64: AckCoalescer.Verdict] = [:]
    var open: [UInt64] = []
    var last: UInt64 = 0
    for _ in 0..<300 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5:
        last += 1
        coalescer.delivered(tag: last)
        channel.outstanding.insert(last)
        open.append(last)
      case 5..<9 where !open.isEmpty:
        let tag = open.remove(at: Int.random(in: 0..<min(open.count, 5), using: &random))
        let choices: [AckCoalescer.Verdict] = [.acknowledge, .acknowledge, .acknowledge, .requeue, .reject]
        let verdict = choices[Int.random(in: 0..<choices.count, using: &random)]
        verdicts[tag] = verdict
        coalescer.settle(tag: tag, verdict)
        coalescer.settle(tag: tag, .reject)
      default:
        for frame in coalescer.flush() { channel.receive(frame) }
        #expect(channel.outstanding == Set(open))
      }
    }
    for frame in coalescer.flush() { channel.receive(frame) }
    #expect(channel.outstanding == Set(open))
    #expect(channel.acknowledged == Set(verdicts.filter { $0.value == .acknowledge }.keys))
    #expect(channel.requeued == Set(verdicts.filter { $0.value == .requeue }.keys))
    #expect(channel.rejected == Set(verdicts.filter { $0.value == .reject }.keys))
  }
}
