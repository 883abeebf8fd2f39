import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite(
  "What decides cases is changed by commands, in force at once", .installation(markets: ["SG"]),
  .timeLimit(.minutes(10)))
struct RulesInForceTests {
  let pabean: Installation

  init() throws { pabean = try Installation.required() }

  // MARK: The command

  /// As the operator runs it, with the operator's rights and nothing else in the environment.
  private func pabean(_ words: String..., fails: Bool = false) async throws -> String {
    let result = try await Subprocess.run(
      "/usr/bin/env",
      [
        "-i", "PATH=/usr/bin:/bin", "USER=ana", "PABEAN_STATE=\(pabean.folder)/none",
        "PABEAN_DATABASE_URL=\(pabean.databaseURL(role: "pabean_operator"))", Installation.program("pabean"),
      ] + words, deadline: .seconds(120))
    #expect(result.succeeded != fails, "\(words): \(result)")
    return result.stdout + result.stderr
  }

  private func json(_ words: String...) async throws -> JSONValue {
    let result = try await Subprocess.run(
      "/usr/bin/env",
      [
        "-i", "PATH=/usr/bin:/bin", "USER=ana", "PABEAN_STATE=\(pabean.folder)/none",
        "PABEAN_DATABASE_URL=\(pabean.databaseURL(role: "pabean_operator"))", Installation.program("pabean"),
      ] + words + ["--json"], deadline: .seconds(120))
    #expect(result.succeeded, "\(words): \(result)")
    return try JSONParser.parse(Array(result.stdout.utf8))
  }

  private func write(_ text: String, as name: String) async throws -> String {
    let path = "\(pabean.folder)/\(name)"
    let result = try await Subprocess.run("/usr/bin/tee", [path], stdin: Array(text.utf8))
    #expect(result.succeeded)
    return path
  }

  private func submit(_ sku: String, _ changes: [(String, JSONValue)] = [], reach state: CaseState) async throws {
    guard case .object(var object) = SampleProducts.cotton(sku: sku) else { return }
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
      try await write(
        #"""
        {"name":"House rules","rules":[{"id":"no-\#(word)","version":"1","effect":"review","match":[{"words":["\#(word)"]}],
         "summary":"We look at \#(word)s.","source":{"authority":"Acme","instrument":"House rules","excerpt":"E",
         "asOf":"2026-01-01"},"roles":["legal"]}]}
        """#, as: name)
    }
    let first = try await file("gadget", "rules-1.json")
    #expect(try await pabean("rules", "validate", first).contains("valid"))
    _ = try await pabean(
      "rules", "validate", try await write(#"{"name":"","rules":[]}"#, as: "wrong.json"), fails: true)
    try await submit("RULE-0", [("intendedUse", "a gadget")], reach: .writtenBack)
    let tried = try await json("policy", "simulate", "--tenant", "acme", "--rules", first)
    #expect(tried["proposed"]?["findings"]?["own/no-gadget"] == 1)
    _ = try await pabean("rules", "activate", first, "--tenant", "acme", "--reason", "We look at them.")
    try await submit("RULE-1", [("intendedUse", "a gadget")], reach: .awaitingDecision)
    #expect(try await pabean("rules", "show", "--tenant", "acme").contains("no-gadget"))
    let second = try await file("widget", "rules-2.json")
    _ = try await pabean("rules", "activate", second, "--tenant", "acme", "--reason", "Widgets instead.")
    try await submit("RULE-2", [("intendedUse", "a gadget, no widget")], reach: .awaitingDecision)
    _ = try await pabean("rules", "rollback", "--tenant", "acme", "--reason", "Gadgets after all.")
    try await submit("RULE-3", [("intendedUse", "a widget")], reach: .writtenBack)
    _ = try await pabean("rules", "retire", "--tenant", "acme", "--reason", "None any more.")
    try await submit("RULE-4", [("intendedUse", "a gadget")], reach: .writtenBack)
    let history = try await pabean("rules", "history", "--tenant", "acme")
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
    let path = try await write(stricter.json.text, as: "SG.json")
    try await submit("PACK-0", [("intendedUse", "a frisbee")], reach: .writtenBack)
    let tried = try await json("policy", "simulate", "--tenant", "acme", "--pack", path)
    #expect(tried["proposed"]?["findings"]?["SG-test-frisbee"] == 1)
    _ = try await pabean("pack", "activate", path, "--reason", "Frisbees hurt.")
    #expect(try await pabean("pack", "list").contains(stricter.version))
    try await submit("PACK-1", [("intendedUse", "a frisbee")], reach: .awaitingDecision)
    #expect(try await screening(of: "PACK-1").packVersion == "SG@\(stricter.version)")
    _ = try await pabean("pack", "rollback", "--market", "SG", "--reason", "They do not.")
    try await submit("PACK-2", [("intendedUse", "a frisbee")], reach: .writtenBack)
    let history = try await pabean("pack", "history", "--market", "SG")
    #expect(history.contains("Frisbees hurt.") && history.contains("They do not."))
  }

  @Test("a tariff and a policy are tried on what was decided, and change nothing")
  func simulation() async throws {
    try await submit("TRY-1", reach: .writtenBack)
    let tariff = try await write(
      """
      edition 2099.1
      source 2020-01-01 Test | Test | 2026-11-20
      61 25 %

      """, as: "SG.txt")
    let tried = try await json("policy", "simulate", "--tenant", "acme", "--tariff", tariff)
    func tax(_ side: String) -> String? { tried[side]?["dutyAndTaxes"]?["SGD"]?.stringValue }
    #expect(tax("inForce") != tax("proposed"))
    _ = try await pabean(
      "policy", "simulate", "--tenant", "acme", "--tariff", "\(pabean.folder)/nowhere.txt", fails: true)
    var policy = try #require(
      try await pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
        try PolicyStore.active(tx)?.policy
      })
    policy.requiredLists = .named(["un-consolidated"])
    let strict = try await json(
      "policy", "simulate", "--tenant", "acme", "--policy", try await write(policy.json.text, as: "strict.json"))
    #expect(strict["proposed"]?["lanes"]?["auto"] == 0)
    #expect(try await pabean.cases(of: "TRY-1").map(\.state) == [.writtenBack])
  }

  @Test("a product is shown in all its markets")
  func product() async throws {
    try await submit("SHOW-1", reach: .writtenBack)
    let shown = try await pabean("product", "show", "SHOW-1", "--tenant", "acme")
    #expect(shown.contains("SG") && shown.contains("6109"))
  }

  // MARK: Lists and rates

  @Test("lists: loaded, compared, held back, put into force and retired")
  func lists() async throws {
    func file(_ rows: Int, _ name: String) async throws -> String {
      let text = (["id,name"] + (0..<rows).map { "E\($0),Zintar Holdings \($0)" }).joined(separator: "\n")
      return try await write(text, as: name)
    }
    let path = try await file(30, "embassy.csv")
    #expect(try await pabean("lists", "import", path, "--published", "2026-11-01").contains("in force now"))
    #expect(try await pabean("lists", "show").contains("embassy"))
    #expect(try await pabean("lists", "show", "embassy", "E7").contains("Zintar Holdings 7"))
    _ = try await file(12, "embassy.csv")
    #expect(try await pabean("lists", "diff", path).contains("0 added, 18 removed, 0 changed"))
    let refused = try await pabean("lists", "import", path, "--published", "2026-11-02", fails: true)
    #expect(refused.contains("cut off"))
    let version = try #require(refused.split(separator: " ").first { $0.hasPrefix("2026-11-02-") })
    #expect(try await json("lists", "show").arrayValue?.first?["parties"] == 30)
    let done = try await pabean("lists", "activate", "embassy", String(version), "--reason", "They confirmed it.")
    #expect(done.contains("in force now"))
    #expect(try await json("lists", "show").arrayValue?.first?["parties"] == 12)
    #expect(try await pabean("lists", "retire", "embassy").contains("out of use"))
    #expect(try await pabean("lists", "watch", "un", "http://lists.example/un.xml", fails: true).contains("https"))
    _ = try await pabean("lists", "watch", "un", "https://lists.example/un.xml", "--every", "12")
    #expect(try await json("lists", "sources").arrayValue?.first?["everyHours"] == 12)
    #expect(try await pabean("lists", "refresh", "un").contains("within seconds"))
    #expect(try await pabean("lists", "unwatch", "un").contains("no more"))
    #expect(try await pabean("lists", "unwatch", "un", fails: true).contains("no source"))
  }

  @Test("rates of exchange take the place of the samples, and a currency without one asks a person")
  func rates() async throws {
    try await submit("RATE-0", reach: .writtenBack)
    #expect(try await screening(of: "RATE-0").listVersions.contains { $0.hasPrefix("rates-SG@") } == false)
    let euro = try await write("currency,rate,units\nEUR,152.5,100\n", as: "euro.csv")
    _ = try await pabean(
      "exchange-rates", "import", euro, "--market", "SG", "--source", "Customs", "--from", "2026-11-01",
      "--valid-days", "3650")
    try await submit("RATE-1", reach: .awaitingDecision)
    #expect(try await pabean.routingReasons(of: "RATE-1").contains { $0.contains("duty estimate") })
    let dollar = try await write("currency,rate,from\nUSD,1.31,2026-11-02\nUSD,9,2026-01-01\n", as: "dollar.csv")
    _ = try await pabean(
      "exchange-rates", "import", dollar, "--market", "SG", "--source", "Customs", "--valid-days", "3650")
    try await submit("RATE-2", reach: .writtenBack)
    #expect(try await screening(of: "RATE-2").listVersions.contains { $0.hasPrefix("rates-SG@") })
    let shown = try await json("exchange-rates", "show", "--market", "SG").arrayValue ?? []
    #expect(shown.map { $0["currency"]?.stringValue } == ["EUR", "USD"])
    #expect(shown.map { $0["perUnit"]?.numeral } == ["1.525", "1.31"])
    let old = try await write("currency,rate\nUSD,1.4\n", as: "old.csv")
    _ = try await pabean(
      "exchange-rates", "import", old, "--market", "SG", "--source", "Customs", "--from", "2026-11-03",
      "--valid-days", "1")
    try await submit("RATE-3", reach: .awaitingDecision)
    #expect(try await pabean.routingReasons(of: "RATE-3").contains { $0.contains("time is over") })
  }
}
