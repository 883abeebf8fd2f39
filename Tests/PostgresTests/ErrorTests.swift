import Postgres
import TestSupport
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct ErrorTests {
  private static let schema = """
    CREATE TABLE parent (id bigint PRIMARY KEY);
    CREATE TABLE product (
      sku text CONSTRAINT product_sku_key UNIQUE,
      parent bigint CONSTRAINT product_parent_fkey REFERENCES parent,
      quantity bigint CONSTRAINT quantity_positive CHECK (quantity > 0),
      origin text NOT NULL DEFAULT 'TH',
      span int4range, CONSTRAINT product_span_excl EXCLUDE USING gist (span WITH &&)
    );
    INSERT INTO product (sku, span) VALUES ('A', '[1,5)');
    """

  struct Case: Sendable {
    var sql: String
    var kind: PostgresError.Kind
    var sqlState: String
    var constraint: String?
  }

  @Test(arguments: [
    Case(
      sql: "INSERT INTO product (sku) VALUES ('A')", kind: .uniqueViolation, sqlState: "23505",
      constraint: "product_sku_key"),
    Case(
      sql: "INSERT INTO product (parent) VALUES (9)", kind: .foreignKeyViolation, sqlState: "23503",
      constraint: "product_parent_fkey"),
    Case(
      sql: "INSERT INTO product (quantity) VALUES (0)", kind: .checkViolation, sqlState: "23514",
      constraint: "quantity_positive"),
    Case(sql: "INSERT INTO product (origin) VALUES (NULL)", kind: .notNullViolation, sqlState: "23502"),
    Case(
      sql: "INSERT INTO product (span) VALUES ('[2,3)')", kind: .exclusionViolation, sqlState: "23P01",
      constraint: "product_span_excl"),
    Case(sql: "SET ROLE pg_monitor; SELECT * FROM product", kind: .insufficientPrivilege, sqlState: "42501"),
    Case(sql: "SET LOCAL statement_timeout = 20; SELECT pg_sleep(30)", kind: .cancelled, sqlState: "57014"),
    Case(sql: "SELECT * FROM missing", kind: .undefined, sqlState: "42P01"),
    Case(sql: "SELECT missing FROM product", kind: .undefined, sqlState: "42703"),
    Case(sql: "SELECT missing(1)", kind: .undefined, sqlState: "42883"),
    Case(sql: "SELEC 1", kind: .programmer, sqlState: "42601"),
    Case(sql: "SELECT 1/0", kind: .invalidData, sqlState: "22012"),
    Case(sql: "SELECT 'x'::int", kind: .invalidData, sqlState: "22P02"),
    Case(sql: "EXECUTE missing", kind: .preparedStatementMissing, sqlState: "26000"),
    Case(sql: "DO $$ BEGIN RAISE EXCEPTION 'no'; END $$", kind: .raised, sqlState: "P0001"),
    Case(sql: "DO $$ BEGIN RAISE SQLSTATE '40001'; END $$", kind: .serialization, sqlState: "40001"),
    Case(sql: "DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$", kind: .deadlock, sqlState: "40P01"),
    Case(sql: "DO $$ BEGIN RAISE SQLSTATE '53100'; END $$", kind: .serverResources, sqlState: "53100"),
    Case(sql: "DO $$ BEGIN RAISE SQLSTATE '55P03'; END $$", kind: .lockNotAvailable, sqlState: "55P03"),
  ])
  func everySQLStateHasItsKind(_ expected: Case) async throws {
    try await withPool { pool in
      try await pool.transaction { tx in try tx.executeScript(Self.schema) }
      let error = try await postgresError {
        try await pool.transaction { tx in try tx.executeScript(expected.sql) }
      }
      #expect(error.kind == expected.kind)
      #expect(error.sqlState == expected.sqlState)
      #expect(error.constraint == expected.constraint)
    }
  }

  @Test func waitingTooLongForALockIsRecognised() async throws {
    try await withPool {
      $0.lockTimeout = .milliseconds(200)
    } _: { pool in
      let held = Gate()
      let isHeld = Counter()
      async let holder: Void = pool.transaction { tx in
        try tx.execute("SELECT pg_advisory_xact_lock(1)")
        isHeld.increment()
        held.pass()
      }
      try await eventually { isHeld.value == 1 }
      let error = try await postgresError {
        try await pool.transaction { tx in try tx.execute("SELECT pg_advisory_xact_lock(1)") }
      }
      #expect(error.kind == .lockNotAvailable)
      held.open()
      try await holder
    }
  }

  @Test func oneSideOfADeadlockSucceedsAndTheOtherIsRetriable() async throws {
    try await withPool { pool in
      let locked = Counter()
      let gates = [Gate(), Gate()]
      let outcomes = try await withThrowingTaskGroup(of: PostgresError.Kind?.self) { group in
        for side in 0...1 {
          group.addTask {
            do {
              try await pool.transaction { tx in
                try tx.execute("SELECT pg_advisory_xact_lock($1)", side)
                locked.increment()
                gates[side].pass()
                try tx.execute("SELECT pg_advisory_xact_lock($1)", 1 - side)
              }
              return nil
            } catch let error as PostgresError {
              #expect(error.isRetriable)
              return error.kind
            }
          }
        }
        try await eventually { locked.value == 2 }
        for gate in gates { gate.open() }
        return try await group.reduce(into: [PostgresError.Kind?]()) { $0.append($1) }
      }
      #expect(Set(outcomes) == [nil, .deadlock])
    }
  }

  @Test func statementsOfAnAbortedTransactionSayWhatAbortedIt() async throws {
    try await withPool { pool in
      let error = try await postgresError {
        try await pool.transaction { tx in
          _ = try? tx.execute("SELECT 1 / 0")
          try tx.execute("SELECT 1")
        }
      }
      #expect(error.sqlState == "22012")
    }
  }

  @Test func theConfigurationShowsNoPassword() {
    let configuration = PostgresConfiguration(url: "postgres://pabean:s3cret@db/pabean")
    var dumped = ""
    dump(configuration, to: &dumped)
    for text in ["\(configuration)", String(reflecting: configuration), dumped] { #expect(!text.contains("s3cret")) }
  }

  @Test func retriableAndInfrastructureErrorsAreTold() {
    let retriable = PostgresError.Kind.allCases.filter { PostgresError(kind: $0).isRetriable }
    #expect(retriable == [.serialization, .deadlock, .preparedStatementMissing])
    let infrastructure = PostgresError.Kind.allCases.filter { PostgresError(kind: $0).isInfrastructure }
    #expect(
      infrastructure == [
        .connectionLost, .commitOutcomeUnknown, .poolExhausted, .poolClosed, .connectionRefusedByPolicy,
        .serverResources,
      ])
  }

  @Test func aCustomersValueNeverAppearsInADescription() async throws {
    let secret = "Somchai-0812345678"
    try await withPool { pool in
      try await pool.transaction { tx in
        try tx.executeScript(Self.schema)
        try tx.execute("INSERT INTO product (sku) VALUES ($1)", secret)
      }
      let bodies: [@Sendable (borrowing Transaction) throws -> Void] = [
        { try $0.execute("INSERT INTO product (sku) VALUES ($1)", secret) },
        { try $0.execute("SELECT $1::int", secret) },
        { try $0.execute(dynamic: "SELECT \(secret)::uuid") },
        { tx in try tx.pipeline { try $0.execute("INSERT INTO product (sku) VALUES ($1)", secret) } },
        { tx in try tx.copy(into: "product", columns: ["sku"]) { try $0.row(secret) } },
        { _ = try $0.query("SELECT sku FROM product WHERE sku = $1", secret).decode(row: 0, as: Int.self) },
      ]
      for body in bodies {
        let error = try await postgresError { try await pool.transaction(body) }
        #expect(!"\(error)".contains(secret))
        #expect(!String(describing: error as any Error).contains(secret))
        #expect(error.kind == .decode || String(reflecting: error).contains(secret))
      }
    }
  }

  @Test func aDescriptionTellsEnoughToFindTheStatement() async throws {
    try await withPool { pool in
      try await pool.transaction { tx in try tx.executeScript(Self.schema) }
      let error = try await postgresError {
        try await pool.transaction { tx in
          try tx.execute("INSERT INTO product (sku, quantity)\n  SELECT $1, $2 WHERE true", "B", -1)
        }
      }
      #expect(
        "\(error)"
          == "PostgreSQL: checkViolation [23514], constraint quantity_positive, table product, "
          + "in “INSERT INTO product (sku, quantity) SELECT …”")
    }
  }
}
