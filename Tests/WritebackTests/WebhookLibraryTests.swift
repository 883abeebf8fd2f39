import Crypto
import Domain
import TestSupport
import Testing
import WritebackEngine

/// The library that receivers use judges what we sign, and we judge what it signs.
@Suite(
  .enabled("PABEAN_TEST_PYTHON does not name a Python that has the package standardwebhooks") {
    guard let python = Judge.python else { return false }
    return try await Subprocess.run(python, ["-c", "import standardwebhooks"]).succeeded
  })
struct WebhookLibraryTests {
  private static let verify = """
    import json, sys
    from standardwebhooks import Webhook
    Webhook(sys.argv[1]).verify(sys.stdin.buffer.read().decode(), json.loads(sys.argv[2]))
    """

  private static let sign = """
    import datetime, sys
    from standardwebhooks import Webhook
    time = datetime.datetime.fromtimestamp(int(sys.argv[2]), datetime.timezone.utc)
    sys.stdout.write(Webhook(sys.argv[1]).sign("msg_1", time, sys.stdin.buffer.read().decode()))
    """

  @Test func `the library accepts what we sign, also during a rotation, and nothing else`() async throws {
    let python = try #require(Judge.python)
    let secrets = [WebhookSecret.generate(), .generate()]
    let body = Outcomes.decided.bytes
    let time = try await machineTime(python)
    let headers = StandardWebhooks.sign(id: "msg_1", at: time, body: body, keys: secrets.map { .symmetric($0) })
    let json = "{\"" + headers.pairs.map { "\($0.name)\": \"\($0.value)" }.joined(separator: "\", \"") + "\"}"
    for secret in secrets {
      let verdict = try await Subprocess.run(python, ["-c", Self.verify, secret.serialized, json], stdin: body)
      #expect(verdict.succeeded, "\(verdict)")
    }
    let stranger = WebhookSecret.generate().serialized
    #expect(try await !Subprocess.run(python, ["-c", Self.verify, stranger, json], stdin: body).succeeded)
    #expect(
      try await !Subprocess.run(python, ["-c", Self.verify, secrets[0].serialized, json], stdin: body + [32]).succeeded)
  }

  @Test func `we accept what the library signs`() async throws {
    let python = try #require(Judge.python)
    let secret = WebhookSecret.generate()
    let body = Array("{\"text\": \"ความ\"}".utf8)
    let signed = try await Subprocess.run(
      python, ["-c", Self.sign, secret.serialized, "1700000000"], stdin: body)
    let headers = StandardWebhooks.Headers(id: "msg_1", timestamp: "1700000000", signature: signed.stdout)
    try StandardWebhooks.verify(
      headers, body: body, keys: [.symmetric(secret)], now: Instant(microseconds: 1_700_000_100_000_000))
  }

  /// The library knows no clock but the machine's.
  private func machineTime(_ python: String) async throws -> Instant {
    let seconds = try await Subprocess.run(python, ["-c", "import time; print(int(time.time()), end='')"]).stdout
    return Instant(microseconds: try #require(Int64(seconds)) * 1_000_000)
  }
}
