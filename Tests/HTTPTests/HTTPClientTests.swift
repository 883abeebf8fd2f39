import Glibc
import Synchronization
import Testing

@testable import HTTP

@Suite("The client", .timeLimit(.minutes(2)))
struct HTTPClientTests {
  private let client = HTTPClient(policy: .any)

  private func failure(_ request: HTTPClientRequest, by client: HTTPClient? = nil) async -> HTTPClientError? {
    do throws(HTTPClientError) {
      _ = try await (client ?? self.client).send(request)
      return nil
    } catch {
      return error
    }
  }

  // MARK: Requests and answers

  @Test(
    "sends method, headers and body, and gives the answer",
    arguments: [HTTPMethod.get, .post, .put, .patch, .delete, "REPORT"], ["", "hello \0 there"])
  func exchange(method: HTTPMethod, body: String) async throws {
    let seen = Mutex<[HTTPRequest]>([])
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
      seen.withLock { $0.append(request) }
      return HTTPResponse(status: 201, headers: ["X-One": "1", "x-two": ""], body: [1, 2, 3])
    }
    try await withServer(handler: handler) { server in
      let response = try await client.send(
        HTTPClientRequest(
          url: "http://127.0.0.1:\(server.port)/a?b=c", method: method,
          headers: ["content-type": "text/x", "X-Empty": "", "Idempotency-Key": "k"], body: Array(body.utf8)))
      #expect(response.status == 201)
      #expect(response.body == [1, 2, 3])
      #expect(response.headers["x-one"] == "1")
      #expect(response.headers["X-Two"] == "")
    }
    let request = try #require(seen.withLock { $0.first })
    #expect(request.method == method)
    #expect(request.rawPath == "/a" && request.queryValue("b") == "c")
    #expect(request.body == Array(body.utf8))
    #expect(request.headers["content-type"] == "text/x")
    #expect(request.headers["x-empty"] == "")
    #expect(request.headers["idempotency-key"] == "k")
    #expect(request.headers["expect"] == nil)
    #expect(request.headers["user-agent"] == "pabean")
  }

  @Test("gives the headers of an answer to HEAD")
  func head() async throws {
    try await withServer(handler: { _ in .text("hello") }) { server in
      let response = try await client.send(
        HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/", method: .head))
      #expect(response.status == 200 && response.body.isEmpty && response.headers["content-length"] == "5")
    }
  }

  @Test("does not follow redirects")
  func redirects() async throws {
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
      request.path == "/" ? HTTPResponse(status: 302, headers: ["location": "/next"]) : .text("followed")
    }
    try await withServer(handler: handler) { server in
      let response = try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/"))
      #expect(response.status == 302 && response.headers["location"] == "/next")
    }
  }

  @Test("gives the headers of the last answer, not of interim ones")
  func interim() async throws {
    let server = try RawServer { connection in
      _ = connection.receive(until: "\r\n\r\n")
      connection.send(
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\nA: b\r\n\r\nok")
    }
    defer { server.stop() }
    let response = try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/"))
    #expect(response.status == 200 && response.headers["link"] == nil && response.headers["a"] == "b")
  }

  @Test("uses a connection again")
  func reuse() async throws {
    let server = try RawServer { connection in
      while connection.receive(until: "\r\n\r\n").end == .found {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
      }
    }
    defer { server.stop() }
    for _ in 0..<20 { _ = try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/")) }
    #expect(server.connections == 1)
  }

  @Test("sends many requests at a time")
  func concurrency() async throws {
    try await withServer { server in
      let url = "http://127.0.0.1:\(server.port)/"
      let good = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<300 {
          group.addTask { [client] in
            let body = Array("\(number)".utf8)
            let response = try await client.send(HTTPClientRequest(url: url, method: .post, body: body))
            return String(decoding: response.body, as: UTF8.self).contains("\"body\":\"\(number)\"")
          }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(good == 300)
    }
  }

  // MARK: Refusals

  @Test(
    "refuses every spelling of an address that the policy refuses, without connecting",
    arguments: [
      "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "0.0.0.0", "[::1]",
      "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "169.254.169.254", "10.0.0.1", "[fd00:ec2::254]",
    ])
  func policy(host: String) async throws {
    let server = try RawServer { _ in }
    defer { server.stop() }
    let strict = HTTPClient()
    let error = await failure(HTTPClientRequest(url: "http://\(host):\(server.port)/"), by: strict)
    guard case .refusedByPolicy = error else {
      Issue.record("\(host): \(String(describing: error))")
      return
    }
    #expect(error?.mayHaveBeenProcessed == false)
    #expect(server.connections == 0)
  }

  @Test("connects to networks that are allowed by name")
  func allowedNetwork() async throws {
    try await withServer { server in
      let client = HTTPClient(policy: .allowing([try #require(CIDR("127.0.0.0/8"))]))
      let response = try await client.send(HTTPClientRequest(url: "http://localhost:\(server.port)/"))
      #expect(response.status == 200)
    }
  }

  @Test(
    "refuses requests that are not plain HTTP",
    arguments: [
      HTTPClientRequest(url: "ftp://127.0.0.1/"), HTTPClientRequest(url: "file:///etc/passwd"),
      HTTPClientRequest(url: "gopher://127.0.0.1/"), HTTPClientRequest(url: ""), HTTPClientRequest(url: "http://"),
      HTTPClientRequest(url: "http://a b/"), HTTPClientRequest(url: "http://a\r\nX: y/"),
      HTTPClientRequest(url: "http://user:pw@127.0.0.1/"),
      HTTPClientRequest(url: "http://127.0.0.1/", method: "GET / HTTP/1.1\r\nX:"),
      HTTPClientRequest(url: "http://127.0.0.1/", headers: ["a": "b\r\nc: d"]),
      HTTPClientRequest(url: "http://127.0.0.1/", headers: ["a b": "c"]),
      HTTPClientRequest(url: "http://127.0.0.1/", headers: ["Content-Length": "5"]),
      HTTPClientRequest(url: "http://127.0.0.1/", headers: ["Host": "other"]),
    ])
  func invalid(request: HTTPClientRequest) async {
    guard case .invalidRequest = await failure(request) else {
      Issue.record("\(request.url) was not refused")
      return
    }
  }

  @Test("ignores the proxy of the environment")
  func proxy() async {
    await #expect(processExitsWith: .success) {
      setenv("http_proxy", "http://127.0.0.1:1", 1)
      setenv("ALL_PROXY", "http://127.0.0.1:1", 1)
      try await withServer { server in
        let response = try await HTTPClient(policy: .any).send(
          HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/"))
        precondition(response.status == 200)
      }
    }
  }

  // MARK: Failures

  @Test("tells a host that has no address, and one that does not listen")
  func unreachable() async throws {
    guard case .resolve = await failure(HTTPClientRequest(url: "http://host.invalid/")) else {
      Issue.record("host.invalid has no address")
      return
    }
    let server = try RawServer { _ in }
    let port = server.port
    server.stop()
    await RawConnection.blocking { while !isClosed(port) { poll(nil, 0, 5) } }
    let error = await failure(HTTPClientRequest(url: "http://127.0.0.1:\(port)/"))
    guard case .connect = error else {
      Issue.record("nothing listens: \(String(describing: error))")
      return
    }
    #expect(error?.mayHaveBeenProcessed == false)
  }

  @Test("tells a timeout before the request was sent from one after", arguments: [("https", false), ("http", true)])
  func timeout(scheme: String, requestSent: Bool) async throws {
    let server = try RawServer { connection in _ = connection.receive() }
    defer { server.stop() }
    let error = await failure(
      HTTPClientRequest(url: "\(scheme)://127.0.0.1:\(server.port)/", timeout: .milliseconds(200)))
    #expect(error == .timeout(requestSent: requestSent))
    #expect(error?.mayHaveBeenProcessed == requestSent)
  }

  @Test(
    "tells a connection that breaks",
    arguments: ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "nonsense\r\n\r\n"])
  func interruption(answer: String) async throws {
    let server = try RawServer { connection in
      _ = connection.receive(until: "\r\n\r\n")
      connection.send(answer)
    }
    defer { server.stop() }
    let error = await failure(HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/"))
    guard case .interrupted(_, requestSent: true) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("stops reading an answer that is too large")
  func tooLarge() async throws {
    let body = [UInt8](repeating: 65, count: 1001)
    try await withServer(handler: { _ in .bytes(body, contentType: "text/plain") }) { server in
      let url = "http://127.0.0.1:\(server.port)/"
      #expect(await failure(HTTPClientRequest(url: url, maxResponseBytes: 1000)) == .tooLarge)
      let whole = try await client.send(HTTPClientRequest(url: url, maxResponseBytes: 1001))
      #expect(whole.body == body)
    }
  }

  @Test("stops when its task is cancelled, before and after the request is sent")
  func cancellation() async throws {
    let arrived = Signal()
    let server = try RawServer { connection in
      _ = connection.receive(until: "\r\n\r\n")
      arrived.raise()
      _ = connection.receive()
    }
    defer { server.stop() }
    let request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/")
    let waiting = Task { await failure(request) }
    await arrived.wait()
    waiting.cancel()
    #expect(await waiting.value == .cancelled(requestSent: true))
    let never = Task {
      await Signal.untilCancelled()
      return await failure(request)
    }
    never.cancel()
    #expect(await never.value == .cancelled(requestSent: false))
  }

  // MARK: TLS

  @Test("trusts only servers whose certificate has a known issuer and the right name")
  func certificates() async throws {
    try await Command.withTemporaryDirectory { directory in
      let files = "-keyout \(directory)/key.pem -out \(directory)/cert.pem"
      let made = await Command.run(
        "openssl req -x509 -newkey rsa:2048 -nodes \(files) -days 2 -subj /CN=localhost "
          + "-addext subjectAltName=DNS:localhost")
      #expect(made.exitCode == 0, "\(made.output)")
      let port = try ListeningSocket.freePort()
      let server =
        "openssl s_server -accept 127.0.0.1:\(port) -key \(directory)/key.pem -cert \(directory)/cert.pem -www -quiet"
      let started = await Command.run("\(server) > \(directory)/log 2>&1 < /dev/null & echo $!")
      let pid = try #require(pid_t(started.output.filter(\.isNumber)))
      // The threads of the pool block the other signals, and a process inherits that.
      defer { kill(pid, SIGKILL) }
      await RawConnection.blocking { while isClosed(port) { poll(nil, 0, 10) } }

      let url = "https://localhost:\(port)/"
      guard case .tls = await failure(HTTPClientRequest(url: url)) else {
        Issue.record("an unknown issuer was trusted")
        return
      }
      let trusting = HTTPClient(policy: .any, certificateAuthorities: "\(directory)/cert.pem")
      let response = try await trusting.send(HTTPClientRequest(url: url))
      #expect(response.status == 200)
      guard case .tls = await failure(HTTPClientRequest(url: "https://127.0.0.1:\(port)/"), by: trusting) else {
        Issue.record("another name was trusted")
        return
      }
    }
  }
}

/// Whether nothing listens on the port.
private func isClosed(_ port: Int) -> Bool {
  let descriptor = RawConnection.tryConnect(port: port)
  if let descriptor { Glibc.close(descriptor) }
  return descriptor == nil
}

extension ListeningSocket {
  fileprivate static func freePort() throws -> Int {
    let listener = try ListeningSocket(host: "127.0.0.1", port: 0)
    Glibc.close(listener.descriptor)
    return listener.port
  }
}
