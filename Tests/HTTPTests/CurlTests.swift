import Testing

@testable import HTTP

@Suite("The server, asked by curl", .timeLimit(.minutes(2)))
struct CurlTests {
  private func curl(_ arguments: String, _ handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse = echo)
    async throws -> String
  {
    try await withServer(handler: handler) { server in
      let arguments = arguments.replacing("URL", with: "http://127.0.0.1:\(server.port)")
      let (exitCode, output) = await Command.run("curl --noproxy '*' --max-time 20 -sS \(arguments)")
      #expect(exitCode == 0, "\(output)")
      return output
    }
  }

  @Test("answers a GET with an escaped path and a query")
  func get() async throws {
    let output = try await curl("'URL/a%20b?x=1'")
    #expect(output == #"{"method":"GET","path":"/a b","body":"","query":[["x","1"]]}"#)
  }

  @Test("takes a body, a chunked body, and one announced with Expect")
  func bodies() async throws {
    let expected = #"{"method":"POST","path":"/","body":"hello","query":[]}"#
    #expect(try await curl("-d hello URL/") == expected)
    #expect(try await curl("-d hello -H 'Transfer-Encoding: chunked' URL/") == expected)
    #expect(try await curl("-d hello -H 'Expect: 100-continue' URL/") == expected)
  }

  @Test("takes a large upload")
  func upload() async throws {
    try await withServer(handler: { .text("\($0.body.count)") }) { server in
      let upload = "curl --noproxy '*' -sS -T - http://127.0.0.1:\(server.port)/"
      let (_, output) = await Command.run("head -c 1000000 /dev/zero | \(upload)")
      #expect(output == "1000000")
    }
  }

  @Test("speaks HTTP/1.0, HEAD and several requests on a connection")
  func variants() async throws {
    #expect(try await curl("--http1.0 URL/x").contains("\"path\":\"/x\""))
    #expect(try await curl("-I URL/x").hasPrefix("HTTP/1.1 200 OK"))
    let output = try await curl("-v URL/1 URL/2 URL/3 -o /dev/null -o /dev/null -o /dev/null")
    #expect(output.components(of: "Re-using existing connection") == 2)
  }

  @Test("streams")
  func stream() async throws {
    let output = try await curl("-N URL/") { _ in
      .stream(
        AsyncStream { source in
          for number in 1...3 { source.yield(Array("data: \(number)\n\n".utf8)) }
          source.finish()
        })
    }
    #expect(output == "data: 1\n\ndata: 2\n\ndata: 3\n\n")
  }
}
