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

      let before = try await servers.status().stdout
      let again = try await PrivateServers.start(in: servers.directory, options: [])
      #expect(again.databaseURL == servers.databaseURL)
      #expect(try await servers.status().stdout == before, "starting what runs must change nothing")
      return servers.directory
    }
    #expect(try await Subprocess.run("test", ["-e", directory]).succeeded == false)
  }

  @Test func `the passwords that secrets.sh invents open the broker and the database, and others do not`() async throws
  {
    let secrets = try await bash("mktemp -d")
    try await bash("infra/docker/secrets.sh '\(secrets)'")
    try await PrivateServers.withOwn(options: ["--definitions", "\(secrets)/broker_definitions"]) { servers in
      let password = try await bash("cat '\(secrets)/classifier_password'")
      try await servers.brokerControl("authenticate_user", "pabean-classifier", password)
      await #expect(throws: PrivateServers.Failure.self) {
        try await servers.brokerControl("authenticate_user", "pabean-classifier", "guessed")
      }

      try await servers.psql("CREATE DATABASE pabean")
      let asPostgres = """
        . '\(servers.directory)/settings'
        export PGHOST=127.0.0.1 PGPORT=$database_port PGPASSWORD=$database_password
        """
      let roles = "POSTGRES_USER=postgres POSTGRES_DB=pabean SECRETS_DIRECTORY='\(secrets)' infra/postgres/roles.sh"
      try await bash("\(asPostgres)\n\(roles)")
      let asClassifier = "PGPASSWORD='\(password)' psql --username pabean_classifier --dbname pabean"
      #expect(try await bash("\(asPostgres)\n\(asClassifier) -Atc 'SELECT current_user'") == "pabean_classifier")
      await #expect(throws: Refused.self) {
        try await bash("\(asPostgres)\n\(asClassifier) -c 'CREATE TABLE mine (id int)' 2>&1")
      }
      await #expect(throws: Refused.self) {
        try await bash("\(asPostgres)\nPGPASSWORD=guessed psql --username pabean_classifier --dbname pabean -c ''")
      }
    }
    try await bash("rm -r '\(secrets)'")
  }

  @Test(arguments: [
    (["start", "/tmp/it's"], "its path has a quote", 64),
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

private struct Refused: Error { let result: Subprocess.Result }

/// What the script prints, run in the root of the repository.
@discardableResult
private func bash(_ script: String) async throws -> String {
  let result = try await Subprocess.run("bash", ["-euc", "cd '\(Repository.root)'\n\(script)"])
  guard result.succeeded else { throw Refused(result: result) }
  return String(result.stdout.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
}
