import Contracts
import Glibc
import JSON
import TestSupport
import Testing

@testable import OperatorCommands

@Suite struct LocalTests {
  private static func withFolder<R>(_ body: (String) async throws -> R) async throws -> R {
    var template = Array("/tmp/pabean-operator-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let result: Result<R, any Error> = await Result { try await body(path) }
    _ = try await Subprocess.run("rm", ["-rf", path])
    return try result.get()
  }

  @Test func `variables come back from their file as they were, and a shell reads the same`() async throws {
    try await LocalTests.withFolder { folder in
      let values = ["A": "plain/path:1@x", "B": "two words", "C": "it's $HOME \"quoted\" \\", "D": ""]
      try VariablesFile(values).write(to: "\(folder)/env", isSecret: true)
      #expect(try VariablesFile(reading: "\(folder)/env").values == values)
      for (name, value) in values {
        let shell = try await Subprocess.run("sh", ["-c", ". \(folder)/env; printf %s \"$\(name)\""])
        #expect(shell.stdout == value)
      }
      var status = stat()
      #expect(stat("\(folder)/env", &status) == 0 && status.st_mode & 0o777 == 0o600)
    }
  }

  @Test func `a child gets its own environment, its output goes to its log, and it ends when told`() async throws {
    try await LocalTests.withFolder { folder in
      let log = "\(folder)/log"
      let id = try ChildProcess.start(
        "/bin/sh", ["-c", "echo $GREETING; echo $HOME; exec sleep 60"], environment: ["GREETING": "salam"], log: log)
      let process = try #require(RecordedProcess(id: id))
      #expect(process.isRunning)
      try process.record(in: "\(folder)/pid")
      #expect(RecordedProcess(recordedIn: "\(folder)/pid") == process)
      let deadline = ContinuousClock.now + .seconds(10)
      while try LocalFile.readText(log) != "salam\n\n", ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(5))
      }
      #expect(try LocalFile.readText(log) == "salam\n\n")
      process.signal(SIGTERM)
      #expect(await process.ends(within: .seconds(10)))
    }
  }

  @Test func `a process whose id belongs to another by now is never signalled`() async throws {
    try await LocalTests.withFolder { folder in
      let id = try ChildProcess.start("/bin/sleep", ["60"], environment: [:], log: "/dev/null")
      let process = try #require(RecordedProcess(id: id))
      try LocalFile.write("\(id) 12345\n", to: "\(folder)/pid")
      let stranger = try #require(RecordedProcess(recordedIn: "\(folder)/pid"))
      #expect(!stranger.isRunning)
      stranger.signal(SIGKILL)
      #expect(process.isRunning)
      process.signal(SIGKILL)
      #expect(await process.ends(within: .seconds(10)))
    }
  }

  @Test func `a program's exit status comes back`() async throws {
    #expect(try await ChildProcess.run("/bin/sh", ["-c", "exit 7"], environment: [:], log: "/dev/null") == 7)
    #expect(try await ChildProcess.run("/bin/sh", ["-c", "kill -9 $$"], environment: [:], log: "/dev/null") == 137)
    await #expect(throws: ChildProcess.StartError.self) {
      try await ChildProcess.run("/no/such/program", [], environment: [:], log: "/dev/null")
    }
  }

  @Test func `the user of a database URL is exchanged and nothing else`() throws {
    let url = try DatabaseURL("postgresql://postgres:secret@127.0.0.1:5432/pabean?sslmode=disable")
    #expect(
      url.replacing(user: "pabean_ingest", password: "x")
        == "postgresql://pabean_ingest:x@127.0.0.1:5432/pabean?sslmode=disable")
    #expect(url.address == "127.0.0.1:5432")
    #expect(throws: Failure.self) { try DatabaseURL("host=127.0.0.1") }
  }

  @Test func `the same passwords give the broker the same definitions`() async throws {
    try await LocalTests.withFolder { folder in
      let state = StateFolder(path: folder)
      func definitions() throws -> String {
        var credentials = try Credentials(in: state)
        return try credentials.brokerDefinitions(markets: [], tenants: []).json.text
      }
      let (first, second) = (try definitions(), try definitions())
      #expect(first == second)
    }
  }

  @Test func `two starts at once are kept apart`() async throws {
    try await LocalTests.withFolder { folder in
      let state = StateFolder(path: folder)
      do {
        let first = try StateLock(state)
        defer { _ = first }
        #expect(throws: Failure.self) { _ = try StateLock(state) }
      }
    }
  }
}
