import Testing

@testable import HTTP

@Suite("Request smuggling", .timeLimit(.minutes(2)))
struct RequestSmugglingTests {
  struct Attack: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: String
    var status = 400
    var testDescription: String { name }
  }

  static let attacks = [
    Attack(
      name: "two lengths", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
    Attack(
      name: "two equal lengths", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na"),
    Attack(name: "a list of lengths", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\na"),
    Attack(
      name: "length and chunks",
      bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    Attack(
      name: "chunks and length",
      bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
    Attack(name: "space before the colon", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 1\r\n\r\na"),
    Attack(
      name: "tab before the colon", bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n"
    ),
    Attack(name: "two hosts", bytes: "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    Attack(name: "no host", bytes: "GET / HTTP/1.1\r\nAccept: */*\r\n\r\n"),
    Attack(name: "no headers", bytes: "GET / HTTP/1.1\r\n\r\n"),
    Attack(name: "empty host", bytes: "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
    Attack(name: "a host that is a URL", bytes: "GET / HTTP/1.1\r\nHost: a/b@c\r\n\r\n"),
    Attack(name: "bare line feed", bytes: "GET / HTTP/1.1\nHost: a\n\n"),
    Attack(name: "bare line feed in headers", bytes: "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"),
    Attack(name: "bare carriage return", bytes: "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"),
    Attack(name: "two carriage returns", bytes: "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n"),
    Attack(name: "folded line", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n"),
    Attack(name: "folded first line", bytes: "GET / HTTP/1.1\r\n Host: a\r\nHost: a\r\n\r\n"),
    Attack(name: "space in a name", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX Y: b\r\n\r\n"),
    Attack(name: "empty name", bytes: "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"),
    Attack(name: "no colon", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n"),
    Attack(name: "a name that is no token", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX(y): b\r\n\r\n"),
    Attack(name: "NUL in a value", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n"),
    Attack(name: "NUL in a target", bytes: "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
    Attack(
      name: "vertical tab", bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u{b}chunked\r\n\r\n0\r\n\r\n"),
    Attack(name: "beyond ASCII", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX: é\r\n\r\n"),
    Attack(name: "identity encoding", bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n"),
    Attack(
      name: "two codings", bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    Attack(
      name: "chunked twice",
      bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    Attack(
      name: "quoted chunked", bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
    Attack(name: "almost chunked", bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    Attack(
      name: "chunks in HTTP/1.0", bytes: "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    Attack(name: "signed length", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na"),
    Attack(name: "negative length", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\na"),
    Attack(name: "hexadecimal length", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\na"),
    Attack(name: "octal-looking length", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 010\r\n\r\na"),
    Attack(name: "length with a space", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1 1\r\n\r\na"),
    Attack(name: "empty length", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n"),
    Attack(
      name: "absurd length",
      bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n"),
    Attack(name: "leading empty line", bytes: "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    Attack(name: "two spaces", bytes: "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
    Attack(name: "tab in the request line", bytes: "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    Attack(name: "space after the version", bytes: "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
    Attack(name: "no version", bytes: "GET /\r\nHost: a\r\n\r\n"),
    Attack(name: "lower-case version", bytes: "GET / http/1.1\r\nHost: a\r\n\r\n"),
    Attack(name: "HTTP/2", bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status: 505),
    Attack(name: "absolute target", bytes: "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    Attack(name: "authority target", bytes: "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
    Attack(name: "fragment", bytes: "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
    Attack(name: "parent segment", bytes: "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n"),
    Attack(name: "escaped parent segment", bytes: "GET /a/%2e%2E/b HTTP/1.1\r\nHost: a\r\n\r\n"),
    Attack(name: "escaped NUL", bytes: "GET /a%00 HTTP/1.1\r\nHost: a\r\n\r\n"),
    Attack(name: "escaped newline", bytes: "GET /?a=%0d%0aX HTTP/1.1\r\nHost: a\r\n\r\n"),
    Attack(name: "broken escape", bytes: "GET /%4 HTTP/1.1\r\nHost: a\r\n\r\n"),
    Attack(name: "escapes that are not UTF-8", bytes: "GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n"),
    Attack(name: "overlong escapes", bytes: "GET /%c0%ae HTTP/1.1\r\nHost: a\r\n\r\n"),
    Attack(name: "chunk extension", bytes: chunked("5;a=b\r\nhello\r\n0\r\n\r\n")),
    Attack(name: "space after a chunk size", bytes: chunked("5 \r\nhello\r\n0\r\n\r\n")),
    Attack(name: "hexadecimal mark in a chunk size", bytes: chunked("0x5\r\nhello\r\n0\r\n\r\n")),
    Attack(name: "negative chunk size", bytes: chunked("-5\r\nhello\r\n0\r\n\r\n")),
    Attack(name: "huge chunk size", bytes: chunked("fffffffff\r\nhello\r\n0\r\n\r\n")),
    Attack(name: "empty chunk size", bytes: chunked("\r\nhello\r\n0\r\n\r\n")),
    Attack(name: "chunk size with a bare line feed", bytes: chunked("5\nhello\r\n0\r\n\r\n")),
    Attack(name: "chunk longer than its size", bytes: chunked("4\r\nhello\r\n0\r\n\r\n")),
    Attack(name: "chunk with a bare line feed", bytes: chunked("5\r\nhello\n0\r\n\r\n")),
    Attack(name: "trailer", bytes: chunked("5\r\nhello\r\n0\r\nX: y\r\n\r\n")),
    Attack(name: "chunk larger than allowed", bytes: chunked("7fffffff\r\n"), status: 413),
    Attack(name: "long request line", bytes: "GET /\(String(repeating: "a", count: 20_000))", status: 414),
    Attack(
      name: "long headers", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 20_000))",
      status: 431),
    Attack(
      name: "many headers",
      bytes: "GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: y\r\n", count: 200))\r\n", status: 431),
    Attack(name: "another expectation", bytes: "GET / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", status: 417),
    Attack(
      name: "length larger than allowed", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n",
      status: 413),
  ]

  private static func chunked(_ body: String) -> String {
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body
  }

  @Test("is refused and the connection closed", arguments: attacks)
  func refusal(attack: Attack) async throws {
    try await withServer { server in
      // What an attacker hides behind the request must not be answered.
      let hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"
      let (answer, end) = await RawConnection.exchange(port: server.port, attack.bytes + hidden)
      #expect(answer.hasPrefix("HTTP/1.1 \(attack.status) "), "\(answer.statusLine)")
      #expect(answer.utf8Contains("connection: close\r\n"))
      #expect(answer.utf8Contains("application/problem+json"))
      #expect(!answer.utf8Contains("hidden"))
      #expect(end == .closed)
    }
  }

  /// The same bytes one at a time must be read the same way.
  @Test("is refused however the bytes are cut", arguments: attacks)
  func cuts(attack: Attack) {
    let outcomes = [1, 2, 7, 1 << 20].map { RequestParser.outcome(of: Array(attack.bytes.utf8), piece: $0) }
    #expect(outcomes.allSatisfy { $0 == [.rejected(attack.status)] }, "\(outcomes)")
  }
}
