import Glibc
import Synchronization
import Testing

@testable import HTTP

@Suite("The server", .timeLimit(.minutes(2)))
struct HTTPServerTests {
  private let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
  private let lastGet = "GET /z HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

  private func limits(_ change: (inout HTTPLimits) -> Void) -> HTTPLimits {
    var limits = HTTPLimits()
    change(&limits)
    return limits
  }

  // MARK: Connections

  @Test("answers several requests on one connection, in order, also when they come at once")
  func pipelining() async throws {
    try await withServer { server in
      let requests = (1...50).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
      let (answer, end) = await RawConnection.exchange(port: server.port, requests + lastGet)
      let paths = answer.split(separator: "\"path\":\"/").dropFirst().map { String($0.prefix { $0 != "\"" }) }
      #expect(paths == (1...50).map(String.init) + ["z"])
      #expect(end == .closed)
    }
  }

  @Test("outlives clients that connect, say nothing or half of something, and leave")
  func rudeClients() async throws {
    try await withServer { server in
      for text in ["", "GET", "GET / HTTP/1.1\r\nHost: a\r\n", get] {
        await RawConnection.blocking {
          let connection = RawConnection(port: server.port)
          connection.send(text)
          if text == self.get { _ = connection.receive(until: "\r\n\r\n") }
          connection.close()
        }
      }
      let (answer, _) = await RawConnection.exchange(port: server.port, lastGet)
      #expect(answer.hasPrefix("HTTP/1.1 200 "))
    }
  }

  @Test("answers a client that has closed its sending side")
  func halfClose() async throws {
    try await withServer { server in
      let (answer, end) = await RawConnection.blocking {
        let connection = RawConnection(port: server.port)
        defer { connection.close() }
        connection.send(get + get)
        connection.shutdownSending()
        return connection.receive()
      }
      #expect(answer.components(of: "HTTP/1.1 200 OK") == 2)
      #expect(end == .closed)
    }
  }

  @Test("closes an HTTP/1.0 connection after its answer")
  func version10() async throws {
    try await withServer { server in
      let (answer, end) = await RawConnection.exchange(port: server.port, "GET / HTTP/1.0\r\nHost: a\r\n\r\n")
      #expect(answer.hasPrefix("HTTP/1.1 200 "))
      #expect(answer.utf8Contains("connection: close\r\n"))
      #expect(end == .closed)
    }
  }

  @Test("refuses connections beyond its limit, and takes new ones when others have left")
  func connectionLimit() async throws {
    try await withServer(limits: limits { $0.connections = 2 }) { server in
      await RawConnection.blocking {
        let first = RawConnection(port: server.port)
        let second = RawConnection(port: server.port)
        for connection in [first, second] {
          connection.send(get)
          #expect(connection.receive(until: "\r\n\r\n").end == .found)
        }
        let third = RawConnection(port: server.port)
        #expect(third.receive().text.hasPrefix("HTTP/1.1 503 "))
        third.close()
        first.send(lastGet)
        #expect(first.receive().end == .closed)
        first.close()
        // The server learns of the close after the client; until then it may refuse once more.
        var status = ""
        while !status.hasPrefix("HTTP/1.1 200 ") {
          let fourth = RawConnection(port: server.port)
          fourth.send(lastGet)
          status = fourth.receive().text
          fourth.close()
        }
        second.close()
      }
    }
  }

  // MARK: Slow clients

  @Test("gives a slow request line and slow headers a fixed time")
  func slowHeaders() async throws {
    try await withServer(limits: limits { $0.headerTimeout = .milliseconds(150) }) { server in
      let (answer, end) = await RawConnection.blocking {
        let connection = RawConnection(port: server.port)
        defer { connection.close() }
        // One byte at a time keeps a connection busy, but not open.
        for byte in "GET / HTTP/1.1\r\nHost: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".utf8 {
          if !connection.send([byte]) { break }
          poll(nil, 0, 10)
        }
        return connection.receive()
      }
      #expect(answer.hasPrefix("HTTP/1.1 408 "))
      #expect(end == .closed)
    }
  }

  @Test("gives a slow body the time that its bytes earn")
  func slowBody() async throws {
    let limits = limits {
      $0.bodyTimeout = .milliseconds(150)
      $0.bodyBytesPerSecondMin = 1 << 20
    }
    try await withServer(limits: limits) { server in
      let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"
      let (answer, end) = await RawConnection.exchange(port: server.port, head + "some")
      #expect(answer.hasPrefix("HTTP/1.1 408 "))
      #expect(end == .closed)
    }
  }

  @Test("closes idle connections without a word")
  func idle() async throws {
    let limits = limits {
      $0.idleTimeout = .milliseconds(100)
      $0.headerTimeout = .milliseconds(100)
    }
    try await withServer(limits: limits) { server in
      let silent = await RawConnection.exchange(port: server.port, "")
      #expect(silent.text.isEmpty && silent.end == .closed)
      let idle = await RawConnection.exchange(port: server.port, get)
      #expect(idle.text.components(of: "HTTP/1.1 ") == 1 && idle.end == .closed)
    }
  }

  @Test("drops a client that does not read its answer")
  func slowReader() async throws {
    let body = [UInt8](repeating: 65, count: 32 << 20)
    let limits = limits { $0.sendTimeout = .milliseconds(200) }
    try await withServer(limits: limits, handler: { _ in .bytes(body, contentType: "text/plain") }) { server in
      let received = await RawConnection.blocking {
        let connection = RawConnection(port: server.port)
        defer { connection.close() }
        connection.send(get)
        poll(nil, 0, 600)
        return connection.receive().text.utf8.count
      }
      #expect(received < body.count)
    }
  }

  // MARK: Bodies

  @Test("says 413 before the body comes")
  func tooLarge() async throws {
    try await withServer(limits: limits { $0.bodyBytes = 10 }) { server in
      for framing in ["Content-Length: 11\r\n\r\n", "Content-Length: 11\r\nExpect: 100-continue\r\n\r\n"] {
        let (answer, end) = await RawConnection.exchange(port: server.port, "POST / HTTP/1.1\r\nHost: a\r\n" + framing)
        #expect(answer.hasPrefix("HTTP/1.1 413 "))
        #expect(end == .closed)
      }
    }
  }

  @Test("has other limits for some paths")
  func pathLimit() async throws {
    let limits = limits {
      $0.bodyBytes = 10
      $0.bodyBytesFor = { method, path in method == .post && path == "/upload" ? 20 : nil }
    }
    try await withServer(limits: limits) { server in
      func status(_ path: String, _ count: Int) async -> String {
        let body = String(repeating: "a", count: count)
        let head = "POST \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: \(count)\r\n\r\n"
        return await RawConnection.exchange(port: server.port, head + body).text.statusLine
      }
      #expect(await status("/upload", 20) == "HTTP/1.1 200 OK")
      #expect(await status("/upload", 21) == "HTTP/1.1 413 Content Too Large")
      #expect(await status("/other", 20) == "HTTP/1.1 413 Content Too Large")
    }
  }

  @Test("bounds the bodies of all connections together")
  func allBodies() async throws {
    try await withServer(limits: limits { $0.bodyBytesOfAll = 50 }) { server in
      let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"
      let (answer, end) = await RawConnection.exchange(port: server.port, head + String(repeating: "a", count: 60))
      #expect(answer.hasPrefix("HTTP/1.1 503 "))
      #expect(end == .closed)
      let (second, _) = await RawConnection.exchange(port: server.port, lastGet)
      #expect(second.hasPrefix("HTTP/1.1 200 "))
    }
  }

  @Test("asks for a body that waits to be asked for")
  func expectContinue() async throws {
    try await withServer { server in
      await RawConnection.blocking {
        let connection = RawConnection(port: server.port)
        defer { connection.close() }
        connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        let (interim, _) = connection.receive(until: "\r\n\r\n")
        #expect(interim == "HTTP/1.1 100 Continue\r\n\r\n")
        connection.send("hello")
        let (answer, _) = connection.receive(until: "\"query\":[]}")
        #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.utf8Contains("\"body\":\"hello\""))
      }
    }
  }

  // MARK: Answers

  @Test("answers HEAD like GET, without the body")
  func head() async throws {
    try await withServer(handler: { _ in .text("hello") }) { server in
      let requests = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + lastGet
      let (answer, _) = await RawConnection.exchange(port: server.port, requests)
      #expect(answer.components(of: "content-length: 5\r\n") == 2)
      #expect(answer.components(of: "hello") == 1)
    }
  }

  @Test("sends no body and no length with 204")
  func noContent() async throws {
    try await withServer(handler: { _ in .noContent }) { server in
      let (answer, _) = await RawConnection.exchange(port: server.port, lastGet)
      #expect(answer.hasPrefix("HTTP/1.1 204 No Content\r\n"))
      #expect(!answer.utf8Contains("content-length"))
      #expect(answer.hasSuffix("\r\n\r\n"))
    }
  }

  @Test("adds security headers, a date and no version, and lets a handler choose otherwise")
  func defaultHeaders() async throws {
    try await withServer(handler: { _ in .text("x", headers: ["Cache-Control": "max-age=60", "Connection": "x"]) }) {
      server in
      let (answer, _) = await RawConnection.exchange(port: server.port, lastGet)
      for header in [
        "x-content-type-options: nosniff", "x-frame-options: DENY", "referrer-policy: no-referrer",
        "content-security-policy: default-src 'none'; frame-ancestors 'none'", "Cache-Control: max-age=60",
        "strict-transport-security: max-age=31536000", "connection: close",
      ] { #expect(answer.utf8Contains("\r\n\(header)\r\n"), "\(header)") }
      #expect(answer.utf8Contains("\r\ndate: ") && answer.utf8Contains(" GMT\r\n"))
      #expect(!answer.utf8Contains("no-store") && !answer.utf8Contains("Connection: x"))
      #expect(!answer.utf8Contains("erver: "))
    }
  }

  @Test("does not let a handler's header change the framing")
  func headerInjection() async throws {
    let values = ["a\r\nX-Evil: 1", "a\nb", "a\0b"]
    for value in values {
      try await withServer(handler: { _ in .text("x", headers: ["x-name": value]) }) { server in
        let (answer, _) = await RawConnection.exchange(port: server.port, lastGet)
        #expect(answer.hasPrefix("HTTP/1.1 500 "))
        #expect(!answer.utf8Contains("X-Evil"))
      }
    }
  }

  @Test("writes dates as HTTP wants them")
  func dates() {
    #expect(ResponseWriter.date(secondsSince1970: 784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
  }

  // MARK: Handlers

  @Test("cancels the handler when the client goes away")
  func disconnect() async throws {
    let started = Signal()
    let cancelled = Signal()
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { _ in
      started.raise()
      await Signal.untilCancelled()
      cancelled.raise()
      return .text("nobody reads this")
    }
    try await withServer(handler: handler) { server in
      let connection = await RawConnection.blocking { RawConnection(port: server.port) }
      connection.send(get)
      await started.wait()
      connection.close()
      await cancelled.wait()
    }
  }

  @Test("gives a handler a fixed time and cancels it")
  func handlerTimeout() async throws {
    let cancelled = Signal()
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { _ in
      await Signal.untilCancelled()
      cancelled.raise()
      return .text("late")
    }
    try await withServer(limits: limits { $0.handlerTimeout = .milliseconds(100) }, handler: handler) { server in
      let (answer, end) = await RawConnection.exchange(port: server.port, get)
      #expect(answer.hasPrefix("HTTP/1.1 503 "))
      #expect(!answer.utf8Contains("late"))
      #expect(end == .closed)
      await cancelled.wait()
    }
  }

  @Test("answers others while handlers wait")
  func concurrency() async throws {
    let release = Signal()
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
      if request.path == "/wait" { await release.wait() }
      return .text(request.path)
    }
    try await withServer(handler: handler) { server in
      let waiting = (0..<50).map { _ in RawConnection(port: server.port) }
      for connection in waiting { connection.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n") }
      let (answer, _) = await RawConnection.exchange(port: server.port, lastGet)
      #expect(answer.hasSuffix("/z"))
      release.raise()
      for connection in waiting {
        #expect(await RawConnection.blocking { connection.receive(until: "/wait").end } == .found)
        connection.close()
      }
    }
  }

  // MARK: Streams

  @Test("sends the chunks of a stream as they come, and then takes the next request")
  func stream() async throws {
    let (chunks, source) = AsyncStream.makeStream(of: [UInt8].self)
    let streams = Mutex<[AsyncStream<[UInt8]>]>([chunks])
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
      streams.withLock { $0.popLast() }.map { .stream($0) } ?? .text("after")
    }
    try await withServer(handler: handler) { server in
      await RawConnection.blocking {
        let connection = RawConnection(port: server.port)
        defer { connection.close() }
        connection.send(get)
        source.yield(Array("data: 1\n\n".utf8))
        let (first, _) = connection.receive(until: "data: 1\n\n")
        #expect(first.utf8Contains("transfer-encoding: chunked\r\n") && first.utf8Contains("text/event-stream"))
        source.yield([])
        source.yield(Array("data: 2\n\n".utf8))
        #expect(connection.receive(until: "9\r\ndata: 2\n\n\r\n").end == .found)
        source.finish()
        #expect(connection.receive(until: "0\r\n\r\n").end == .found)
        connection.send(lastGet)
        #expect(connection.receive().text.hasSuffix("after"))
      }
    }
  }

  @Test("ends a stream when the client goes away")
  func streamDisconnect() async throws {
    let ended = Signal()
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { _ in
      .stream(
        AsyncStream { source in
          source.onTermination = { _ in ended.raise() }
          source.yield(Array("first".utf8))
        })
    }
    try await withServer(handler: handler) { server in
      await RawConnection.blocking {
        let connection = RawConnection(port: server.port)
        connection.send(get)
        #expect(connection.receive(until: "first").end == .found)
        connection.close()
      }
      await ended.wait()
    }
  }

  @Test("draws from a stream only as fast as the client reads")
  func streamBackPressure() async throws {
    let drawn = Mutex(0)
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { _ in
      .stream(
        AsyncStream(unfolding: {
          drawn.withLock { $0 += 1 }
          return [UInt8](repeating: 65, count: 65_536)
        }))
    }
    try await withServer(limits: limits { $0.sendTimeout = .milliseconds(300) }, handler: handler) { server in
      await RawConnection.blocking {
        let connection = RawConnection(port: server.port)
        defer { connection.close() }
        connection.send(get)
        poll(nil, 0, 700)
        // What the sockets' buffers hold, not the endless stream.
        #expect(drawn.withLock { $0 } < 500)
      }
    }
  }

  // MARK: Stopping

  @Test("finishes what is in progress when it stops, and takes nothing new")
  func stop() async throws {
    let started = Signal()
    let release = Signal()
    let server = try HTTPServer(host: "127.0.0.1", port: 0) { _ in
      started.raise()
      await release.wait()
      return .text("done")
    }
    server.start()
    let busy = RawConnection(port: server.port)
    let idle = RawConnection(port: server.port)
    busy.send(get)
    await started.wait()
    async let stopped: Void = server.stop()
    #expect(await RawConnection.blocking { idle.receive() }.end == .closed)
    release.raise()
    let (answer, end) = await RawConnection.blocking { busy.receive() }
    #expect(answer.hasSuffix("done") && answer.utf8Contains("connection: close\r\n"))
    #expect(end == .closed)
    busy.close()
    idle.close()
    await stopped
    await server.stop()
  }

  @Test("gives up on what does not finish in time when it stops")
  func stopTimeout() async throws {
    let started = Signal()
    let limits = limits { $0.stopTimeout = .milliseconds(100) }
    let server = try HTTPServer(host: "127.0.0.1", port: 0, limits: limits) { _ in
      started.raise()
      await Signal.untilCancelled()
      return .text("never")
    }
    server.start()
    let connection = RawConnection(port: server.port)
    connection.send(get)
    await started.wait()
    await server.stop()
    #expect(await RawConnection.blocking { connection.receive() }.end == .closed)
    connection.close()
  }

  @Test("stops when nobody holds it any more")
  func release() async throws {
    var server: HTTPServer? = try HTTPServer(host: "127.0.0.1", port: 0, handler: echo)
    server?.start()
    let connection = RawConnection(port: try #require(server?.port))
    connection.send(get)
    #expect(await RawConnection.blocking { connection.receive(until: "\"query\":[]}").end } == .found)
    server = nil
    #expect(await RawConnection.blocking { connection.receive().end } == .closed)
    connection.close()
  }

  @Test("reports a port in use when it is made")
  func portInUse() async throws {
    let server = try HTTPServer(host: "127.0.0.1", port: 0) { _ in .noContent }
    #expect(throws: HTTPServerError.self) {
      try HTTPServer(host: "127.0.0.1", port: server.port) { _ in .noContent }
    }
    await server.stop()
    _ = try HTTPServer(host: "127.0.0.1", port: server.port) { _ in .noContent }
  }
}

extension String {
  func components(of part: String) -> Int { Array(utf8).ranges(of: Array(part.utf8)).count }
}
