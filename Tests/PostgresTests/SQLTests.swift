import Testing

@testable import Postgres

struct SQLTests {
  @Test func valuesBecomePlaceholdersAndIdentifiersAreQuoted() {
    let filter: SQL = "sku = \("A") OR sku = \("B")"
    let sql: SQL = "SELECT * FROM \(identifier: "a\"b") WHERE n = \(1) AND (\(filter))"
    #expect(sql.text == #"SELECT * FROM "a""b" WHERE n = $1 AND (sku = $2 OR sku = $3)"#)
    #expect(sql.parameters.count == 3)
    #expect((sql + " LIMIT \(5)").text.hasSuffix("LIMIT $4"))
  }

  @Test func onlyTheFirstWordsOfAStatementAreShown() {
    #expect(PostgresError.firstWords(of: "SELECT 1") == "SELECT 1")
    #expect(PostgresError.firstWords(of: "\n  UPDATE a\n SET b = $1 WHERE c = $2") == "UPDATE a SET b = $1 …")
    #expect(PostgresError.firstWords(of: String(repeating: "x", count: 500)).count == 60)
  }
}
