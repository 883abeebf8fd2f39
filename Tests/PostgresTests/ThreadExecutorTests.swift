import Glibc
import IOThread
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ThreadExecutorTests {
  private actor Recorder {
    private nonisolated let executor = ThreadExecutor()
    private let onEnd: Counter?
    private var numbers: [Int] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(onEnd: Counter? = nil) {
      self.onEnd = onEnd
    }

    deinit {
      executor.stop()
      onEnd?.increment()
    }

    func append(_ number: Int) { numbers.append(number) }
    func all() -> [Int] { numbers }
    func threadID() -> Int { Int(bitPattern: UInt(pthread_self())) }
    nonisolated func claimIsolation() { assumeIsolated { _ in } }
    func checkIsolation() { claimIsolation() }
  }

  @Test func everyJobRunsOnTheSameThread() async {
    let recorder = Recorder()
    var threads: Set<Int> = []
    for _ in 0..<100 { threads.insert(await recorder.threadID()) }
    #expect(threads.count == 1)
    await recorder.checkIsolation()
  }

  @Test func noJobIsLostAmongManyCallers() async {
    let recorder = Recorder()
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<1000 { group.addTask { await recorder.append(number) } }
    }
    #expect(await recorder.all().sorted() == Array(0..<1000))
  }

  @Test func actorsComeAndGo() async {
    let ended = Counter()
    for number in 0..<200 { await Recorder(onEnd: ended).append(number) }
    #expect(ended.value == 200)
  }

  @Test func claimingTheThreadFromElsewhereTraps() async {
    await #expect(processExitsWith: .failure) { Recorder().claimIsolation() }
  }
}
