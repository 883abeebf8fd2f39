import Contracts
import Domain
import HTTP
import Postgres
import TestSupport
import Testing

@Suite("A worker as a process", .installationTurn, .timeLimit(.minutes(5)))
struct WorkerProcessTests {
  private static let stages = Stage.allCases

  @Test(
    "refuses a database of another version, and says what to do", .database(from: Installation.template),
    arguments: stages)
  func wrongSchema(stage: Stage) async throws {
    let pabean = try await Installation.open()
    try await pabean.pool.transaction { tx in
      try tx.execute("INSERT INTO schema_migration (version, name, sha256) VALUES (999, 'future', 'x')")
    }
    let worker = try pabean.start(stage)
    #expect(await worker.waitForEnd(within: .seconds(30)) == 1)
    #expect(worker.log.contains("run `pabean migrate`"))
    try await pabean.close()
  }

  @Test("names every setting that is missing or wrong before it connects to anything", arguments: stages)
  func configuration(stage: Stage) async throws {
    let pabean = try await TestProcess.run(
      stage, ["PABEAN_AMQP_URL": "http://not-a-broker", "PABEAN_BATCH_SIZE": "many", "PABEAN_TYPO": "1"])
    #expect(pabean.status == 78 || pabean.status == 64, "\(pabean.status)")
    for name in ["PABEAN_DATABASE_URL", "PABEAN_AMQP_URL", "PABEAN_BATCH_SIZE", "PABEAN_TYPO"] {
      #expect(pabean.log.contains(name), "\(name) in \(pabean.log)")
    }
  }

  @Test(
    "answers for its life, its readiness and its numbers, and says so when it drains",
    .database(from: Installation.template))
  func health() async throws {
    let pabean = try await Installation.open()
    let port = FreePort.take()
    let worker = try pabean.start(.ingest, httpPort: port)
    let client = HTTPClient(policy: .any)
    let get: @Sendable (String) async throws -> HTTPClientResponse = { path in
      try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)", method: .get))
    }
    _ = try await eventually("readiness") { try await get("/readyz").status == 200 ? true : nil }
    #expect(try await get("/healthz").status == 200)
    try await pabean.publish([SampleProducts.cotton(sku: "COUNTED-1")])
    _ = try await eventually("the count") {
      let text = String(decoding: try await get("/metrics").body, as: UTF8.self)
      return text.contains(#"pabean_messages_total{stage="ingest",market="",outcome="done"} 1"#) ? true : nil
    }
    #expect(await worker.stop() == 0)
    #expect(worker.log.contains(#""msg":"draining""#) && worker.log.contains(#""msg":"stopped""#))
    try await pabean.close()
  }
}

private struct TestProcess: Sendable {
  var status: Int32
  var log: String

  static func run(_ stage: Stage, _ environment: [String: String]) async throws -> TestProcess {
    let log = "/tmp/pabean-configuration-\(stage.rawValue)-\(UInt32.random(in: 0 ... .max)).log"
    let process = try RunningProcess(
      Installation.executable(stage.rawValue),
      environment: environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 },
      logFile: log)
    let status = await process.waitForEnd(within: .seconds(30)) ?? -1
    let text = process.log
    _ = try await Subprocess.run("rm", ["-f", log])
    return TestProcess(status: status, log: text)
  }
}
