import Contracts
import Domain
import HTTP
import JSON
import Postgres
import Store
import Synchronization
import TestSupport
import Testing

/// A chat endpoint that answers as the last word of the product's title says.
private final class ScriptedModel: Sendable {
  let url: String
  private let server: HTTPServer
  private let asked: AskedBox

  private final class AskedBox: Sendable {
    let titles = Mutex<[String]>([])
    let headers = Mutex<Set<String>>([])
  }

  init() throws {
    let asked = AskedBox()
    self.asked = asked
    server = try HTTPServer(host: "127.0.0.1", port: 0) { request in await ScriptedModel.answer(request, asked) }
    server.start()
    url = "http://127.0.0.1:\(server.port)/v1/chat/completions"
  }

  static let shared = Result { try ScriptedModel() }
  static let callsPerDay = 12

  /// Of the classifier.
  static var settings: [String: String] {
    guard let model = try? shared.get() else { return [:] }
    return [
      "PABEAN_OPINION_URL": model.url, "PABEAN_OPINION_MODEL": "tiny", "PABEAN_OPINION_KEY": "sk-test",
      "PABEAN_OPINION_TIMEOUT": "1s", "PABEAN_OPINION_BELOW_PERCENT": "100",
      "PABEAN_OPINION_CALLS_PER_DAY": String(callsPerDay),
    ]
  }

  var titles: [String] { asked.titles.withLock { $0 } }
  var authorizations: Set<String> { asked.headers.withLock { $0 } }
  func close() async { await server.stop() }

  private static func answer(_ request: HTTPRequest, _ asked: AskedBox) async -> HTTPResponse {
    let question = try? JSONParser.parse(request.body)
    let content = question?["messages"]?.arrayValue?.last?["content"]?.stringValue ?? ""
    let facts = try? JSONParser.parse(Array(content.utf8))
    let title = facts?["titles"]?.arrayValue?.first?.stringValue ?? ""
    let codes = (facts?["candidates"]?.arrayValue ?? []).compactMap { $0["code"]?.stringValue }
    asked.titles.withLock { $0.append(title) }
    asked.headers.withLock { _ = $0.insert(request.headers["authorization"] ?? "") }
    switch title.split(separator: " ").last {
    case "overloaded": return HTTPResponse(status: 503)
    case "silent":
      try? await Task.sleep(for: .seconds(3))
      return HTTPResponse(status: 200)
    case "rambling": return completion("I think it could be many things.")
    case "inventive": return completion(#"{"code": "010121", "reason": "A horse."}"#)
    case "second": return completion(#"{"code": "\#(codes.dropFirst().first ?? "")", "reason": "The other one."}"#)
    default: return completion(#"{"code": "\#(codes.first ?? "")", "reason": "Knitted, of cotton."}"#)
    }
  }

  private static func completion(_ content: String) -> HTTPResponse {
    let body: JSONValue = [
      "choices": [["message": ["role": "assistant", "content": .string(content)]]],
      "usage": ["total_tokens": 100],
    ]
    return HTTPResponse(status: 200, headers: ["content-type": "application/json"], body: body.bytes)
  }
}

@Suite(
  "A language model is asked about what is doubtful",
  .installation(settings: { _, stage in stage == .classifier ? ScriptedModel.settings : [:] }), .serialized,
  .timeLimit(.minutes(5)))
struct SecondOpinionFlowTests {
  private let pabean: Installation
  private let model: ScriptedModel

  init() throws {
    pabean = try Installation.required()
    model = try ScriptedModel.shared.get()
  }

  private func product(_ sku: String, _ manner: String) -> JSONValue {
    guard var product = SampleProducts.doubtful(sku: sku).objectValue else { return .null }
    product["title"] = .string("Men's cotton t-shirt short sleeve crew neck knitted \(manner)")
    return .object(product)
  }

  /// Once the case has been classified and waits for a person.
  private func opinions(
    on sku: String, _ manner: String, as tenant: TenantID = Installation.tenant
  ) async throws -> (classification: Classification, said: [String]) {
    try await pabean.publish([product(sku, manner)], as: tenant)
    let seen = try #require(try await pabean.cases(of: sku, reach: [.awaitingDecision], tenant: tenant).first)
    let classification = try await pabean.pool.transaction(as: tenant, readOnly: true) { tx in
      try ClassificationStore.latest([seen.id], tx)[seen.id]
    }
    let found = try #require(classification)
    let said = found.candidates.flatMap { candidate in
      candidate.evidence.filter { $0.kind == .secondOpinion }.map { "\(candidate.code.digits) \($0.text)" }
    }
    return (found, said)
  }

  private func use(of tenant: TenantID = Installation.tenant) async throws -> (calls: Int64, tokens: Int64) {
    try await pabean.pool.transaction(as: tenant, readOnly: true) { tx in
      let rows = try tx.query(
        """
        SELECT coalesce(sum(calls), 0)::int8, coalesce(sum(tokens), 0)::int8 FROM second_opinion_use WHERE tenant = $1
        """, tenant.slug)
      return try rows.map(Int64.self, Int64.self) { ($0, $1) }.first ?? (0, 0)
    }
  }

  @Test("what it says is kept as evidence; what it does wrong is not, and holds nobody up; nothing clears by it")
  func asked() async throws {
    let agreed = try await opinions(on: "OPINION-1", "plain")
    let best = try #require(agreed.classification.best)
    #expect(
      agreed.said == ["\(best.code.digits) A language model (tiny) would choose this: Knitted, of cotton."])
    #expect(model.authorizations == ["Bearer sk-test"])
    let differed = try await opinions(on: "OPINION-2", "second")
    #expect(
      differed.said.count == 1 && differed.classification.best?.evidence.contains { $0.kind == .secondOpinion } == false
    )
    for (number, manner) in ["rambling", "inventive", "silent", "overloaded"].enumerated() {
      #expect(try await opinions(on: "OPINION-WRONG-\(number)", manner).said == [])
      #expect(try await opinions(on: "OPINION-RIGHT-\(number)", "plain").said.count == 1, "one failure is not the end")
    }
    #expect(try await use() == (10, 600))
  }

  @Test("the budget of a tenant's day is kept, and another's is its own")
  func budget() async throws {
    let tenant = try await pabean.addTenant("thrifty", [])
    try await pabean.publish((1...20).map { product("THRIFTY-\($0)", "thrifty") }, as: tenant)
    for number in 1...20 {
      _ = try await pabean.cases(of: "THRIFTY-\(number)", reach: [.awaitingDecision], tenant: tenant)
    }
    #expect(model.titles.count { $0.hasSuffix("thrifty") } == ScriptedModel.callsPerDay)
    #expect(try await use(of: tenant).calls == Int64(ScriptedModel.callsPerDay))
  }

  @Test("an endpoint that keeps failing is left alone, and cases go on without it")
  func broken() async throws {
    let tenant = try await pabean.addTenant("unlucky", [])
    for number in 1...5 {
      #expect(try await opinions(on: "UNLUCKY-\(number)", "overloaded", as: tenant).said == [])
    }
    #expect(try await use(of: tenant).calls == 3)
    await model.close()
  }
}
