import ComplianceScreeningEngine
import Domain
import JSON
import Names
import PartyLists
import Postgres
import Store
import TestSupport
import Testing

@Suite("Party lists in the database", .timeLimit(.minutes(5)))
struct ListsInForceTests {
  private static let actor = Actor.system("test")
  private static let now = Instant(microseconds: 1_790_000_000_000_000)
  private static let other = Installation.otherTenant
  private static let noEmbargo = Embargo(version: "1", entries: [])

  private func list(_ id: String, _ version: String, _ names: String...) -> PartyList {
    PartyList(
      id: id, version: version, source: RuleSource(authority: "Test", instrument: "List"),
      entries: names.enumerated().map { ListedParty(id: "\($0.offset + 1)", name: $0.element) })
  }

  private func load(_ list: PartyList, _ scope: PartyListStore.Scope, _ tx: borrowing Transaction) throws {
    _ = try PartyListStore.load(PartyListStore.Stored(list), in: scope, by: Self.actor, at: Self.now, tx)
    _ = try PartyListStore.activate(
      list: list.id, version: list.version, in: scope, by: Self.actor, at: Self.now, tx)
  }

  private func with<R: Sendable>(_ role: String? = nil, _ body: (PostgresPool) async throws -> R) async throws -> R {
    let url = try TestDatabase.required().url
    let pool = PostgresPool(
      PostgresConfiguration(
        url: role.map { "\(url)?options=-c%20role%3D\($0)" } ?? url, applicationName: "pabean-test", poolSize: 2,
        sessionSettings: [("app.environment", "live")]))
    let result: Result<R, any Error>
    do { result = .success(try await body(pool)) } catch { result = .failure(error) }
    await pool.close()
    return try result.get()
  }

  @Test(
    "a new version is in force from the next look on, and a retired list is not", .database(from: Installation.template)
  )
  func reload() async throws {
    try await with { pool in
      let lists = ListsInForce(embargo: Self.noEmbargo)
      func hits(_ name: String) async throws -> [String] {
        try await pool.transaction { tx in try lists.refresh(tx) }
        return lists.published.hits(name).map(\.list.version)
      }
      #expect(try await hits("Quelmora Imports") == [])
      try await pool.transaction { tx in try load(list("test", "1", "Quelmora Imports Ltd"), .published, tx) }
      #expect(try await hits("Quelmora Imports") == ["1"])
      try await pool.transaction { tx in try load(list("test", "2", "Somebody Other"), .published, tx) }
      #expect(try await hits("Quelmora Imports") == [])
      #expect(try await hits("Somebody Other") == ["2"])
      let isRetired = try await pool.transaction { tx in
        try PartyListStore.activate(list: "test", version: nil, in: .published, by: Self.actor, at: Self.now, tx)
      }
      #expect(isRetired)
      #expect(try await hits("Somebody Other") == [])
    }
  }

  @Test("the same version loaded again changes nothing", .database(from: Installation.template))
  func again() async throws {
    try await with { pool in
      let (isNew, isActivated, generations) = try await pool.transaction { tx in
        let stored = PartyListStore.Stored(list("test", "1", "A B"))
        try load(list("test", "1", "A B"), .published, tx)
        let first = try PartyListStore.generation(.published, tx)
        let isNew = try PartyListStore.load(stored, in: .published, by: Self.actor, at: Self.now, tx)
        let isActivated = try PartyListStore.activate(
          list: "test", version: "1", in: .published, by: Self.actor, at: Self.now, tx)
        return (isNew, isActivated, [first, try PartyListStore.generation(.published, tx)])
      }
      #expect(!isNew && !isActivated && generations[0] == generations[1])
    }
  }

  @Test("a tenant's own list is nobody else's", .database(from: Installation.template))
  func own() async throws {
    try await with { pool in
      try await pool.transaction(as: Installation.tenant) { tx in
        try load(list("mine", "1", "Quelmora Imports Ltd"), .own, tx)
      }
      try await with("pabean_compliance_screening") { pool in
        let lists = ListsInForce(embargo: Self.noEmbargo)
        let mine = try await pool.transaction(as: Installation.tenant) {
          try lists.parties(of: Installation.tenant, $0)
        }
        let theirs = try await pool.transaction(as: Self.other) { try lists.parties(of: Self.other, $0) }
        #expect(mine.lists?.hits("Quelmora Imports").count == 1)
        #expect(theirs.lists == nil)
      }
    }
  }

  @Test(
    "a judgement is remembered until it expires, and the newest of a name and entry counts",
    .database(from: Installation.template))
  func judgements() async throws {
    try await with { pool in
      let entry = ListedParty(id: "1", name: "Quelmora Imports Ltd")
      let key = PartyClearances.Key("QUELMORA Imports", isNot: entry, on: "test")
      @Sendable func clearance(until: Instant) -> ClearedParties.Clearance {
        ClearedParties.Clearance(
          list: "test", entry: "1", entryHash: key.entryHash, nameKey: key.nameKey, name: "QUELMORA Imports",
          reason: "another register number", expiresAt: until)
      }
      let later = Instant(microseconds: Self.now.microseconds + 1_000_000)
      let inForce = try await pool.transaction(as: Installation.tenant) { tx in
        try ClearedParties.add(clearance(until: later), by: Self.actor, at: Self.now, tx)
        let first = try ClearedParties.inForce(at: Self.now, tx).count
        let expired = try ClearedParties.inForce(at: later, tx).count
        try ClearedParties.add(clearance(until: Self.now), by: Self.actor, at: Self.now, tx)
        return [first, expired, try ClearedParties.inForce(at: Self.now, tx).count]
      }
      #expect(inForce == [1, 0, 0])
    }
  }

  @Test("documents wait while a seller or consignee may be a listed party")
  func shipments() throws {
    let lists = ListsInForce(
      always: [list("test", "1", "Quelmora Imports Ltd")], embargo: Self.noEmbargo)
    var shipment = try Shipment(json: JSONCursor(SampleProducts.shipment("S-1", lines: [("A", 1)])))
    let date = Self.now.date
    #expect(lists.findings(shipment, Self.tenant, on: date) == [])
    shipment.consignee.name = "Quelmora Imports Pte Ltd"
    let found = lists.findings(shipment, Self.tenant, on: date)
    #expect(found.map { $0.observed.first?.field } == ["/consignee/name"])
    #expect(found.first?.blocksClearance == true)
  }

  private func shipment(_ change: (inout Shipment) -> Void = { _ in }) throws -> Shipment {
    var shipment = try Shipment(json: JSONCursor(SampleProducts.shipment("S-1", lines: [("A", 1)])))
    change(&shipment)
    return shipment
  }

  private static let tenant = TenantParties(required: .named([]))

  @Test("each party of a shipment is looked up, and its vessel among ships")
  func everyParty() throws {
    var ship = ListedParty(id: "9", name: "Vantorel Star")
    ship.kind = .vessel
    let listed = PartyList(
      id: "test", version: "1", source: RuleSource(authority: "Test", instrument: "List"),
      entries: [ListedParty(id: "1", name: "Quelmora Imports Ltd"), ship])
    let lists = ListsInForce(always: [listed], embargo: Self.noEmbargo)
    func fields(_ change: (inout Shipment) -> Void) throws -> [String?] {
      lists.findings(try shipment(change), Self.tenant, on: Self.now.date).map { $0.observed.first?.field }
    }
    #expect(try fields { _ in } == [])
    #expect(try fields { $0.seller.name = "Quelmora Imports" } == ["/seller/name"])
    #expect(try fields { $0.notifyParty = Party(name: "QUELMORA IMPORTS LTD") } == ["/notifyParty/name"])
    #expect(try fields { $0.vessel = "MV Vantorel Star" } == ["/vessel"])
    #expect(try fields { $0.vessel = "Ever Harmless" } == [])
  }

  @Test("a consignee in an embargoed country or region holds the shipment, in another country does not")
  func destinations() throws {
    let source = RuleSource(authority: "Test", instrument: "Embargo")
    let country = try #require(CountryCode("KP"))
    let other = try #require(CountryCode("UA"))
    let bound = Embargo.Bound(effect: .review, summary: "There.")
    let lists = ListsInForce(
      embargo: Embargo(
        version: "1",
        entries: [
          Embargo.Entry(
            country: country, effect: .prohibit, summary: "From.",
            toThere: .init(effect: .prohibit, summary: "To."), source: source),
          Embargo.Entry(
            country: other, regions: ["crimea", "крым"], alsoWritten: CountryCode("RU"), effect: .review,
            summary: "From there.", toThere: bound, source: source),
        ]))
    func found(_ change: (inout Shipment) -> Void) throws -> [Finding] {
      lists.findings(try shipment(change), Self.tenant, on: Self.now.date)
    }
    #expect(try found { _ in } == [])
    let toCountry = try found { $0.consignee.country = country }
    #expect(toCountry.map(\.ruleID) == ["engine/embargoed-destination"])
    #expect(toCountry.first?.effect == .prohibit && toCountry.first?.observed.first?.field == "/consignee/country")
    #expect(try found { $0.notifyParty = Party(name: "N", country: country) }.count == 1)
    #expect(try found { $0.exportCountry = country }.map(\.summary) == ["From."])
    for (code, address, isHeld) in [
      ("UA", "1 Main St, Simferopol, Crimea", true), ("RU", "г. Симферополь, Крым", true),
      ("UA", "1 Main St, Kyiv", false), ("SG", "12 Crimea Road", false), (nil, "Yalta, Crimea", true),
    ] as [(String?, String, Bool)] {
      let findings = try found {
        $0.consignee = Party(name: "Buyer", country: code.flatMap { CountryCode($0) }, address: address)
      }
      #expect(findings.isEmpty == !isHeld, "\(address)")
    }
  }

  @Test("a list that is asked for and not in force, or too old, holds shipments")
  func missing() throws {
    let old = PartyList(
      id: "mine", version: "1",
      source: RuleSource(authority: "Test", instrument: "List", asOf: CalendarDate("2020-01-01")), entries: [])
    let sample = list(PartyList.sampleID, "1", "Fictitious")
    func rules(_ required: RequiredLists, _ lists: PartyList...) throws -> [String] {
      ListsInForce(always: lists, embargo: Self.noEmbargo)
        .findings(try shipment(), TenantParties(required: required), on: Self.now.date).map(\.ruleID)
    }
    #expect(try rules(.anyPublished) == ["engine/missing-list"])
    #expect(try rules(.anyPublished, sample) == ["engine/missing-list"])
    #expect(try rules(.anyPublished, sample, list("un", "1", "A B")) == [])
    #expect(try rules(.named(["un"]), sample) == ["engine/missing-list"])
    #expect(try rules(.named([PartyList.sampleID]), sample) == [])
    #expect(try rules(.named([]), old) == ["engine/stale-list"])
  }
}
