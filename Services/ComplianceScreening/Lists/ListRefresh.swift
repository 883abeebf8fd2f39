import ComplianceScreeningEngine
import Crypto
import Domain
import HTTP
import JSON
import Observability
import Postgres
import Store
import WorkerRuntime

/// Fetches the lists whose time has come and puts new versions into force. What cannot be fetched or read, and what looks
/// cut off, changes nothing: the list in force grows old, and its age becomes a finding. Any number of processes may do this.
public struct ListRefresh: Sendable {
  private let pool: PostgresPool
  private let fetch: ListFetch
  private let log: Log

  /// A fetch takes no longer, even of several large files.
  private static let lease = Duration.seconds(900)
  private static let pauseAfterFailure = Duration.seconds(900)
  private static let actor = Actor.system("list-refresh")

  /// - Parameter client: places are the operator's choice, so it may reach any address.
  public init(pool: PostgresPool, client: HTTPClient = HTTPClient(policy: .any), log: Log) {
    self.pool = pool
    fetch = ListFetch(client: client)
    self.log = log
  }

  /// What can be fetched: a folder's path, or an address whose server must prove who it is.
  public static func isPlace(_ text: String) -> Bool { text.hasPrefix("/") || ListFetch.isAllowed(text) }

  /// - Returns: how many sources were due.
  @discardableResult
  public func refreshDue(at now: Instant) async throws -> Int {
    var count = 0
    while !Task.isCancelled {
      let claim = try await pool.transaction { tx in
        try PartyListSources.claim(until: now.adding(ListRefresh.lease), at: now, tx)
      }
      guard let claim else { break }
      count += 1
      await refresh(claim, at: now)
    }
    return count
  }

  private func refresh(_ claim: PartyListSources.Claim, at now: Instant) async {
    let source = claim.source
    do {
      let taken = try Taken(claim.taken, activeVersions: try await activeVersions())
      let outcome = try await outcome(of: source, taken, at: now)
      let next = now.adding(source.every)
      try await pool.transaction { tx in
        try store(outcome, of: source, nextAt: next, at: now, tx)
      }
      log.info("lists are up to date", ["source": .string(source.name), "changed": .bool(outcome.isNews)])
    } catch {
      await fail(source, "\(error)", at: now)
    }
  }

  private func fail(_ source: PartyListSources.Source, _ reason: String, at now: Instant) async {
    log.warning("lists cannot be refreshed", ["source": .string(source.name), "error": .string(reason)])
    let next = now.adding(min(source.every, ListRefresh.pauseAfterFailure))
    // A database that is away: the lease ends by itself.
    _ = try? await pool.transaction { tx in
      try PartyListSources.fail(source.name, reason, nextAt: next, at: now, tx)
    }
  }

  // MARK: Fetching

  private enum Outcome: Sendable {
    case unchanged(Taken)
    case read([PartyList], Taken)

    var isNews: Bool {
      guard case .read = self else { return false }
      return true
    }
  }

  private func outcome(of source: PartyListSources.Source, _ taken: Taken, at now: Instant) async throws -> Outcome {
    let files: [ListFile]
    var next = Taken()
    let published: CalendarDate?
    if let folder = source.places.first, folder.hasPrefix("/") {
      let found = try ListFiles(at: folder)
      (files, published) = (found.files, found.published)
    } else {
      guard let found = try await fetch.files(at: source.places, unless: taken.validators) else {
        return .unchanged(taken)
      }
      (files, next.validators) = (found.files, found.validators)
      published = found.published ?? now.date
    }
    next.digest = Taken.digest(files)
    if next.digest == taken.digest {
      next.versions = taken.versions
      return .unchanged(next)
    }
    var lists = try ListFolder(files, published: published).lists()
    for index in lists.indices { lists[index].ageMaxDays = source.ageMaxDays }
    next.versions = Dictionary(lists.map { ($0.id, $0.version) }) { first, _ in first }
    return .read(lists, next)
  }

  private func activeVersions() async throws -> [String: String] {
    try await pool.transaction(readOnly: true) { tx in try PartyListStore.activeVersions(tx) }
  }

  // MARK: Storing

  private func store(
    _ outcome: Outcome, of source: PartyListSources.Source, nextAt: Instant, at now: Instant,
    _ tx: borrowing Transaction
  ) throws {
    let taken: Taken
    switch outcome {
    case .unchanged(let known): taken = known
    case .read(let lists, let read):
      let results = try ListImport(lists, .published, activates: true, by: ListRefresh.actor).run(at: now, tx)
      if let doubted = results.first(where: { $0.doubt != nil }), let doubt = doubted.doubt {
        // The others are in force, and this one is loaded: a person decides. It is read again until then.
        let remedy = "'pabean lists activate \(doubted.list.id) \(doubted.list.version)' puts it into force"
        return try PartyListSources.fail(source.name, "\(doubt). \(remedy)", nextAt: nextAt, at: now, tx)
      }
      taken = read
    }
    // A folder says nothing of whether its authority was asked.
    if source.places.first?.hasPrefix("/") == false {
      for (list, version) in taken.versions.sorted(by: { $0.key < $1.key }) {
        try PartyListSources.confirm(list: list, version: version, on: now.date, tx)
      }
    }
    try PartyListSources.succeed(source.name, taken: taken.json, nextAt: nextAt, at: now, tx)
  }
}

/// What was taken from a source last.
struct Taken: Sendable {
  var validators: [String: ListFetch.Validators] = [:]
  var digest = ""
  var versions: [String: String] = [:]

  init() {}

  /// Nothing, when other versions than those it gave are in force by now: then all of it is read again.
  init(_ json: JSONValue?, activeVersions: [String: String]) throws {
    guard let json else { return }
    var given: [String: String] = [:]
    for member in json["versions"]?.objectValue?.members ?? [] { given[member.key] = member.value.stringValue }
    guard !given.isEmpty, given.allSatisfy({ activeVersions[$0.key] == $0.value }) else { return }
    self.versions = given
    digest = json["digest"]?.stringValue ?? ""
    for member in json["validators"]?.objectValue?.members ?? [] {
      validators[member.key] = ListFetch.Validators(
        entityTag: member.value["etag"]?.stringValue, lastModified: member.value["lastModified"]?.stringValue)
    }
  }

  static func digest(_ files: [ListFile]) -> String {
    let sorted = files.sorted { $0.name < $1.name }
    return Hex.encode(SHA256.hash(chunks: sorted.flatMap { [Array($0.name.utf8), [0], $0.bytes] }).bytes)
  }

  var json: JSONValue {
    let validators = validators.sorted { $0.key < $1.key }.map { place, said -> (String, JSONValue) in
      var object = JSONObject()
      object.set("etag", said.entityTag.map { .string($0) })
      object.set("lastModified", said.lastModified.map { .string($0) })
      return (place, .object(object))
    }
    return [
      "digest": .string(digest), "validators": .object(JSONObject(validators)),
      "versions": .object(JSONObject(versions.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
    ]
  }
}
