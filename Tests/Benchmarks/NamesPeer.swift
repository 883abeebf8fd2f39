import ComplianceScreeningEngine
import Glibc
import JSON
import Names
import PartyLists
import TestSupport

/// Names compared and screened by us and by nomenklatura's logic-v2, on the same published names.
struct NamesPeer: Sendable {
  let folder: String
  let environment: PeerEnvironment

  private static let peer = "nomenklatura"
  /// Each of its queries takes seconds.
  private static let screeningSeconds = 20

  func measure(_ report: inout Report) async throws {
    guard let data = getenv("PABEAN_SHARED_DATA").map({ String(cString: $0) }) else {
      return note("names: not measured, for PABEAN_SHARED_DATA names no folder with names and lists to measure on")
    }
    let pairsFile = "\(data)/screening/name_pairs_dev.csv"
    let queriesFile = "\(data)/screening/sdn_queries_dev.csv"
    let pairs = try PairEvaluation(PairEvaluation.pairs(csv: NamesPeer.read(pairsFile)))
    let lists = try ListFiles(at: "\(data)/screening/ofac_2021-07-07").lists()
    let queries = try ScreenEvaluation(
      ScreenEvaluation.queries(csv: NamesPeer.read(queriesFile)), in: PartyScreen(lists: lists))
    let peer = await compared(pairsFile)
    report.add("names: F1 of pairs", pairs.f1 * 100, "%", against: peer?["f1"]?.doubleValue.map { $0 * 100 })
    report.add(
      "names: false positive rate", pairs.falsePositiveRate * 100, "%",
      against: peer?["fpr"]?.doubleValue.map { $0 * 100 })
    report.add("names: a pair", pairs.microsecondsPerPair, "µs", against: peer?["usPerPair"]?.doubleValue)
    report.add("names: recall of queries", queries.recall * 100, "%", against: nil)
    report.add("names: others flagged", queries.negativesFlagged * 100, "%", against: nil)
    let screened = peer == nil ? nil : await screened(queriesFile, lists)
    report.add(
      "names: a query against the list", queries.millisecondsPerQuery, "ms",
      against: screened?["msPerQuery"]?.doubleValue)
  }

  // MARK: The peer

  private func compared(_ pairs: String) async -> JSONValue? {
    do {
      try await environment.prepare()
      return try await run(["compare", pairs], seconds: 300)
    } catch {
      note("names: measured without \(NamesPeer.peer), which is not to be had here: \(error)")
      return nil
    }
  }

  private func screened(_ queries: String, _ lists: [PartyList]) async -> JSONValue? {
    do {
      let names = "\(folder)/names.csv"
      try NamesPeer.write(NamesPeer.csv(lists), to: names)
      return try await run(["screen", queries, names, "\(NamesPeer.screeningSeconds)"], seconds: 600)
    } catch {
      note("names: \(NamesPeer.peer) could not screen: \(error)")
      return nil
    }
  }

  private func run(_ arguments: [String], seconds: Int) async throws -> JSONValue {
    let script = "\(PeerEnvironment.sources)/nomenklatura_names.py"
    let result = try await Subprocess.run(environment.python, [script] + arguments, deadline: .seconds(seconds))
    guard result.succeeded else { throw Unmeasurable("\(script) \(arguments): \(result)") }
    return try JSONParser.parse(Array(result.stdout.utf8))
  }

  // MARK: Files

  private static func csv(_ lists: [PartyList]) -> String {
    func quoted(_ text: String) -> String { "\"\(text.split(separator: "\"").joined(separator: "\"\""))\"" }
    let schemas: [String: String] = ["person": "Person", "organisation": "Organization", "vessel": "Vessel"]
    let rows = lists.flatMap(\.entries).flatMap { entry in
      entry.names.map { "\(quoted($0.text)),\(schemas[entry.kind.rawValue] ?? "LegalEntity")" }
    }
    return (["name,schema"] + rows).joined(separator: "\n")
  }

  private static func read(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "r") else { throw Unmeasurable("\(path) cannot be opened") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    return bytes
  }

  private static func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "w") else { throw Unmeasurable("\(path) cannot be written") }
    fputs(text, file)
    fclose(file)
  }
}

extension Report {
  /// The ratio is the peer's figure to ours.
  fileprivate mutating func add(_ name: String, _ figure: Double, _ unit: String, against peer: Double?) {
    rows.append(
      Row(
        name: name, figure: figure, unit: unit, reference: peer.map { "nomenklatura \(Report.text($0))" },
        ratio: peer.map { figure > 0 ? $0 / figure : 0 }))
  }
}
