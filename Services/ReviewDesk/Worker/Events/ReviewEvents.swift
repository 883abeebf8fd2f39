import Domain
import JSON
import Postgres
import ReviewDeskEngine
import Store
import Synchronization

/// Word of what changes in the queue, to everybody who watches it: to each of their own tenant and markets.
final class ReviewEvents: Sendable {
  /// Whether whoever watches may still do so. Asked with every beat.
  typealias Admission = @Sendable () async throws -> Bool

  private struct Watcher: Sendable {
    var tenant: TenantID
    /// Empty means all.
    var markets: Set<Market>
    var isAdmitted: Admission
    var chunks: AsyncStream<[UInt8]>.Continuation
    /// There was no room for something that they should have been told.
    var hasMissed = false
  }

  private struct State {
    var watchers: [Int: Watcher] = [:]
    var nextID = 0
    var isClosed = false
  }

  static let watchersMax = 800
  /// Whoever reads slower than this is told to look at everything instead.
  private static let waitingMax = 64
  private static let beat = Duration.seconds(20)

  private let environment: Domain.Environment
  private let state = Mutex(State())

  init(environment: Domain.Environment) { self.environment = environment }

  /// nil when there is no room for more.
  func watch(as principal: Principal, while isAdmitted: @escaping Admission) -> AsyncStream<[UInt8]>? {
    let (stream, chunks) = AsyncStream.makeStream(
      of: [UInt8].self, bufferingPolicy: .bufferingOldest(ReviewEvents.waitingMax))
    let watcher = Watcher(
      tenant: principal.tenant, markets: principal.markets, isAdmitted: isAdmitted, chunks: chunks)
    let added = state.withLock { state -> Int? in
      guard !state.isClosed, state.watchers.count < ReviewEvents.watchersMax else { return nil }
      state.nextID += 1
      state.watchers[state.nextID] = watcher
      return state.nextID
    }
    guard let id = added else { return nil }
    chunks.onTermination = { [weak self] _ in self?.remove(id) }
    chunks.yield(ReviewEvents.greeting)
    return stream
  }

  /// Until it is cancelled.
  func run(_ listener: PostgresListener) async {
    await withDiscardingTaskGroup { group in
      group.addTask {
        for await event in listener.notifications { self.pass(on: event) }
      }
      group.addTask {
        while (try? await Task.sleep(for: ReviewEvents.beat)) != nil { await self.askWhoStays() }
      }
    }
  }

  /// Ends all streams, and takes no more.
  func close() {
    let watchers = state.withLock { state in
      state.isClosed = true
      return state.watchers
    }
    for watcher in watchers.values { watcher.chunks.finish() }
  }

  private func remove(_ id: Int) { state.withLock { _ = $0.watchers.removeValue(forKey: id) } }

  // MARK: Telling

  private func pass(on event: PostgresListener.Event) {
    switch event {
    case .reconnected: tell(ReviewEvents.resync) { _ in true }
    case .notification(_, let payload):
      guard let change = ReviewChange(payload), change.environment == environment else { return }
      tell(change.chunk) { watcher in
        watcher.tenant == change.tenant && (watcher.markets.isEmpty || watcher.markets.contains(change.market))
      }
    }
  }

  private func tell(_ chunk: [UInt8], _ concerns: (Watcher) -> Bool) {
    let concerned = state.withLock { state in state.watchers.filter { concerns($0.value) } }
    for (id, watcher) in concerned { send(chunk, to: id, watcher) }
  }

  private func send(_ chunk: [UInt8], to id: Int, _ watcher: Watcher) {
    let wanted = watcher.hasMissed ? ReviewEvents.resync + chunk : chunk
    let hasMissed = if case .enqueued = watcher.chunks.yield(wanted) { false } else { true }
    guard hasMissed != watcher.hasMissed else { return }
    state.withLock { $0.watchers[id]?.hasMissed = hasMissed }
  }

  /// A database that is away for a moment sends nobody away.
  private func askWhoStays() async {
    for (id, watcher) in state.withLock({ $0.watchers }) {
      if (try? await watcher.isAdmitted()) ?? true {
        send(ReviewEvents.sign, to: id, watcher)
      } else {
        watcher.chunks.finish()
      }
    }
  }

  private static let greeting = Array("retry: 3000\n\n".utf8)
  private static let sign = Array(": still here\n\n".utf8)
  private static let resync = Array("event: resync\ndata: {}\n\n".utf8)
}

/// What the database says of a change: 'tenant environment market what case', without a case when there are many.
struct ReviewChange: Hashable, Sendable {
  enum What: String, Sendable { case opened, changed, closed, claimed, released }

  var tenant: TenantID
  var environment: Domain.Environment
  var market: Market
  var what: What
  var caseID: CaseID?

  init?(_ payload: String) {
    let words = payload.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard (4...5).contains(words.count), let tenant = TenantID(words[0]),
      let environment = Domain.Environment(rawValue: words[1]), let market = Market(words[2]),
      let what = What(rawValue: words[3])
    else { return nil }
    (self.tenant, self.environment, self.market, self.what) = (tenant, environment, market, what)
    if words.count == 5 {
      guard let id = CaseID(words[4]) else { return nil }
      caseID = id
    }
  }

  /// As an event stream has it.
  var chunk: [UInt8] {
    var object = JSONObject([("what", .string(what.rawValue)), ("market", market.json)])
    object.set("caseId", caseID?.json)
    return Array("event: review\ndata: \(JSONValue.object(object).text)\n\n".utf8)
  }
}
