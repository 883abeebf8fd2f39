import Testing

@testable import HTTP

/// What a parser made of some bytes, for comparison.
enum ParserOutcome: Equatable {
  case request(method: String, path: String, body: [UInt8])
  case rejected(Int)
}

extension RequestParser {
  static func outcome(of bytes: [UInt8], piece: Int, bodyLimit: Int = 1 << 20) -> [ParserOutcome] {
    var parser = RequestParser(headBytesMax: 16_384)
    var outcomes: [ParserOutcome] = []
    for start in stride(from: 0, to: bytes.count, by: piece) {
      bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { parser.append($0) }
      do throws(Rejection) {
        while let event = try parser.next() {
          switch event {
          case .head: parser.beginBody(limit: bodyLimit)
          case .complete(let head, let body):
            outcomes.append(.request(method: head.method.rawValue, path: head.target.rawPath, body: body))
          }
        }
      } catch {
        return outcomes + [.rejected(error.status)]
      }
    }
    return outcomes
  }
}

@Suite("The request parser")
struct RequestParserTests {
  private let pipeline =
    "GET /one HTTP/1.1\r\nHost: a\r\n\r\n" + "POST /two HTTP/1.1\r\nhost:a:80\r\ncontent-length: 5\r\n\r\nhello"
    + "PUT /three HTTP/1.1\r\nHOST: a\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n"
    + "DELETE /four HTTP/1.0\r\nHost: [::1]:80\r\nContent-Length: 0\r\n\r\n"

  @Test("reads the same requests however the bytes are cut", arguments: 1...120)
  func cuts(piece: Int) {
    #expect(
      RequestParser.outcome(of: Array(pipeline.utf8), piece: piece) == [
        .request(method: "GET", path: "/one", body: []),
        .request(method: "POST", path: "/two", body: Array("hello".utf8)),
        .request(method: "PUT", path: "/three", body: Array("hello0123456789".utf8)),
        .request(method: "DELETE", path: "/four", body: []),
      ])
  }

  @Test("decodes paths and queries")
  func targets() throws {
    let target = try #require(RequestTarget(Array("/a%20b/%C3%A9/c%2Fd/?x=1+2&y&z=%26=".utf8)[...]))
    #expect(target.rawPath == "/a%20b/%C3%A9/c%2Fd/")
    #expect(target.segments == ["a b", "é", "c/d", ""])
    #expect(target.query.map(\.name) == ["x", "y", "z"])
    #expect(target.query.map(\.value) == ["1 2", "", "&="])
  }

  @Test("trims the blanks around values and nothing else")
  func values() throws {
    let head = try RequestHead.parse(
      lines: ["GET / HTTP/1.1", "Host: a", "X: \t b  c\t ", "Y:"].map { Array($0.utf8)[...] })
    #expect(head.headers["x"] == "b  c")
    #expect(head.headers["y"] == "")
  }

  @Test(
    "knows when the connection stays open",
    arguments: [
      ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close", false), ("HTTP/1.1", "Connection: x, Close", false),
      ("HTTP/1.1", "Connection: keep-alive", true), ("HTTP/1.0", "", false),
      ("HTTP/1.0", "Connection: keep-alive", false),
    ])
  func keepAlive(version: String, header: String, expected: Bool) throws {
    let lines = ["GET / \(version)", "Host: a", header].filter { !$0.isEmpty }
    #expect(try RequestHead.parse(lines: lines.map { Array($0.utf8)[...] }).keepsAlive == expected)
  }

  @Test("takes a body of exactly the limit and refuses one byte more")
  func limits() {
    let body = String(repeating: "a", count: 100)
    let plain = Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n\(body)".utf8)
    let chunked = Array(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n\(body)\r\n0\r\n\r\n".utf8)
    for bytes in [plain, chunked] {
      #expect(
        RequestParser.outcome(of: bytes, piece: 64, bodyLimit: 100)
          == [.request(method: "POST", path: "/", body: Array(body.utf8))])
      #expect(RequestParser.outcome(of: bytes, piece: 64, bodyLimit: 99) == [.rejected(413)])
    }
  }

  @Test("sums chunks against the limit")
  func chunkSum() {
    let chunks = String(repeating: "a\r\n0123456789\r\n", count: 11) + "0\r\n\r\n"
    let bytes = Array("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)".utf8)
    #expect(RequestParser.outcome(of: bytes, piece: 1000, bodyLimit: 100) == [.rejected(413)])
  }
}
