import Domain
import HTTP
import Postgres
import ReviewDeskEngine
import Store

/// Lets people and machines in by their key. Every request asks the database, so that a revoked key is out at once.
struct KeyGate: Sendable {
  private let pool: PostgresPool
  private let environment: Domain.Environment

  init(pool: PostgresPool, environment: Domain.Environment) {
    self.pool = pool
    self.environment = environment
  }

  func admit(_ request: HTTPRequest) async throws -> Principal {
    let fields = request.headers.all("authorization")
    let words = fields.first?.split(separator: " ", maxSplits: 1) ?? []
    guard fields.count == 1, words.count == 2, words[0].lowercased() == "bearer" else { throw Problem.noKey }
    return try await admit(key: String(words[1]))
  }

  func stillAdmits(_ request: HTTPRequest) async throws -> Bool {
    do {
      _ = try await admit(request)
      return true
    } catch is Problem {
      return false
    }
  }

  func admit(key: String) async throws -> Principal {
    guard key.hasPrefix("pbn_"), key.utf8.count < 100 else { throw Problem.unknownKey }
    let found = try await pool.transaction(readOnly: true) { tx in try AccessStore.authenticate(key: key, tx) }
    guard let found else { throw Problem.unknownKey }
    guard found.environment == environment else { throw Problem.wrongEnvironment(environment) }
    guard Reviewer(found).mayRead else { throw Problem.notAReader }
    return found
  }
}
