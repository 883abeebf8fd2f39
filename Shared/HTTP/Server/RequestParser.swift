/// Cuts the bytes of a connection into requests.
///
/// This is the guard against request smuggling: there is one way to write a message that it accepts, and everything
/// that two programs could read differently (RFC 9112, section 11.2) is refused.
struct RequestParser {
  enum Event {
    /// The head is complete. The caller names the limit of the body with `beginBody`.
    case head(RequestHead)
    case complete(RequestHead, body: [UInt8])
  }

  private enum State {
    case head
    case awaitingLimit(RequestHead)
    case body(RequestHead, limit: Int)
    /// Nothing after a refused request can be trusted.
    case rejected(Rejection)
  }

  private let headBytesMax: Int
  private var state = State.head
  private var buffer: [UInt8] = []
  /// Bytes before it are done with.
  private var start = 0
  /// Bytes of the head before it have been checked.
  private var scanned = 0
  private var lineStarts: [Int] = []
  private var body: [UInt8] = []
  private var chunks = ChunkedBody()

  init(headBytesMax: Int) {
    self.headBytesMax = headBytesMax
  }

  /// Nothing of a next request has come yet.
  var isIdle: Bool {
    if case .head = state { buffer.count == start } else { false }
  }

  var isReadingBody: Bool {
    if case .body = state { true } else { false }
  }

  var hasBufferedBytes: Bool { buffer.count > start }
  var bodyBytesHeld: Int { body.count }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: true)
      (start, scanned) = (0, 0)
    }
    buffer.append(contentsOf: bytes)
  }

  mutating func beginBody(limit: Int) {
    guard case .awaitingLimit(let head) = state else { preconditionFailure("there is no head that awaits its body") }
    if case .length(let length) = head.framing, length > limit {
      state = .rejected(.bodyTooLarge)
    } else {
      chunks = ChunkedBody()
      state = .body(head, limit: limit)
    }
  }

  /// The next event in the bytes so far; nil when more are needed.
  mutating func next() throws(Rejection) -> Event? {
    do throws(Rejection) {
      switch state {
      case .head: return try nextHead()
      case .awaitingLimit: return nil
      case .body(let head, let limit): return try nextBody(head, limit)
      case .rejected(let rejection): throw rejection
      }
    } catch {
      state = .rejected(error)
      buffer = []
      body = []
      start = 0
      throw error
    }
  }

  // MARK: Head

  private mutating func nextHead() throws(Rejection) -> Event? {
    guard let end = try scanHead() else { return nil }
    var lines: [ArraySlice<UInt8>] = []
    lines.reserveCapacity(lineStarts.count)
    for (index, lineStart) in lineStarts.enumerated() {
      let next = index + 1 < lineStarts.count ? lineStarts[index + 1] : end - 2
      lines.append(buffer[lineStart..<next - 2])
    }
    let head = try RequestHead.parse(lines: lines)
    lineStarts.removeAll(keepingCapacity: true)
    start = end
    scanned = end
    state = .awaitingLimit(head)
    return .head(head)
  }

  /// Checks each new byte of the head and returns the end of the head when it has come.
  private mutating func scanHead() throws(Rejection) -> Int? {
    if lineStarts.isEmpty && buffer.count > start { lineStarts.append(start) }
    var lineStart = lineStarts.last ?? start
    while scanned < buffer.count {
      let byte = buffer[scanned]
      let followsReturn = scanned > lineStart && buffer[scanned - 1] == UInt8(ascii: "\r")
      guard scanned - start < headBytesMax else { throw headTooLarge }
      guard (byte == UInt8(ascii: "\n")) == followsReturn else {
        throw .badRequest("A line must end in carriage return and line feed, which occur nowhere else.")
      }
      scanned += 1
      if followsReturn {
        if scanned - lineStart == 2 {
          guard lineStart > start else { throw .badRequest("A request must begin with its request line.") }
          lineStarts.removeLast()
          return scanned
        }
        lineStart = scanned
        lineStarts.append(scanned)
      } else {
        let isAllowed = (0x20...0x7e).contains(byte) || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
        guard isAllowed else { throw .badRequest("The head of a request must be visible ASCII.") }
      }
    }
    return nil
  }

  private var headTooLarge: Rejection {
    lineStarts.count <= 1
      ? Rejection(status: 414, detail: "The request line is longer than is accepted here.")
      : Rejection(status: 431, detail: "The headers are larger than is accepted here.")
  }

  // MARK: Body

  private mutating func nextBody(_ head: RequestHead, _ limit: Int) throws(Rejection) -> Event? {
    switch head.framing {
    case .none: break
    case .length(let length):
      let count = min(length - body.count, buffer.count - start)
      body.append(contentsOf: buffer[start..<start + count])
      start += count
      if body.count < length { return nil }
    case .chunked:
      start += try chunks.decode(buffer[start...], into: &body, limit: limit)
      if !chunks.isComplete { return nil }
    }
    scanned = start
    compact()
    state = .head
    defer { body = [] }
    return .complete(head, body: body)
  }

  /// Keeps what is pipelined behind a finished request, and no more.
  private mutating func compact() {
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: buffer.capacity <= 65_536)
    } else {
      buffer.removeFirst(start)
    }
    (start, scanned) = (0, 0)
  }
}
