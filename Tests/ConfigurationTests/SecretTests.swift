import Glibc
import Testing

@testable import Configuration

@Suite("Secrets")
struct SecretTests {
  private func load(_ environment: Environment) throws -> Secret {
    try ConfigurationReader.load(from: environment) { $0.required("PABEAN_TOKEN", .secret, "token") }.value
  }

  @Test("do not print themselves")
  func redaction() {
    let secret = Secret("hunter2")
    var dumped = ""
    dump([secret], to: &dumped)
    #expect(!"\(secret) \(String(reflecting: secret)) \(dumped)".contains("hunter2"))
    #expect(secret.reveal() == "hunter2")
  }

  @Test("come from the variable or from the file")
  func sources() throws {
    #expect(try load(Environment(["PABEAN_TOKEN": "a"])) == Secret("a"))
    #expect(try load(Environment(["PABEAN_TOKEN_FILE": "/s"], files: ["/s": "b\n"])) == Secret("b"))
  }

  @Test(
    "report a bad source without repeating the secret",
    arguments: [
      (["PABEAN_TOKEN": "hunter2", "PABEAN_TOKEN_FILE": "/s"], "is set twice"),
      (["PABEAN_TOKEN_FILE": "/missing"], "/missing: No such file or directory"),
      (["PABEAN_TOKEN_FILE": "/empty"], "is not valid"),
      ([:], "is required"),
    ])
  func badSources(variables: [String: String], wrong: String) throws {
    let error = try #require(throws: ConfigurationError.self) {
      try load(Environment(variables, files: ["/s": "b", "/empty": "\n"]))
    }
    #expect(error.problems.map(\.wrong) == [wrong])
    #expect(!error.description.contains("hunter2"))
  }

  @Test("are read from real files, up to a size")
  func realFiles() throws {
    let process = Environment.process()
    #expect(process.variables["PATH"] != nil)
    guard case .failure = process.readFile("/dev/zero") else {
      Issue.record("an endless file must be refused")
      return
    }
    guard case .failure = process.readFile("/nonexistent") else {
      Issue.record("a missing file must be refused")
      return
    }
    guard case .success(let bytes) = process.readFile("/proc/self/comm") else {
      Issue.record("a small file must be read")
      return
    }
    #expect(!bytes.isEmpty)
  }
}
