import Testing

@testable import Configuration

@Suite("Configuration")
struct ConfigurationReaderTests {
  private enum Mode: String, CaseIterable, Sendable { case live, sandbox }

  private struct Sample: Sendable, Equatable {
    var broker: Endpoint
    var password: Secret
    var prefetch: Int
    var grace: Duration
    var strict: Bool
    var mode: Mode
    var erp: URLText?
    var markets: [String]
    var name: String
  }

  private func read(_ reader: inout ConfigurationReader) -> Sample {
    Sample(
      broker: reader.required("PABEAN_BROKER", .endpoint, "the broker"),
      password: reader.required("PABEAN_BROKER_PASSWORD", .secret, "its password"),
      prefetch: reader.optional("PABEAN_PREFETCH", .int(in: 1...1000), default: 20, "deliveries in flight"),
      grace: reader.optional("PABEAN_GRACE", .duration(), default: .seconds(20), "time to finish in"),
      strict: reader.optional("PABEAN_STRICT", .bool, default: true, "refuse what is vague"),
      mode: reader.optional("PABEAN_MODE", .oneOf(Mode.self), default: .live, "the environment"),
      erp: reader.optional("PABEAN_ERP_URL", .url(schemes: ["https"]), "where outcomes go"),
      markets: reader.optional("PABEAN_MARKETS", .list(of: .string), default: [], "markets to work for"),
      name: reader.optional("PABEAN_NAME", .string, default: "worker", "name in logs"))
  }

  private let complete = [
    "HOME": "/root", "PABEAN_BROKER": "mq.example:5672", "PABEAN_BROKER_PASSWORD_FILE": "/run/secrets/broker",
    "PABEAN_PREFETCH": "50", "PABEAN_GRACE": "250ms", "PABEAN_STRICT": "false", "PABEAN_MODE": "sandbox",
    "PABEAN_ERP_URL": "https://user:pw@erp.example/hook?key=1", "PABEAN_MARKETS": "TH, VN",
  ]
  private let files = ["/run/secrets/broker": "s3cret\n"]

  @Test("reads every type")
  func types() throws {
    let value = try ConfigurationReader.load(from: Environment(complete, files: files), read).value
    #expect(
      value
        == Sample(
          broker: Endpoint(host: "mq.example", port: 5672), password: Secret("s3cret"), prefetch: 50,
          grace: .milliseconds(250), strict: false, mode: .sandbox,
          erp: URLText("https://user:pw@erp.example/hook?key=1"), markets: ["TH", "VN"], name: "worker"))
  }

  @Test("prints every setting with secrets redacted")
  func printout() throws {
    let table = try ConfigurationReader.load(from: Environment(complete, files: files), read).table
    #expect(
      table == """
        NAME                    VALUE                                                FROM         MEANING
        PABEAN_BROKER           mq.example:5672                                      environment  the broker
        PABEAN_BROKER_PASSWORD  [redacted]                                           file         its password
        PABEAN_PREFETCH         50                                                   environment  deliveries in flight
        PABEAN_GRACE            250ms                                                environment  time to finish in
        PABEAN_STRICT           false                                                environment  refuse what is vague
        PABEAN_MODE             sandbox                                              environment  the environment
        PABEAN_ERP_URL          https://user:[redacted]@erp.example/hook?[redacted]  environment  where outcomes go
        PABEAN_MARKETS          TH,VN                                                environment  markets to work for
        PABEAN_NAME             worker                                               default      name in logs

        """)
  }

  @Test("reports everything that is wrong at once, with what to do")
  func problems() throws {
    let environment = Environment([
      "PABEAN_BROKER": "localhost", "PABEAN_PREFETCH": "0", "PABEAN_GRACE": "5 minutes", "PABEAN_STRICT": "yes",
      "PABEAN_MODE": "test", "PABEAN_ERP_URL": "http://erp.example", "PABEAN_PREFECTH": "5", "PABEAN_COLOUR": "red",
      "PABEAN_NAMES": "a",
    ])
    let error = try #require(throws: ConfigurationError.self) {
      try ConfigurationReader.load(from: environment, read)
    }
    #expect(
      error.description == """
        The configuration has 10 problems.

        NAME                    WHAT IS WRONG            WHAT TO DO
        PABEAN_BROKER           is "localhost"           set it to a host and a port, like localhost:5672
        PABEAN_BROKER_PASSWORD  is required              set it to a secret that is not empty, or PABEAN_BROKER_PASSWORD_FILE to the path of a file with it
        PABEAN_PREFETCH         is "0"                   set it to a whole number from 1 to 1000
        PABEAN_GRACE            is "5 minutes"           set it to a duration like 250ms, 5s or 2m, from 0s to 31d
        PABEAN_STRICT           is "yes"                 set it to true or false
        PABEAN_MODE             is "test"                set it to one of live, sandbox
        PABEAN_ERP_URL          is "http://erp.example"  set it to a URL that begins with https://
        PABEAN_COLOUR           is not a setting         remove it
        PABEAN_NAMES            is not a setting         did you mean PABEAN_NAME?
        PABEAN_PREFECTH         is not a setting         remove it

        """)
  }

  @Test("suggests the setting that an unknown name was meant to be")
  func suggestion() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try ConfigurationReader.load(from: Environment(["PABEAN_PREFECTH": "5"])) { reader in
        _ = reader.optional("PABEAN_PREFETCH", .int(in: 1...9), default: 5, "")
      }
    }
    #expect(error.problems.map(\.remedy) == ["did you mean PABEAN_PREFETCH?"])
  }

  @Test("allows the variables of a neighbour when told to")
  func allowance() throws {
    _ = try ConfigurationReader.load(from: Environment(["PABEAN_OTHER": "5"])) { $0.allow(["PABEAN_OTHER"]) }
  }

  @Test("reports problems between settings")
  func crossField() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try ConfigurationReader.load(from: Environment([:])) {
        $0.refuse("PABEAN_LOW", "is above PABEAN_HIGH", remedy: "lower it")
      }
    }
    #expect(error.problems == [.init(name: "PABEAN_LOW", wrong: "is above PABEAN_HIGH", remedy: "lower it")])
  }

  @Test("ends programs with the exit code for bad configuration")
  func exitCode() {
    #expect(ConfigurationError.exitCode == 78)
  }

  @Test("leaves commands and other arguments apart")
  func commands() {
    #expect(ConfigurationCommand.parse([]).command == .run)
    #expect(ConfigurationCommand.parse(["--check"]).command == .check)
    let parsed = ConfigurationCommand.parse(["a", "--print-config", "b"])
    #expect(parsed.command == .printConfiguration)
    #expect(parsed.rest == ["a", "b"])
  }
}
