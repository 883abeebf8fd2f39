import ComplianceScreeningEngine
import Domain
import JSON
import PartyLists
import Postgres
import Store
import TestSupport
import Testing

@testable import OperatorCommands

@Suite("The commands about names and lists", .timeLimit(.minutes(5)))
struct NameCommandTests {
  private func file(_ name: String, _ lines: String...) throws -> String {
    let folder = "/tmp/pabean-names-\(UInt64.random(in: 0...UInt64.max))"
    try LocalFile.makeFolder(folder)
    try LocalFile.write(lines.joined(separator: "\n"), to: "\(folder)/\(name)")
    return "\(folder)/\(name)"
  }

  @Test("measure pairs of names, with the figures that others read")
  func compare() async throws {
    let path = try file(
      "pairs.csv", "name1,name2,schema,is_match", "Tobias Ferrinand,\"Ferrinand, Tobias\",Person,true",
      "Tobias Ferrinand,Jonas Kollenberg,Person,false", "Orvanta LLC,Melvora LLC,Company,true")
    let (code, output, errors) = await RecordingConsole.run("compare-names", path, "--json")
    #expect(code == .success, "\(errors)")
    let figures = try JSONParser.parse(output)
    #expect(figures["precision"]?.numeral == "1.0000" && figures["recall"]?.numeral == "0.5000")
    #expect(figures["f1"]?.numeral == "0.6667" && figures["fpr"]?.numeral == "0.0000")
    #expect(figures["threshold"]?.numeral == "0.7000" && figures["usPerPair"]?.numeral != nil)
    let strict = await RecordingConsole.run("compare-names", path, "--threshold", "1", "--json").output
    #expect(try JSONParser.parse(strict)["threshold"]?.numeral == "1.0000")
    #expect(await RecordingConsole.run("compare-names", path, "--threshold", "7").code == .usage)
  }

  @Test("measure a search in the files of a folder")
  func screen() async throws {
    let list = try file("own.csv", "id,name,type", "7,Tobias Ferrinand,person", "8,Orvanta Trading LLC,company")
    let folder = String(list.dropLast("/own.csv".count))
    let queries = try file(
      "queries.csv", "query,expected_id", "Ferinand Tobias,7", "Orvanta Holdings Melvora,8", "Jonas Kollenberg,")
    let (code, output, errors) = await RecordingConsole.run("screen-names", queries, "--list", folder, "--json")
    #expect(code == .success, "\(errors)")
    let figures = try JSONParser.parse(output)
    #expect(figures["recall"]?.numeral == "0.5000" && figures["negativesFlagged"]?.numeral == "0.0000")
    #expect(figures["hitsPerPositive"]?.numeral == "0.5000" && figures["msPerQuery"]?.numeral != nil)
    let said = await RecordingConsole.run("screen-names", queries, "--list", folder, "--mistakes").output
    #expect(said.contains("missed: Orvanta Holdings Melvora"))
  }

  @Test("say which file is no list, and what is missing")
  func refusals() async throws {
    let path = try file("pairs.csv", "a,b", "1,2")
    #expect(await RecordingConsole.run("compare-names", path).errors.contains("name1, name2 and is_match"))
    let folder = String(path.dropLast("/pairs.csv".count))
    let unsure = try file("pairs.csv", "name1,name2,is_match", "Tobias,Jonas,false", "Tobias,Jonas,maybe")
    let (code, _, errors) = await RecordingConsole.run("compare-names", unsure)
    #expect(code == .failure && errors.contains("line 3: is_match is 'maybe'; write true or false"), "\(errors)")
    let bare = try file("pairs.csv", "name1,name2,is_match")
    #expect(await RecordingConsole.run("compare-names", bare).errors.contains("no row below the header"))
    let queries = try file("queries.csv", "query,expected_id", "A,")
    #expect(await RecordingConsole.run("screen-names", queries, "--list", folder).errors.contains("pairs.csv"))
  }

  @Test("load a list once, and say what the next version changes", .database(from: Installation.template))
  func load() async throws {
    let pool = PostgresPool(
      PostgresConfiguration(
        url: try TestDatabase.required().url, applicationName: "pabean-test",
        sessionSettings: [("app.environment", "live")]))
    func load(_ entries: ListedParty...) async throws -> ListImport.Result? {
      let list = PartyList(
        id: "own", version: "\(entries.count)", source: RuleSource(authority: "Test", instrument: "List"),
        entries: entries)
      let work = ListImport([list], .own, activates: true, by: .system("test"))
      return try await pool.transaction(as: Installation.tenant) { tx in
        try work.run(at: Instant(microseconds: 1_790_000_000_000_000), tx).first
      }
    }
    let first = try await load(ListedParty(id: "1", name: "A B"))
    #expect(first?.sentence == "own 1: 1 parties, in force now; 1 added, 0 removed, 0 changed")
    let again = try await load(ListedParty(id: "1", name: "A B"))
    #expect(again?.isNew == false && again?.isActivated == false)
    let second = try await load(ListedParty(id: "1", name: "A BB"), ListedParty(id: "2", name: "C D"))
    #expect(second?.difference.added.count == 1 && second?.difference.changed.count == 1 && second?.isActivated == true)
    await pool.close()
  }
}
