/// The request line and headers of a request that passed every check.
struct RequestHead: Sendable {
  enum Framing: Hashable, Sendable {
    case none
    case length(Int)
    case chunked
  }

  let method: HTTPMethod
  let target: RequestTarget
  let isVersion11: Bool
  let headers: HTTPHeaders
  let framing: Framing
  let keepsAlive: Bool
  let expectsContinue: Bool
}

/// Why a request is answered by the server itself and its connection closed.
struct Rejection: Error, Hashable, Sendable {
  let status: Int
  let detail: String

  static func badRequest(_ detail: String) -> Rejection { Rejection(status: 400, detail: detail) }
}

extension RequestHead {
  private static let fieldsMax = 100

  /// Reads the lines of a head whose bytes have been checked: CRLF at the end of each line and nowhere else, no
  /// control characters, nothing beyond ASCII.
  static func parse(lines: [ArraySlice<UInt8>]) throws(Rejection) -> RequestHead {
    let (method, rawTarget, isVersion11) = try parseRequestLine(lines[0])
    guard let target = RequestTarget(rawTarget) else {
      throw .badRequest("The request target must be an absolute path with valid escapes.")
    }
    let headers = try parseFields(lines.dropFirst())
    try checkHost(headers)
    return RequestHead(
      method: method, target: target, isVersion11: isVersion11, headers: headers,
      framing: try framing(headers, isVersion11: isVersion11),
      keepsAlive: isVersion11 && !headers.hasToken("close", in: "connection"),
      expectsContinue: try expectation(headers) && isVersion11)
  }

  private static func parseRequestLine(
    _ line: ArraySlice<UInt8>
  ) throws(Rejection) -> (HTTPMethod, ArraySlice<UInt8>, Bool) {
    let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 3, (1...32).contains(parts[0].count), parts[0].allSatisfy(\.isHTTPToken) else {
      throw .badRequest("The request line must be a method, a target and a version.")
    }
    let version = parts[2]
    guard version.elementsEqual("HTTP/1.1".utf8) || version.elementsEqual("HTTP/1.0".utf8) else {
      if version.count == 8, version.starts(with: "HTTP/".utf8) {
        throw Rejection(status: 505, detail: "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
      }
      throw .badRequest("The request line must end in a version.")
    }
    let method = HTTPMethod(rawValue: String(decoding: parts[0], as: UTF8.self))
    return (method, parts[1], version.last == UInt8(ascii: "1"))
  }

  private static func parseFields(_ lines: ArraySlice<ArraySlice<UInt8>>) throws(Rejection) -> HTTPHeaders {
    guard lines.count <= fieldsMax else {
      throw Rejection(status: 431, detail: "At most \(fieldsMax) header fields are accepted.")
    }
    var headers = HTTPHeaders()
    for line in lines {
      let name = line.prefix { $0 != UInt8(ascii: ":") }
      // A folded line begins with a blank, and a space before the colon is not in a token: both are refused here.
      guard !name.isEmpty, name.endIndex < line.endIndex, name.allSatisfy(\.isHTTPToken) else {
        throw .badRequest("A header line must be a name, a colon and a value.")
      }
      headers.append(
        String(decoding: name.map(\.lowercasedASCII), as: UTF8.self),
        String(decoding: line[(name.endIndex + 1)...].trimmingBlanks, as: UTF8.self))
    }
    return headers
  }

  private static func checkHost(_ headers: HTTPHeaders) throws(Rejection) {
    let hosts = headers.all("host")
    let allowed = { (byte: UInt8) in byte > 0x20 && byte < 0x7f && !"/?#@\\,\"<>^`{|}".utf8.contains(byte) }
    guard hosts.count == 1, !hosts[0].isEmpty, hosts[0].utf8.allSatisfy(allowed) else {
      throw .badRequest("There must be exactly one Host header.")
    }
  }

  private static func framing(_ headers: HTTPHeaders, isVersion11: Bool) throws(Rejection) -> Framing {
    let lengths = headers.all("content-length")
    let encodings = headers.all("transfer-encoding")
    guard lengths.count + encodings.count <= 1 else {
      throw .badRequest("The length of the body must be said once.")
    }
    if let encoding = encodings.first {
      guard isVersion11, encoding.equalsIgnoringCase("chunked") else {
        throw .badRequest("The only transfer encoding is chunked, in HTTP/1.1.")
      }
      return .chunked
    }
    guard let text = lengths.first else { return .none }
    let isPlain = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard isPlain, text == "0" || !text.hasPrefix("0"), text.utf8.count <= 18, let length = Int(text) else {
      throw .badRequest("Content-Length must be a plain number.")
    }
    return length == 0 ? .none : .length(length)
  }

  private static func expectation(_ headers: HTTPHeaders) throws(Rejection) -> Bool {
    let expectations = headers.all("expect")
    if expectations.isEmpty { return false }
    guard expectations.count == 1, expectations[0].equalsIgnoringCase("100-continue") else {
      throw Rejection(status: 417, detail: "The only expectation is 100-continue.")
    }
    return true
  }
}

extension HTTPHeaders {
  func hasToken(_ token: String, in name: String) -> Bool {
    all(name).contains { value in
      value.utf8.split(separator: UInt8(ascii: ",")).contains { part in
        String(decoding: Array(part)[...].trimmingBlanks, as: UTF8.self).equalsIgnoringCase(token)
      }
    }
  }
}

extension ArraySlice<UInt8> {
  var trimmingBlanks: ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    var rest = drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return rest
  }
}
