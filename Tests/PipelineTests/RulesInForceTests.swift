import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite(
  "What decides cases is changed by commands, in force at once", .installation(markets: ["SG", "MY"]),
  .timeLimit(.minutes(10)))
struct RulesInForceTests {
  let pabean: Installation
  let command: OperatorCommand

  init() throws {
    pabean = try Installation.required()
    command = OperatorCommand(pabean)
  }

  private func submit(
    _ sku: String, _ changes: [(String, JSONValue)] = [], in market: String = "SG", reach state: CaseState
  ) async throws {
    guard case .object(var object) = SampleProducts.cotton(sku: sku, markets: [market]) else { return }
    for (key, value) in changes { object[key] = value }
    try await pabean.publish([.object(object)], ids: [sku])
    _ = try await pabean.cases(of: sku, reach: [state])
  }

  private func screening(of sku: String) async throws -> Screening {
    let found = try await pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
      try ScreeningStore.latest(try CaseStore.find(sku: sku, tx), tx).values.first?.screening
    }
    return try #require(found)
  }

  // MARK: Rules, packs, policies

  @Test("own rules: tried, put into force, rolled back and retired; each step stands in the history")
  func rules() async throws {
    func file(_ word: String, _ name: String) async throws -> String {
      try await command.write(
        #"""
        {"name":"House rules","rules":[{"id":"no-\#(word)","version":"1","effect":"review","match":[{"words":["\#(word)"]}],
         "summary":"We look at \#(word)s.","source":{"authority":"Acme","instrument":"House rules","excerpt":"E",
         "asOf":"2026-01-01"},"roles":["legal"]}]}
        """#, as: name)
    }
    let first = try await file("gadget", "rules-1.json")
    #expect(try await command.run("rules", "validate", first).contains("valid"))
    _ = try await command.run(
      "rules", "validate", try await command.write(#"{"name":"","rules":[]}"#, as: "wrong.json"), fails: true)
    try await submit("RULE-0", [("intendedUse", "a gadget")], reach: .writtenBack)
    let tried = try await command.json("policy", "simulate", "--tenant", "acme", "--rules", first)
    #expect(tried["proposed"]?["findings"]?["own/no-gadget"] == 1)
    _ = try await command.run("rules", "activate", first, "--tenant", "acme", "--reason", "We look at them.")
    try await submit("RULE-1", [("intendedUse", "a gadget")], reach: .awaitingDecision)
    #expect(try await command.run("rules", "show", "--tenant", "acme").contains("no-gadget"))
    let second = try await file("widget", "rules-2.json")
    _ = try await command.run("rules", "activate", second, "--tenant", "acme", "--reason", "Widgets instead.")
    try await submit("RULE-2", [("intendedUse", "a gadget, no widget")], reach: .awaitingDecision)
    _ = try await command.run("rules", "rollback", "--tenant", "acme", "--reason", "Gadgets after all.")
    try await submit("RULE-3", [("intendedUse", "a widget")], reach: .writtenBack)
    _ = try await command.run("rules", "retire", "--tenant", "acme", "--reason", "None any more.")
    try await submit("RULE-4", [("intendedUse", "a gadget")], reach: .writtenBack)
    let history = try await command.run("rules", "history", "--tenant", "acme")
    for reason in ["We look at them.", "Widgets instead.", "Gadgets after all.", "None any more."] {
      #expect(history.contains(reason))
    }
  }

  @Test("a market pack: tried, put into force and rolled back")
  func packs() async throws {
    let pack = try #require(
      try await pabean.pool.transaction(readOnly: true) { tx in
        try MarketPackStore.inForce(tx).first { $0.market.code == "SG" }
      })
    var stricter = pack
    stricter.version = "\(pack.version)-stricter"
    stricter.rules.append(
      ScreeningRule(
        id: "SG-test-frisbee", version: "1", effect: .prohibit, match: [RuleTest(words: ["frisbee"])],
        summary: "No frisbees.",
        source: RuleSource(authority: "Test", instrument: "Test", excerpt: "E", asOf: pack.validFrom)))
    let path = try await command.write(stricter.json.text, as: "SG.json")
    try await submit("PACK-0", [("intendedUse", "a frisbee")], reach: .writtenBack)
    let tried = try await command.json("policy", "simulate", "--tenant", "acme", "--pack", path)
    #expect(tried["proposed"]?["findings"]?["SG-test-frisbee"] == 1)
    _ = try await command.run("pack", "activate", path, "--reason", "Frisbees hurt.")
    #expect(try await command.run("pack", "list").contains(stricter.version))
    try await submit("PACK-1", [("intendedUse", "a frisbee")], reach: .awaitingDecision)
    #expect(try await screening(of: "PACK-1").packVersion == "SG@\(stricter.version)")
    _ = try await command.run("pack", "rollback", "--market", "SG", "--reason", "They do not.")
    try await submit("PACK-2", [("intendedUse", "a frisbee")], reach: .writtenBack)
    let history = try await command.run("pack", "history", "--market", "SG")
    #expect(history.contains("Frisbees hurt.") && history.contains("They do not."))
  }

  @Test("a tariff and a policy are tried on what was decided, and change nothing")
  func simulation() async throws {
    try await submit("TRY-1", [("price", "600.00")], reach: .writtenBack)
    let tariff = try await command.write("code,unit,rate\n61091000,u,25 %\n61091010,u,25 %\n", as: "SG.csv")
    let tried = try await command.json("policy", "simulate", "--tenant", "acme", "--tariff", tariff)
    func tax(_ side: String) -> String? { tried[side]?["dutyAndTaxes"]?["SGD"]?.stringValue }
    #expect(tax("inForce") != tax("proposed"))
    _ = try await command.run(
      "policy", "simulate", "--tenant", "acme", "--tariff", "\(pabean.folder)/SG.txt", fails: true)
    var policy = try #require(
      try await pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
        try PolicyStore.active(tx)?.policy
      })
    policy.requiredLists = .named(["un-consolidated"])
    let strict = try await command.json(
      "policy", "simulate", "--tenant", "acme", "--policy", try await command.write(policy.json.text, as: "strict.json")
    )
    #expect(strict["proposed"]?["lanes"]?["auto"] == 0)
    #expect(try await pabean.cases(of: "TRY-1").map(\.state) == [.writtenBack])
  }

  @Test("a product is shown in all its markets")
  func product() async throws {
    try await submit("SHOW-1", reach: .writtenBack)
    let shown = try await command.run("product", "show", "SHOW-1", "--tenant", "acme")
    #expect(shown.contains("SG") && shown.contains("6109"))
  }

  // MARK: Lists and rates

  @Test("lists: loaded, compared, held back, put into force and retired")
  func lists() async throws {
    func file(_ rows: Int, _ name: String) async throws -> String {
      let text = (["id,name"] + (0..<rows).map { "E\($0),Zintar Holdings \($0)" }).joined(separator: "\n")
      return try await command.write(text, as: name)
    }
    let path = try await file(30, "embassy.csv")
    #expect(try await command.run("lists", "import", path, "--published", "2026-11-01").contains("in force now"))
    #expect(try await command.run("lists", "show").contains("embassy"))
    #expect(try await command.run("lists", "show", "embassy", "E7").contains("Zintar Holdings 7"))
    _ = try await file(12, "embassy.csv")
    #expect(try await command.run("lists", "diff", path).contains("0 added, 18 removed, 0 changed"))
    let refused = try await command.run("lists", "import", path, "--published", "2026-11-02", fails: true)
    #expect(refused.contains("cut off"))
    let version = try #require(refused.split { $0 == " " || $0 == ":" }.first { $0.hasPrefix("2026-11-02-") })
    #expect(try await command.json("lists", "show").arrayValue?.first?["parties"] == 30)
    let done = try await command.run("lists", "activate", "embassy", String(version), "--reason", "They confirmed it.")
    #expect(done.contains("in force now"))
    #expect(try await command.json("lists", "show").arrayValue?.first?["parties"] == 12)
    #expect(try await command.run("lists", "retire", "embassy").contains("out of use"))
    #expect(try await command.run("lists", "watch", "un", "http://lists.example/un.xml", fails: true).contains("https"))
    _ = try await command.run("lists", "watch", "un", "https://lists.example/un.xml", "--every", "12")
    #expect(try await command.json("lists", "sources").arrayValue?.first?["everyHours"] == 12)
    #expect(try await command.run("lists", "refresh", "un").contains("within seconds"))
    #expect(try await command.run("lists", "unwatch", "un").contains("no more"))
    #expect(try await command.run("lists", "unwatch", "un", fails: true).contains("no source"))
  }

  @Test("rates of exchange take the place of the samples, and a currency without one asks a person")
  func rates() async throws {
    try await submit("RATE-0", in: "MY", reach: .writtenBack)
    #expect(try await screening(of: "RATE-0").listVersions.contains { $0.hasPrefix("rates-MY@") } == false)
    let euro = try await command.write("currency,rate,units\nEUR,152.5,100\n", as: "euro.csv")
    _ = try await command.run(
      "exchange-rates", "import", euro, "--market", "MY", "--source", "Customs", "--from", "2026-11-01",
      "--valid-days", "3650")
    try await submit("RATE-1", in: "MY", reach: .awaitingDecision)
    #expect(try await pabean.routingReasons(of: "RATE-1").contains { $0.contains("duty estimate") })
    let dollar = try await command.write(
      "currency,rate,from\nUSD,1.31,2026-11-02\nUSD,9,2026-01-01\n", as: "dollar.csv")
    _ = try await command.run(
      "exchange-rates", "import", dollar, "--market", "MY", "--source", "Customs", "--valid-days", "3650")
    try await submit("RATE-2", in: "MY", reach: .writtenBack)
    #expect(try await screening(of: "RATE-2").listVersions.contains { $0.hasPrefix("rates-MY@") })
    let shown = try await command.json("exchange-rates", "show", "--market", "MY").arrayValue ?? []
    #expect(shown.map { $0["currency"]?.stringValue } == ["EUR", "USD"])
    #expect(shown.map { $0["perUnit"]?.numeral } == ["1.525", "1.31"])
    let old = try await command.write("currency,rate\nUSD,1.4\n", as: "old.csv")
    _ = try await command.run(
      "exchange-rates", "import", old, "--market", "MY", "--source", "Customs", "--from", "2026-11-03",
      "--valid-days", "1")
    try await submit("RATE-3", in: "MY", reach: .awaitingDecision)
    #expect(try await pabean.routingReasons(of: "RATE-3").contains { $0.contains("time is over") })
  }
}
