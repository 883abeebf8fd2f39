import Glibc
import HTTP
import JSON
import TestSupport
import Testing

@testable import OperatorCommands

/// The whole of it, as a newcomer meets it: up, look, submit, down.
@Suite(.serialized, .timeLimit(.minutes(10))) struct UpTests {
  @Test func `up runs the pipeline on its sample catalogue, and down leaves no process behind`() async throws {
    let folder = try UpTests.makeFolder()
    let result = await Result { try await UpTests.walkThrough(folder) }
    _ = try? await UpTests.pabean(["down"], in: folder)
    let left = UpTests.processes(mentioning: folder)
    _ = try await Subprocess.run("rm", ["-rf", folder])
    try result.get()
    #expect(left.isEmpty, "\(left)")
  }

  private static func walkThrough(_ folder: String) async throws {
    let up = try await pabean(["up", "--detach"], in: folder)
    try #require(up.succeeded, "\(up)")
    for expected in [
      "62 products and 5 shipments, 5 refused", "Cases", "Waiting for a person", "PB-30000", "BAD-GTIN",
      "ORD-2026-1005", "delivered", "http://127.0.0.1:", "demo-keys",
      "ana@demo.example", "dian@demo.example",
    ] {
      #expect(up.stdout.contains(expected), "\(expected) is not in\n\(up.stdout)")
    }

    let status = try await pabean(["status", "--json"], in: folder)
    #expect(status.succeeded, "\(status)")
    let report = try JSONParser.parse(status.stdout)
    #expect(report["needsAttention"]?.boolValue == false)
    #expect(report["services"]?.arrayValue?.count ?? 0 >= 5)
    let cases = report["cases"]?.arrayValue ?? []
    #expect(cases.contains { $0["state"]?.stringValue == "written-back" && $0["lane"]?.stringValue == "auto" })

    let shown = try await pabean(["case", "show", "PB-30000", "--market", "sg"], in: folder)
    for expected in ["PB-30000 in SG", "awaiting-decision", "Candidates", "Findings", "100 Wh", "case.opened"] {
      #expect(shown.stdout.contains(expected), "\(expected) is not in\n\(shown)")
    }
    try await triesAPolicy(folder)
    try await changesAPack(folder)
    try await submitsAFile(folder)
    try await welcomesAPerson(folder)

    let down = try await pabean(["down"], in: folder)
    #expect(down.succeeded, "\(down)")
    for service in ["ingest", "writeback"] {
      let log = try LocalFile.readText("\(folder)/state/logs/\(service).log")
      #expect(log.contains("draining") && log.contains("stopped"), "\(service) was not given time to finish")
    }
    try await allProcessesEnd(of: folder)
    try await startsAgainAndStopsOnInterrupt(folder)
  }

  private static func startsAgainAndStopsOnInterrupt(_ folder: String) async throws {
    let log = "\(folder)/up.log"
    let id = try ChildProcess.start(
      "\(programs)/pabean", ["up"], environment: variables(folder).merging(["PATH": Processes.searchPath]) { $1 },
      log: log)
    let process = try #require(RecordedProcess(id: id))
    while !(try LocalFile.readText(log)).contains("Running.") {
      try #require(process.isRunning, "up ended while starting")
      try await Task.sleep(for: .milliseconds(50))
    }
    // The catalogue is submitted once in the life of an installation.
    #expect(!(try LocalFile.readText(log)).contains("submitted"))
    process.signal(SIGINT)
    #expect(await process.ends(within: .seconds(60)))
    try await allProcessesEnd(of: folder)
  }

  private static func triesAPolicy(_ folder: String) async throws {
    let shown = try await pabean(["policy", "show"], in: folder)
    var policy = try JSONParser.parse(shown.stdout)
    #expect(
      policy["review"]?["undoSeconds"]?.integerValue ?? 0 > 0, "whoever tries it sees that a decision can be undone")
    let same = try await simulation(of: policy, in: folder)
    #expect(same["changed"]?.integerValue == 0)
    var defaults = try #require(policy["defaults"]?.objectValue)
    defaults["autoClearAt"] = .integer(1)
    var object = try #require(policy.objectValue)
    object["defaults"] = .object(defaults)
    policy = .object(object)
    let strict = try await simulation(of: policy, in: folder)
    let cleared = try #require(strict["inForce"]?["lanes"]?["auto"]?.integerValue)
    #expect(cleared > 0)
    #expect(strict["proposed"]?["lanes"]?["auto"]?.integerValue == 0)
    #expect(strict["changes"]?.arrayValue?.first?["inForce"]?["lane"] == "auto")
    let told = try await pabean(["policy", "simulate", "--policy", "\(folder)/policy.json"], in: folder)
    for expected in ["would be decided differently", "cleared by itself", "0.0 %", "cases for broker"] {
      #expect(told.stdout.contains(expected), "\(expected) is not in\n\(told)")
    }
  }

  private static func simulation(of policy: JSONValue, in folder: String) async throws -> JSONValue {
    try LocalFile.write(policy.text, to: "\(folder)/policy.json")
    let result = try await pabean(["policy", "simulate", "--policy", "\(folder)/policy.json", "--json"], in: folder)
    try #require(result.succeeded, "\(result)")
    return try JSONParser.parse(result.stdout)
  }

  private static func changesAPack(_ folder: String) async throws {
    let shipped = try JSONParser.parse(
      try LocalFile.readText("\(Repository.root)/Shared/ReferenceData/markets/SG.json"))
    var pack = try #require(shipped.objectValue)
    pack["version"] = "tried"
    pack["rules"] = .array([])
    let path = "\(folder)/SG.json"
    try LocalFile.write(JSONValue.object(pack).text, to: path)
    let tried = try await pabean(["policy", "simulate", "--pack", path, "--market", "SG", "--json"], in: folder)
    let report = try JSONParser.parse(tried.stdout)
    #expect(report["changed"]?.integerValue ?? 0 > 0, "without rules some cases have no findings")
    for (words, expected) in [
      (["pack", "activate", path, "--reason", "trying it"], "Pack tried of SG is in force."),
      (["pack", "activate", path, "--reason", "trying it"], "Pack tried of SG was in force already."),
      (["pack", "history", "--market", "SG"], "trying it"),
      (["pack", "list"], "tried"),
      (["pack", "rollback", "--market", "SG", "--reason", "it was a test"], "of SG is in force again."),
    ] {
      let result = try await pabean(words, in: folder)
      #expect(result.stdout.contains(expected), "\(expected) is not in\n\(result)")
    }
    pack["rules"] = shipped["rules"]
    try LocalFile.write(JSONValue.object(pack).text, to: path)
    let other = try await pabean(["pack", "activate", path, "--reason", "again"], in: folder)
    #expect(other.status == 1 && other.stderr.contains("has the version tried"), "\(other)")
  }

  /// With the rights that the operator and the desk have, and no greater.
  private static func welcomesAPerson(_ folder: String) async throws {
    let client = HTTPClient(policy: .any)
    let person = ["--email", "Mei@demo.example", "--name", "Mei Tan", "--role", "broker", "--market", "sg"]
    let added = try await pabean(["person", "add"] + person, in: folder)
    let link = added.stdout.split(separator: "\n").last.map(String.init) ?? ""
    try #require(added.succeeded && link.hasPrefix("http://127.0.0.1:"), "\(added)")
    let page = try await client.send(HTTPClientRequest(url: link, timeout: .seconds(10)))
    #expect(page.status == 200 && String(decoding: page.body, as: UTF8.self).contains("Welcome, Mei Tan"))
    #expect(try await pabean(["person", "add"] + person, in: folder).stderr.contains("somebody has the address"))

    let keys = try VariablesFile(reading: "\(folder)/state/demo-keys").values
    let desk = try #require(link.firstRange(of: "/welcome/").map { String(link[..<$0.lowerBound]) })
    let form = "email=ana%40demo.example&password=\(try #require(keys["ANA_PASSWORD"]))"
    let signedIn = try await client.send(
      HTTPClientRequest(
        url: "\(desk)/sign-in", method: .post, headers: ["content-type": "application/x-www-form-urlencoded"],
        body: Array(form.utf8), timeout: .seconds(10)))
    #expect(signedIn.status == 303, "\(signedIn)")

    for (words, expected) in [
      (["person", "change", "mei@demo.example", "--role", "finance", "--all-markets"], "finance; all markets"),
      (["person", "list"], "mei@demo.example"), (["person", "disable", "mei@demo.example"], "cannot sign in"),
      (["person", "list", "--json"], "\"disabled\":true"), (["person", "enable", "mei@demo.example"], "sign in again"),
      (["person", "reset", "mei@demo.example"], "/welcome/"),
      (["key", "revoke", "--account", "budi@demo.example"], "Revoked 1 key"),
      (["key", "create", "--person", "mei@demo.example"], "pbn_"),
      (["key", "list"], "mei@demo.example    person   finance"),
    ] {
      let result = try await pabean(words, in: folder)
      #expect(result.stdout.contains(expected), "\(expected) is not in\n\(result)")
    }
    let nobody = try await pabean(["key", "create", "--person", "nobody@demo.example"], in: folder)
    #expect(nobody.status == 1 && nobody.stderr.contains("pabean person add"), "\(nobody)")
    #expect(try await client.send(HTTPClientRequest(url: link, timeout: .seconds(10))).status == 404)
  }

  private static func submitsAFile(_ folder: String) async throws {
    try LocalFile.write(
      """
      sku,title,materials,origin,price,currency,weight,markets
      MUG-1,Ceramic coffee mug 400 ml,100% ceramic,CN,2.50,USD,350 g,SG MY
      MUG-2,Gift,,CN,2.50,USD,350 g,SG

      """, to: "\(folder)/products.csv")
    for way in [[], ["--over-broker"]] {
      let submitted = try await pabean(["submit", "\(folder)/products.csv", "--wait"] + way, in: folder)
      #expect(submitted.status == 1)
      #expect(submitted.stdout.hasPrefix("1 product accepted, 1 refused."), "\(submitted)")
      #expect(submitted.stdout.contains("row 3  MUG-2      title"), "\(submitted)")
      #expect(submitted.stdout.contains("2 cases: "), "\(submitted)")
    }
  }

  // MARK: Running it

  /// The programs that were built together with these tests.
  private static let programs = String(
    Checkout.executablePath().split(separator: "/").dropLast().map { "/" + $0 }.joined())

  private static func pabean(_ words: [String], in folder: String) async throws -> Subprocess.Result {
    try await Subprocess.run(
      "\(programs)/pabean", words, environment: variables(folder), deadline: .seconds(300))
  }

  private static func variables(_ folder: String) -> [String: String] {
    ["PABEAN_STATE": "\(folder)/state", "PABEAN_BIN": programs]
  }

  private static func makeFolder() throws -> String {
    var template = Array("/tmp/pabean-up-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    // PostgreSQL runs as another user when the tests run as root.
    chmod(template, 0o755)
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Processes that have the folder in their command line, environment or working folder.
  /// The broker's own small helper ends a moment after the broker.
  private static func allProcessesEnd(of folder: String) async throws {
    _ = try await eventually("no process of \(folder)", within: .seconds(10)) {
      processes(mentioning: folder).isEmpty ? true : nil
    }
  }

  private static func processes(mentioning folder: String) -> [String] {
    LocalFile.names(in: "/proc").filter { Int($0) != nil }.compactMap { id in
      guard id != String(getpid()), RecordedProcess(id: Int32(id) ?? 0) != nil else { return nil }
      let texts = ["cmdline", "environ"].map { (try? LocalFile.readText("/proc/\(id)/\($0)")) ?? "" }
      return texts.contains { $0.contains(folder) } ? "\(id) \(texts[0])" : nil
    }
  }
}
