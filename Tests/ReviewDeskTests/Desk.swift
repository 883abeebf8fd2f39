import Contracts
import Crypto
import Domain
import HTTP
import JSON
import Postgres
import Store
import TestSupport
import Testing

/// A review desk over an installation of the test's own, with all workers beside it.
struct Desk: Sendable {
  let pabean: Installation
  let workers: [RunningProcess]
  let address: String
  private static let client = HTTPClient(policy: .any)

  /// The desk, with all of these products gone as far as they go without a person.
  static func with(
    _ products: [JSONValue], policy: Policy = Desk.cautious, markets: [String] = ["SG"],
    settings: [String: String] = [:], _ body: (Desk) async throws -> Void
  ) async throws {
    let pabean = try await Installation.open(markets: markets)
    let port = try await freePort()
    let address = "http://127.0.0.1:\(port)"
    // As a provider of sign-in would send a browser back to it.
    let settings = settings.mapValues { $0.replacing("{desk}", with: address) }
    let stages = try Stage.allCases.map {
      // Receivers of the tests' own are on this machine.
      try pabean.start($0, settings: $0 == .writeback ? ["PABEAN_WEBHOOK_ALLOW": "127.0.0.0/8"] : [:])
    }
    let workers = stages + [try pabean.start(service: "review-desk", settings: settings, httpPort: port)]
    let desk = Desk(pabean: pabean, workers: workers, address: address)
    do {
      for tenant in [Installation.tenant, Installation.otherTenant] {
        try await desk.activate(policy, of: tenant)
      }
      try await desk.fill(products, of: Installation.tenant)
      _ = try await eventually("the desk answers") { try await desk.get("/healthz").status == 200 ? true : nil }
      try await body(desk)
    } catch {
      Issue.record("\(error); the desk's log: \(workers.last?.log.suffix(2000) ?? "")")
    }
    await pabean.stop(workers)
    try await pabean.close()
  }

  /// Lets nothing through without a person, and lets a person approve what is proposed.
  static let cautious = Policy(
    name: "cautious",
    defaults: Policy.Settings(autoClearAt: Confidence(1), suggestAt: Confidence(0.02), requiredFields: ["origin"]),
    requiredLists: .named([]))

  /// What a new tenant begins with, where nothing is new and no list is asked for.
  static let everyday: Policy = {
    var policy = Policy.starterWithoutNovelty
    policy.requiredLists = .named([])
    return policy
  }()

  func activate(_ policy: Policy, of tenant: TenantID = Installation.tenant) async throws {
    let now = Instant(microseconds: 1_700_000_000_000_001)
    try await pabean.pool.transaction(as: tenant) { tx in
      let version = try PolicyStore.add(policy, by: .person("test"), at: now, tx)
      try PolicyStore.activate(version: version, reason: "test", by: .person("test"), at: now, tx)
    }
  }

  func submit(_ products: [JSONValue], settled count: Int64) async throws {
    try await pabean.publish(products, as: Installation.tenant)
    _ = try await pabean.settled(count)
  }

  private func fill(_ products: [JSONValue], of tenant: TenantID) async throws {
    guard !products.isEmpty else { return }
    try await pabean.publish(products, as: tenant)
    do {
      _ = try await pabean.settled(Int64(products.count), of: tenant, within: .seconds(60))
    } catch {
      let refused = try await pabean.pool.transaction(as: tenant, readOnly: true) { tx in
        try RefusedSubmissions.open(limit: 10, tx).map { "\($0.reference ?? ""): \($0.issues)" }
      }
      Issue.record("not all products became cases: \(refused)")
      throw error
    }
  }

  /// A port that was free a moment ago.
  private static func freePort() async throws -> Int {
    let probe = try HTTPServer(host: "127.0.0.1", port: 0) { _ in .noContent }
    let port = probe.port
    await probe.stop()
    return port
  }

  // MARK: People

  func key(
    _ account: String, _ roles: [String], isPerson: Bool = true, tenant: TenantID = Installation.tenant,
    environment: Domain.Environment = .live
  ) async throws -> String {
    try await pabean.pool.transaction { tx in
      _ = try tx.query("SELECT set_config('app.environment', $1, true)", environment.rawValue)
      try tx.enter(tenant)
      let id = UniqueID(digest: SecureRandom.bytes(16))
      guard isPerson else { return try AccessStore.createKey(id: id, account: account, roles: roles, tx) }
      return try AccessStore.createKey(id: id, of: Desk.person(account, roles, tx), tx)
    }
  }

  /// Who has the address, added where nobody has, and with these roles among theirs.
  private static func person(_ account: String, _ roles: [String], _ tx: borrowing Transaction) throws -> People.Person
  {
    let wanted = roles.compactMap { PersonRole(rawValue: $0) }
    guard var person = try People.find(email: account, tx)?.person else {
      let person = People.Person(
        id: UniqueID(digest: SecureRandom.bytes(16)), email: account, name: account, roles: wanted)
      #expect(try People.add(person, at: Instant(microseconds: 1_700_000_000_000_000), tx))
      // Nobody wrote the address down as one that letters reach.
      let settings = PersonalSettings(language: "auto", notification: .none, noticeRisk: 70, digestHour: 0)
      try settings.save(of: person.id, tx)
      return person
    }
    person.roles += wanted.filter { !person.roles.contains($0) }
    try People.change(person, tx)
    return person
  }

  static let password = "correct horse battery"
  private static let encodedPassword = Argon2id.hash(password, cost: .init(memoryKiB: 64, passes: 1, lanes: 1))

  /// With `Desk.password`, unless they are still to choose one.
  @discardableResult
  func person(
    _ email: String, _ roles: [PersonRole], markets: [String] = [], hasPassword: Bool = true,
    tenant: TenantID = Installation.tenant, environment: Domain.Environment = .live
  ) async throws -> People.Person {
    let person = People.Person(
      id: UniqueID(digest: SecureRandom.bytes(16)), email: email, name: "Name of \(email.prefix { $0 != "@" })",
      roles: roles, markets: markets.compactMap { Market($0) })
    try await pabean.pool.transaction { tx in
      _ = try tx.query("SELECT set_config('app.environment', $1, true)", environment.rawValue)
      try tx.enter(tenant)
      #expect(try People.add(person, at: Instant(microseconds: 1_700_000_000_000_000), tx))
      if hasPassword { try People.setPassword(Desk.encodedPassword, of: person.id, tx) }
    }
    return person
  }

  /// Another process of the same desk.
  func twin(settings: [String: String] = [:]) async throws -> (desk: Desk, process: RunningProcess) {
    let port = try await Desk.freePort()
    let process = try pabean.start(service: "review-desk", settings: settings, httpPort: port)
    let desk = Desk(pabean: pabean, workers: workers, address: "http://127.0.0.1:\(port)")
    _ = try await eventually("the second desk answers") { try? await desk.get("/healthz").status == 200 ? true : nil }
    return (desk, process)
  }

  /// The kinds of what the audit log says about somebody, oldest first.
  func audit(of subject: UniqueID) async throws -> [String] {
    try await pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
      try AuditLog.history(of: subject, tx).map { try JSONParser.parse($0.content)["kind"]?.stringValue ?? "" }
    }
  }

  func revoke(_ account: String) async throws {
    try await pabean.pool.transaction(as: Installation.tenant) { tx in
      _ = try AccessStore.revokeKeys(of: account, at: Instant(microseconds: 1_700_000_000_000_002), tx)
    }
  }

  // MARK: Requests

  func get(_ path: String, key: String? = nil, headers: HTTPHeaders = [:]) async throws -> Answer {
    try await send(.get, path, key: key, headers: headers)
  }

  func post(_ path: String, _ body: JSONValue, key: String?, idempotencyKey: String? = nil) async throws -> Answer {
    var headers: HTTPHeaders = ["content-type": "application/json"]
    if let idempotencyKey { headers["idempotency-key"] = "\"\(idempotencyKey)\"" }
    return try await send(.post, path, key: key, headers: headers, body: body.bytes)
  }

  func send(
    _ method: HTTPMethod, _ path: String, key: String? = nil, headers: HTTPHeaders = [:], body: [UInt8] = []
  ) async throws -> Answer {
    var headers = headers
    if let key { headers["authorization"] = "Bearer \(key)" }
    let response = try await Desk.client.send(
      HTTPClientRequest(
        url: address + path, method: method, headers: headers, body: body, timeout: .seconds(30),
        maxResponseBytes: 4 << 20))
    return Answer(response: response)
  }

  struct Answer: Sendable, CustomStringConvertible {
    var response: HTTPClientResponse

    var status: Int { response.status }
    var text: String { String(decoding: response.body, as: UTF8.self) }
    var json: JSONValue { (try? JSONParser.parse(response.body)) ?? .null }
    subscript(key: String) -> JSONValue? { json[key] }
    var description: String { "\(status) \(text.prefix(1500))" }
    /// Where the first fault of a problem lies.
    var fault: String? { json["errors"]?.arrayValue?.first?["pointer"]?.stringValue }
  }

  // MARK: Cases

  func caseID(_ sku: String, of tenant: TenantID = Installation.tenant) async throws -> CaseID {
    let ids = try await pabean.pool.transaction(as: tenant, readOnly: true) { tx in try CaseStore.find(sku: sku, tx) }
    return try #require(ids.first, "\(sku) has no case")
  }

  func firstCase() async throws -> CaseID {
    let rows = try await pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
      try tx.query("SELECT id FROM customs_case LIMIT 1").first(CaseID.self)
    }
    return try #require(rows)
  }

  func file(_ sku: String, key: String) async throws -> JSONValue {
    try await get("/v1/cases/\(caseID(sku))", key: key).json
  }

  /// Decides with the version that the case has now.
  func decide(_ sku: String, _ request: JSONValue, key: String, idempotencyKey: String? = nil) async throws -> Answer {
    let id = try await caseID(sku)
    var members = request.objectValue ?? JSONObject()
    if members["expectedVersion"] == nil {
      members["expectedVersion"] = try await get("/v1/cases/\(id)", key: key)["version"]
    }
    return try await post("/v1/cases/\(id)/decision", .object(members), key: key, idempotencyKey: idempotencyKey)
  }

  func state(_ sku: String) async throws -> CaseState? {
    let id = try await caseID(sku)
    return try await pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
      try CaseStore.load([id], tx)[id]?.state
    }
  }

  /// As if write-back had given up on the case.
  func fail(_ sku: String, _ state: CaseState, delivery: String, _ error: String) async throws {
    let id = try await caseID(sku)
    try await pabean.pool.transaction(as: Installation.tenant) { tx in
      try tx.execute(
        "UPDATE delivery SET state = $2, last_error = $3, delivered_at = NULL WHERE subject_id = $1", id, delivery,
        error)
      try tx.execute("UPDATE customs_case SET state = $2 WHERE id = $1", id, state)
    }
  }

  func reaches(_ state: CaseState, _ sku: String) async throws {
    _ = try await eventually("\(sku) is \(state.rawValue)") { try await self.state(sku) == state ? true : nil }
  }
}

/// Products that wait for a person.
enum Waiting {
  static func shirt(_ sku: String) -> JSONValue { SampleProducts.cotton(sku: sku) }

  static func with(_ sku: String, _ changes: [String: JSONValue]) -> JSONValue {
    var product = shirt(sku).objectValue ?? JSONObject()
    for (name, value) in changes { product[name] = value }
    return .object(product)
  }
}
