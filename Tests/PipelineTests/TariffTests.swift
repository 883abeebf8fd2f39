import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite("A tariff that its authority publishes", .installation(markets: ["SG"]), .timeLimit(.minutes(10)))
struct TariffTests {
  @Test("is compared before it holds, and takes back the cases that it changes something for, and no others")
  func activation() async throws {
    let pabean = try Installation.required()
    let command = OperatorCommand(pabean)
    try await pabean.publish([SampleProducts.cotton(sku: "TARIFF-1", price: "600.00")], ids: ["tariff-1"])
    let id = try #require(try await pabean.cases(of: "TARIFF-1", reach: [.writtenBack]).first?.id)
    let code = try #require(try await pabean.decisions(of: id).last?.code)
    guard case .object(var mug) = SampleProducts.cotton(sku: "TARIFF-2", price: "600.00") else { return }
    mug["title"] = "Ceramic coffee mug 350 ml"
    mug["category"] = "Home > Kitchen > Mugs"
    mug["materials"] = "100% ceramic"
    try await pabean.publish([.object(mug)], ids: ["tariff-2"])
    let other = try #require(try await pabean.cases(of: "TARIFF-2", reach: [.writtenBack]).first?.id)
    // As it is now, but for the lines of one code.
    let otherCode = try #require(try await pabean.decisions(of: other).last?.code)
    let rows = [(code, "5 %"), (otherCode, "0 %")].map { code, rate in
      "\(code.digits + String(repeating: "0", count: max(0, 8 - code.digits.utf8.count))),u,\(rate)"
    }
    let file = try await command.write((["code,unit,rate"] + rows).joined(separator: "\n"), as: "sg.csv")
    let unserved = try await command.run(
      "reference", "import", file, "--market", "XX", "--source", "Customs", "--from", "2026-01-01", fails: true)
    #expect(unserved.contains("--market XX is not served") && unserved.contains("SG"))
    let american = try await command.write("HTS Number,General Rate of Duty,Unit\n6109.10.00,Free,kg\n", as: "us.csv")
    let foreign = try await command.run(
      "reference", "import", american, "--market", "SG", "--source", "USITC", "--from", "2026-01-01", fails: true)
    #expect(foreign.contains("in the form of the US HTS, which is not the tariff of SG"), "\(foreign)")
    let said = try await command.json(
      "reference", "import", file, "--market", "SG", "--source", "Customs", "--from", "2026-01-01")
    #expect(said["cases"] == 1 && said["form"] == "plain", "\(said)")
    #expect(said["effects"]?.arrayValue?.first?["code"]?.stringValue == code.digits)
    #expect(try await pabean.cases(of: "TARIFF-1").map(\.state) == [.writtenBack], "loading changes nothing")
    _ = try await command.run(
      "reference", "activate", "2026-01-01", "--market", "SG", "--reason", "The new tariff.")
    _ = try await pabean.cases(of: "TARIFF-1", reach: [.awaitingDecision])
    let screening = try await pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
      try ScreeningStore.latest([id], tx)[id]?.screening
    }
    #expect(screening?.findings.contains { $0.ruleID == "engine/tariff-changed" } == true)
    #expect(screening?.listVersions.contains("tariff-SG@2026-01-01") == true)
    #expect(screening?.duties.first?.duty?.minorUnits ?? 0 > 0, "the new duty is what is shown")
    try await TestReviewer(pabean).decide(id, .approve(code))
    _ = try await pabean.cases(of: "TARIFF-1", reach: [.writtenBack])
    #expect(try await pabean.cases(of: "TARIFF-2").map(\.state) == [.writtenBack])
    #expect(try await !pabean.audit(of: other.value).contains("case.recalled"))
    #expect(try await command.run("reference", "history").contains("The new tariff."))
  }
}
