import Glibc
import Postgres
import Testing

/// A database of its own for one test, made by the `.database` trait and dropped after it.
///
///     @Test(.database) func rowsAreStored() async throws {
///       let pool = PostgresPool(PostgresConfiguration(url: try TestDatabase.required().url))
public struct TestDatabase: Sendable {
  public let name: String
  public let url: String

  @TaskLocal public static var current: TestDatabase?

  /// A clone of the template for the body alone, where a trait of a single test is not enough.
  public static func with(
    _ template: DatabaseTemplate, _ body: @Sendable (TestDatabase) async throws -> Void
  ) async throws {
    try await TestServer.shared().withDatabase(from: .prepared(template)) { database in
      try await TestDatabase.$current.withValue(database) { try await body(database) }
    }
  }

  public static func required() throws -> TestDatabase {
    guard let current else { throw TestDatabaseError("this test needs the .database trait") }
    return current
  }
}

public struct TestDatabaseError: Error, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// A database prepared once per run, which tests then clone. It stays until the test server is thrown away.
public struct DatabaseTemplate: Sendable {
  let name: String
  let prepare: @Sendable (_ url: String) async throws -> Void

  /// - Parameter prepare: must close every connection that it opens, or the database cannot be cloned.
  public init(name: String, prepare: @escaping @Sendable (_ url: String) async throws -> Void) {
    self.name = name
    self.prepare = prepare
  }
}

public struct DatabaseTrait: TestTrait, SuiteTrait, TestScoping {
  enum Source: Sendable {
    case empty
    case existing(String)
    case prepared(DatabaseTemplate)
  }

  let source: Source

  public var isRecursive: Bool { true }

  public func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await body() }
    try await TestServer.shared().withDatabase(from: source) { database in
      try await TestDatabase.$current.withValue(database) { try await body() }
    }
  }
}

extension Trait where Self == DatabaseTrait {
  /// An empty database.
  public static var database: Self { Self(source: .empty) }

  /// A clone of a database that exists on the test server.
  public static func database(template: String) -> Self { Self(source: .existing(template)) }

  /// A clone of a database that is prepared on first use.
  public static func database(from template: DatabaseTemplate) -> Self { Self(source: .prepared(template)) }
}

/// The server named by `PABEAN_TEST_DATABASE_URL`, where a superuser logs in.
private actor TestServer {
  /// Tests that hold a database at once. More would only queue for two cores and the server's connections.
  private static let databasesMax = 8

  private static let instance = Result { try TestServer() }

  private let url: String
  private let administration: PostgresPool
  private var templates: [String: Task<String, any Error>] = [:]
  private var databaseCount = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []

  static func shared() throws -> TestServer { try instance.get() }

  private init() throws {
    guard let value = getenv("PABEAN_TEST_DATABASE_URL"), value.pointee != 0 else {
      throw TestDatabaseError(
        "PABEAN_TEST_DATABASE_URL is not set. Run `make test`: it starts a private PostgreSQL and sets it.")
    }
    url = String(cString: value)
    administration = PostgresPool(
      PostgresConfiguration(
        url: url, applicationName: "pabean-tests", poolSize: 2, statementTimeout: .seconds(60),
        acquireTimeout: .seconds(300)))
  }

  func withDatabase(
    from source: DatabaseTrait.Source, _ body: @Sendable (TestDatabase) async throws -> Void
  ) async throws {
    await enter()
    defer { leave() }
    let template = try await templateName(of: source)
    let database = try await create(named: "pabean_test_\(randomSuffix())", template: template)
    let outcome: Result<Void, any Error>
    do {
      outcome = .success(try await body(database))
    } catch {
      outcome = .failure(error)
    }
    // A cancelled test must still drop its database.
    let drop = Task.detached { [administration] in
      try await administration.executeScriptOutsideTransaction("DROP DATABASE IF EXISTS \(database.name) WITH (FORCE)")
    }
    try await drop.value
    try outcome.get()
  }

  private func create(named name: String, template: String?) async throws -> TestDatabase {
    let clause = template.map { " TEMPLATE \"\($0)\"" } ?? ""
    try await administration.executeScriptOutsideTransaction("CREATE DATABASE \(name)\(clause)")
    return TestDatabase(name: name, url: url(ofDatabase: name))
  }

  private func templateName(of source: DatabaseTrait.Source) async throws -> String? {
    switch source {
    case .empty: return nil
    case .existing(let name): return name
    case .prepared(let template):
      let build = templates[template.name] ?? Task { try await self.build(template) }
      templates[template.name] = build
      return try await build.value
    }
  }

  private func build(_ template: DatabaseTemplate) async throws -> String {
    let database = try await create(named: "pabean_template_\(randomSuffix())", template: nil)
    try await template.prepare(database.url)
    return database.name
  }

  private func url(ofDatabase name: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return "\(url) dbname=\(name)" }
    let rest = url[scheme.upperBound...]
    let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    let query = rest.firstIndex(of: "?").map { String(rest[$0...]) } ?? ""
    return "\(url[..<end])/\(name)\(query)"
  }

  private func randomSuffix() -> String { String(UInt64.random(in: .min ... .max), radix: 36) }

  private func enter() async {
    if databaseCount < Self.databasesMax { return databaseCount += 1 }
    await withCheckedContinuation { waiting.append($0) }
  }

  private func leave() {
    if waiting.isEmpty { return databaseCount -= 1 }
    waiting.removeFirst().resume()
  }
}
