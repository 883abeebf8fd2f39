import Domain
import HTTP
import JSON
import Postgres
import Store

/// `GET /v1/submissions/refused`: what waits for correction, newest first.
struct RefusedEndpoint: Sendable {
  static let limits = 1...100
  private static let limitByDefault = 50
  /// Longer submissions are named without repeating them.
  private static let bodyBytesMax = 65_536

  let pool: PostgresPool

  func list(_ call: Call) async throws -> HTTPResponse {
    let limit = try RefusedEndpoint.limit(call.request)
    let refusals = try await pool.transaction(as: call.tenant, readOnly: true) { tx in
      try RefusedSubmissions.open(limit: limit, tx)
    }
    return .json(["refused": .array(refusals.map(RefusedEndpoint.view))])
  }

  private static func limit(_ request: HTTPRequest) throws(Problem) -> Int {
    guard let text = request.queryValue("limit") else { return limitByDefault }
    guard let limit = Int(text), limits.contains(limit) else {
      throw Problem(
        status: 400,
        errors: [
          .init(
            pointer: "limit", detail: "The limit is not a number from 1 to \(limits.upperBound).",
            remedy: "Leave it out for \(limitByDefault).")
        ])
    }
    return limit
  }

  private static func view(_ refusal: RefusedSubmissions.Refusal) -> JSONValue {
    [
      "id": refusal.id.json, "kind": .string(refusal.kind),
      "reference": refusal.reference.map { .string($0) } ?? .null, "channel": .string(refusal.channel.rawValue),
      "refusedAt": refusal.refusedAt.json, "issues": .list(refusal.issues), "submission": body(refusal.body),
    ]
  }

  private static func body(_ bytes: [UInt8]) -> JSONValue {
    guard bytes.count <= bodyBytesMax else { return .null }
    return (try? JSONParser.parse(bytes)) ?? .null
  }
}
