import ComplianceScreeningEngine
import Domain
import Glibc
import HTTP
import JSON
import Observability
import Postgres
import Store
import Synchronization
import TestSupport
import Testing

@testable import PartyLists

@Suite("Lists that are fetched by themselves", .timeLimit(.minutes(5)))
struct ListRefreshTests {
  /// An authority's server: what it publishes, and what it was asked.
  private final class Authority: Sendable {
    struct Publication: Sendable {
      var body = ""
      var status = 200
      var tag = "\"1\""
    }

    let publication = Mutex(Publication())
    let asked = Mutex([String?]())

    func publish(_ count: Int, tag: String) {
      let rows = (0..<count).map { "P\($0),Quelmora Imports \($0) Ltd" }
      publication.withLock {
        $0 = Publication(body: (["id,name"] + rows).joined(separator: "\n"), status: 200, tag: "\"\(tag)\"")
      }
    }

    func fail(_ status: Int) { publication.withLock { $0.status = status } }

    func answer(_ request: HTTPRequest) -> HTTPResponse {
      let known = request.headers["if-none-match"]
      asked.withLock { $0.append(known) }
      let now = publication.withLock { $0 }
      if now.status != 200 { return HTTPResponse(status: now.status, headers: ["location": "http://127.0.0.1:1/"]) }
      if known == now.tag { return HTTPResponse(status: 304, headers: ["etag": now.tag]) }
      return .bytes(
        Array(now.body.utf8), contentType: "text/csv",
        headers: ["etag": now.tag, "last-modified": "Fri, 20 Nov 2026 06:00:00 GMT"])
    }
  }

  private static let start = Instant("2026-11-20T08:00:00Z")!
  private static func later(days: Int64) -> Instant { start.adding(.seconds(days * 86_400)) }

  /// The database, through the rights of the maintenance service, and a server that publishes.
  private struct Scene {
    var pool: PostgresPool
    var setup: PostgresPool
    var authority: Authority
    var place: String
    var refresh: ListRefresh

    func watch(_ place: String? = nil) async throws {
      let source = PartyListSources.Source(
        name: "authority", places: [place ?? self.place], every: .seconds(86_400), ageMaxDays: 30)
      try await setup.transaction { tx in
        try PartyListSources.set(source, by: .person("ana"), at: start, tx)
      }
    }

    func standing() async throws -> PartyListSources.Standing {
      try #require(try await setup.transaction(readOnly: true) { tx in try PartyListSources.all(tx) }.first)
    }

    func inForce() async throws -> [PartyListStore.Summary] {
      try await setup.transaction(readOnly: true) { tx in try PartyListStore.summaries(.published, tx) }
    }
  }

  private func withScene(_ body: (Scene) async throws -> Void) async throws {
    let authority = Authority()
    let server = try HTTPServer(host: "127.0.0.1", port: 0) { authority.answer($0) }
    server.start()
    let url = try TestDatabase.required().url
    func pool(_ role: String?) -> PostgresPool {
      PostgresPool(
        PostgresConfiguration(
          url: url, applicationName: "pabean-test", poolSize: 2, sessionSettings: [("app.environment", "live")],
          role: role))
    }
    let scene = Scene(
      pool: pool("pabean_maintenance"), setup: pool("pabean_operator"), authority: authority,
      place: "http://127.0.0.1:\(server.port)/sanctions.csv",
      refresh: ListRefresh(pool: pool("pabean_maintenance"), log: Log.silent))
    let result: Result<Void, any Error>
    do { result = .success(try await body(scene)) } catch { result = .failure(error) }
    await server.stop()
    await scene.pool.close()
    await scene.setup.close()
    try result.get()
  }

  @Test(
    "are in force once they are fetched, and are asked for only if they changed",
    .database(from: Installation.template))
  func conditional() async throws {
    try await withScene { scene in
      scene.authority.publish(40, tag: "1")
      try await scene.watch()
      #expect(try await scene.refresh.refreshDue(at: Self.start) == 1)
      let first = try #require(try await scene.inForce().first)
      #expect(first.list == "sanctions" && first.entryCount == 40)
      #expect(first.source.asOf == CalendarDate("2026-11-20"))
      #expect(first.activatedBy == .system("list-refresh"))
      #expect(try await scene.refresh.refreshDue(at: Self.start) == 0, "its time comes again in a day")
      #expect(try await scene.refresh.refreshDue(at: Self.later(days: 20)) == 1)
      let same = try #require(try await scene.inForce().first)
      #expect(same.version == first.version && same.confirmedOn == Self.later(days: 20).date)
      #expect(scene.authority.asked.withLock { $0 } == [nil, "\"1\""])
      scene.authority.publish(41, tag: "2")
      #expect(try await scene.refresh.refreshDue(at: Self.later(days: 21)) == 1)
      #expect(try await scene.inForce().first?.entryCount == 41)
      let changes = try await scene.setup.transaction(readOnly: true) { tx in
        try PartyListStore.changes(after: 0, upTo: 1000, tx)
      }
      #expect(changes.map { $0.difference?["added"]?.integerValue } == [40, 1])
      #expect(changes.last?.difference?["addedIDs"]?.arrayValue?.compactMap(\.stringValue) == ["P40"])
    }
  }

  @Test(
    "a list that its authority still publishes is not stale, however old it is; one that cannot be fetched becomes so",
    .database(from: Installation.template))
  func staleness() async throws {
    try await withScene { scene in
      scene.authority.publish(40, tag: "1")
      try await scene.watch()
      try await scene.refresh.refreshDue(at: Self.start)
      try await scene.refresh.refreshDue(at: Self.later(days: 29))
      let lists = ListsInForce(embargo: Embargo(version: "1", entries: []))
      try await scene.pool.transaction(readOnly: true) { tx in _ = try lists.refresh(tx) }
      #expect(lists.published.staleness(on: Self.later(days: 50).date) == [])
      scene.authority.fail(503)
      for day in [30, 45, 59] as [Int64] { try await scene.refresh.refreshDue(at: Self.later(days: day)) }
      let standing = try await scene.standing()
      #expect(standing.failure?.contains("503") == true)
      #expect(standing.failingSince == Self.later(days: 30))
      #expect(standing.nextAt < Self.later(days: 60), "it is tried again before a day is over")
      try await scene.pool.transaction(readOnly: true) { tx in _ = try lists.refresh(tx) }
      let stale = lists.published.staleness(on: Self.later(days: 60).date)
      #expect(stale.map(\.ruleID) == ["engine/stale-list"])
      #expect(stale.first?.blocksClearance == true)
      #expect(try await scene.inForce().first?.entryCount == 40)
    }
  }

  @Test(
    "what is cut off, emptied or no list never takes the place of a good one; a person may say that it should",
    .database(from: Installation.template))
  func cutOff() async throws {
    try await withScene { scene in
      scene.authority.publish(100, tag: "1")
      try await scene.watch()
      try await scene.refresh.refreshDue(at: Self.start)
      var day: Int64 = 0
      func failure(_ publish: () -> Void) async throws -> String {
        publish()
        day += 1
        try await scene.refresh.refreshDue(at: Self.later(days: day))
        #expect(try await scene.inForce().first?.entryCount == 100)
        return try #require(try await scene.standing().failure)
      }
      #expect(try await failure { scene.authority.publish(0, tag: "empty") }.contains("cut off"))
      #expect(try await failure { scene.authority.publication.withLock { $0.body = "<html>moved</html>" } } != "")
      #expect(try await failure { scene.authority.publication.withLock { $0.body = "" } }.contains("is empty"))
      #expect(try await failure { scene.authority.fail(302) }.contains("not https"))
      let cut = try await failure { scene.authority.publish(79, tag: "cut") }
      #expect(cut.contains("lacks 21 of the 100") && cut.contains("pabean lists activate sanctions"))
      let version = try #require(cut.split(separator: " ").first { $0.hasPrefix("2026-11-20-") })
      try await scene.setup.transaction { tx in
        _ = try PartyListStore.activate(
          list: "sanctions", version: String(version), in: .published, because: "The authority confirmed it.",
          by: .person("ana"), at: Self.start, tx)
      }
      try await scene.refresh.refreshDue(at: Self.later(days: day + 1))
      #expect(try await scene.standing().failure == nil)
      #expect(try await scene.inForce().first?.entryCount == 79)
    }
  }

  @Test("a folder is read again when what stands in it changes", .database(from: Installation.template))
  func folder() async throws {
    try await withScene { scene in
      let folder = "/tmp/pabean-lists-\(UInt64.random(in: 0 ... .max))"
      mkdir(folder, 0o700)
      defer {
        unlink("\(folder)/house.csv")
        rmdir(folder)
      }
      func write(_ rows: Int) throws {
        let text = (["id,name"] + (0..<rows).map { "F\($0),Name \($0)" }).joined(separator: "\n")
        let file = try #require(fopen("\(folder)/house.csv", "w"))
        fputs(text, file)
        fclose(file)
      }
      try write(3)
      try await scene.watch(folder)
      try await scene.refresh.refreshDue(at: Self.start)
      #expect(try await scene.inForce().map(\.entryCount) == [3])
      try await scene.refresh.refreshDue(at: Self.later(days: 1))
      #expect(try await scene.inForce().first?.confirmedOn == nil, "a folder does not ask the authority")
      try write(4)
      try await scene.refresh.refreshDue(at: Self.later(days: 2))
      #expect(try await scene.inForce().map(\.entryCount) == [4])
    }
  }

  @Test("come encrypted, or from this machine")
  func places() {
    #expect(ListRefresh.isPlace("https://sanctions.example/list.csv"))
    #expect(ListRefresh.isPlace("/var/lib/lists"))
    #expect(ListRefresh.isPlace("http://127.0.0.1:8080/list.csv"))
    #expect(!ListRefresh.isPlace("http://sanctions.example/list.csv"))
    #expect(!ListRefresh.isPlace("http://127.0.0.1.example/list.csv"))
    #expect(!ListRefresh.isPlace("lists"))
    #expect(ListFetch.day("Wed, 21 Oct 2026 07:28:00 GMT") == CalendarDate("2026-10-21"))
    #expect(ListFetch.day("yesterday") == nil)
  }
}
