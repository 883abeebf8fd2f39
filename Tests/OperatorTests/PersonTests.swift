import Crypto
import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing

@testable import OperatorCommands

@Suite(.timeLimit(.minutes(5))) struct PersonTests {
  private static let acme: TenantID = {
    guard let tenant = TenantID("acme") else { preconditionFailure("acme is a slug") }
    return tenant
  }()
  private static let now = Instant(microseconds: 1_800_000_000_000_000)
  private static let register = PersonRegister(tenant: acme, actor: .person("root"), now: now)

  /// The database with rights no greater than the operator's, and no greater than the desk's.
  private static func withPools(
    _ body: (_ operator: PostgresPool, _ desk: PostgresPool) async throws -> Void
  ) async throws {
    let url = try TestDatabase.required().url
    func pool(_ role: String?) -> PostgresPool {
      PostgresPool(
        PostgresConfiguration(url: url, poolSize: 2, sessionSettings: [("app.environment", "live")], role: role))
    }
    let pools = [pool(nil), pool("pabean_operator"), pool("pabean_review_desk")]
    try await pools[0].transaction { tx in try AccessStore.createTenant(acme, displayName: "Acme", tx) }
    let result = await Result { try await body(pools[1], pools[2]) }
    for pool in pools { await pool.close() }
    try result.get()
  }

  @Test func `two of the people who come with 'pabean up' may put a version into force`() {
    let mayActivate: Set<PersonRole> = [.complianceLead, .admin]
    let may = DemoTenant.people.map { mayActivate.isDisjoint(with: $0.roles) ? 0 : 1 }.reduce(0, +)
    #expect(may >= 2, "nobody puts into force what they wrote themselves")
  }

  private static func mei(_ roles: [PersonRole] = [.broker]) -> People.Person {
    People.Person(id: UniqueID(digest: SecureRandom.bytes(16)), email: "Mei@Acme.example", name: "Mei", roles: roles)
  }

  private static func invited(_ token: String, _ desk: PostgresPool, after hours: Int = 0) async throws -> String? {
    let then = now.adding(.seconds(hours * 3600))
    return try await desk.transaction { tx in try People.invited(by: token, at: then, tx)?.email }
  }

  @Test(.database(from: RepairTests.schema))
  func `a person who is added gets one link, good for 72 hours, and an address belongs to one person`() async throws {
    try await Self.withPools { pool, desk in
      let token = try await pool.transaction(as: Self.acme) { tx in try Self.register.add(Self.mei(), tx) }
      #expect(try await Self.invited(token, desk, after: 71) == "mei@acme.example")
      #expect(try await Self.invited(token, desk, after: 73) == nil)
      await #expect(throws: Failure.self) {
        try await pool.transaction(as: Self.acme) { tx in _ = try Self.register.add(Self.mei([.admin]), tx) }
      }
      let people = try await pool.transaction(as: Self.acme) { tx in try People.list(tx) }
      #expect(people.map(\.person.roles) == [[.broker]])
    }
  }

  @Test(.database(from: RepairTests.schema))
  func `disabling and resetting end sessions and links at once, and everything stands in the audit log`() async throws {
    try await Self.withPools { pool, desk in
      let person = Self.mei()
      let first = try await pool.transaction(as: Self.acme) { tx in try Self.register.add(person, tx) }
      let session = try await desk.transaction(as: Self.acme) { tx in
        try DeskSessions.begin(
          .person(person.id), from: .init(address: "127.0.0.1", agent: ""), at: Self.now,
          until: Self.now.adding(.seconds(60)), tx)
      }
      func isIn() async throws -> Bool {
        try await desk.transaction { tx in
          try DeskSessions.find(session, in: .live, at: Self.now, seenSince: Self.now.adding(.seconds(-1)), tx) != nil
        }
      }
      #expect(try await isIn())
      let second = try await pool.transaction(as: Self.acme) { tx in
        try Self.register.reset("MEI@acme.example", tx).token
      }
      #expect(try await !isIn())
      #expect(try await Self.invited(first, desk) == nil)
      #expect(try await Self.invited(second, desk) != nil)
      _ = try await pool.transaction(as: Self.acme) { tx in try Self.register.disable("mei@acme.example", tx) }
      #expect(try await Self.invited(second, desk) == nil)
      await #expect(throws: Failure.self) {
        try await pool.transaction(as: Self.acme) { tx in _ = try Self.register.reset("mei@acme.example", tx) }
      }
      _ = try await pool.transaction(as: Self.acme) { tx in try Self.register.enable("mei@acme.example", tx) }
      var changed = person
      changed.markets = [try #require(Market("SG"))]
      let final = changed
      try await pool.transaction(as: Self.acme) { tx in try Self.register.change(final, tx) }
      let kinds = try await pool.transaction(as: Self.acme) { tx in
        try AuditLog.history(of: person.id, tx).map { try JSONParser.parse($0.content)["kind"]?.stringValue }
      }
      #expect(
        kinds == [
          "person.added", "person.password-reset", "person.disabled", "person.enabled", "person.changed",
        ])
      await #expect(throws: Failure.self) {
        try await pool.transaction(as: Self.acme) { tx in _ = try Self.register.disable("me@acme.example", tx) }
      }
    }
  }

  @Test(.database(from: RepairTests.schema))
  func `an account elsewhere is bound to one person by the desk, and released by the operator alone`() async throws {
    try await Self.withPools { pool, desk in
      let person = Self.mei()
      _ = try await pool.transaction(as: Self.acme) { tx in try Self.register.add(person, tx) }
      await #expect(throws: Failure.self) {
        try await pool.transaction(as: Self.acme) { tx in _ = try Self.register.unbind(person.email, tx) }
      }
      func bind(_ subject: String) async throws -> Bool {
        try await desk.transaction(as: Self.acme) { tx in
          try PersonIdentities.bind(person.id, issuer: "https://id.example", subject: subject, at: Self.now, tx)
        }
      }
      func known(_ subject: String) async throws -> UniqueID? {
        try await desk.transaction { tx in
          try PersonIdentities.claimant(issuer: "https://id.example", subject: subject, tx)?.id
        }
      }
      #expect(try await bind("s-1"))
      #expect(try await !bind("s-1"))
      #expect(try await !bind("s-2"))
      #expect(try await known("s-1") == person.id)
      #expect(try await known("s-2") == nil)
      await #expect(throws: PostgresError.self) {
        try await desk.transaction(as: Self.acme) { tx in _ = try PersonIdentities.release(person.id, tx) }
      }
      _ = try await pool.transaction(as: Self.acme) { tx in try Self.register.unbind("mei@acme.example", tx) }
      #expect(try await known("s-1") == nil)
      #expect(try await bind("s-2"))
    }
  }

  @Test(.database(from: RepairTests.schema))
  func `neither the operator nor the desk can read a password`() async throws {
    try await Self.withPools { pool, desk in
      for reader in [pool, desk] {
        await #expect(throws: PostgresError.self) {
          try await reader.transaction(as: Self.acme) { tx in _ = try tx.query("SELECT password FROM person") }
        }
      }
    }
  }

  @Test func `a command line that makes no sense is refused with what to do`() async {
    let cases: [([String], String)] = [
      (["person", "add", "--email", "mei", "--name", "Mei", "--role", "broker"], "no e-mail address"),
      (["person", "add", "--email", "a@b", "--name", "Mei", "--role", "brokr"], "did you mean broker?"),
      (["person", "add", "--email", "a@b", "--name", "Mei"], "--role is missing"),
      (["person", "add", "--email", "a@b", "--name", "M", "--role", "broker", "--market", "Asia"], "two letters"),
      (["person", "add", "--email", "a@b", "--name", "M", "--role", "broker", "--language", "fr"], "no language 'fr'"),
      (["person", "change", "a@b"], "nothing to change"),
    ]
    for (words, expected) in cases {
      let recording = RecordingConsole()
      let code = await OperatorProgram(words: words, console: recording.console).perform()
      #expect(code == .usage && recording.errors.contains(expected), "\(words): \(recording.errors)")
    }
  }
}
