import TestSupport
import Testing

/// infra/scripts/servers.sh, as the tests and `pabean up` use it.
@Suite(.timeLimit(.minutes(5))) struct PrivateServersTests {
  @Test func `servers of one's own survive being killed, keep their ports, and leave nothing behind`() async throws {
    let directory = try await PrivateServers.withOwn(options: []) { servers in
      try await servers.psql("CREATE TABLE kept AS SELECT 42 AS answer")
      try await servers.brokerControl("add_vhost", "kept")

      try await servers.killDatabase()
      try await servers.killBroker()
      #expect(try await servers.answer() == false)
      try await servers.startDatabase()
      try await servers.startBroker()

      #expect(try await servers.answer())
      #expect(try await servers.psql("SELECT answer FROM kept") == "42\n")
      #expect(try await servers.brokerControl("--quiet", "list_vhosts").contains("kept"))
      return servers.directory
    }
    #expect(try await Subprocess.run("test", ["-e", directory]).succeeded == false)
  }

  @Test func `starting what runs changes nothing`() async throws {
    try await PrivateServers.withOwn(options: []) { servers in
      let before = try await servers.status().stdout
      let again = try await PrivateServers.start(in: servers.directory, options: [])
      #expect(again.databaseURL == servers.databaseURL)
      #expect(try await servers.status().stdout == before)
    }
  }

  @Test(arguments: [
    (["start", "/proc/pabean"], "cannot create /proc/pabean", 73),
    (["start", "/tmp/pabean-refused", "--amqp-port=70000"], "'70000' is not a port", 64),
    (["start", "/tmp/pabean-refused", "--definitions", "/nowhere.json"], "cannot read the broker definitions", 66),
    (["status", "/tmp/pabean-nowhere"], "no servers in /tmp/pabean-nowhere", 66),
  ])
  func `a wrong call is refused with its reason`(arguments: [String], reason: String, status: Int32) async throws {
    let result = try await Subprocess.run("\(Repository.root)/infra/scripts/servers.sh", arguments)
    #expect(result.status == status)
    #expect(result.stderr.contains(reason))
  }
}

extension PrivateServers {
  fileprivate func status() async throws -> Subprocess.Result {
    try await Subprocess.run("\(Repository.root)/infra/scripts/servers.sh", ["status", directory])
  }

  fileprivate func answer() async throws -> Bool { try await status().succeeded }

  @discardableResult
  fileprivate func psql(_ statement: String) async throws -> String {
    let arguments = ["psql", directory, "--quiet", "--tuples-only", "--no-align", "--command", statement]
    return try await Subprocess.run("\(Repository.root)/infra/scripts/servers.sh", arguments).stdout
  }
}
