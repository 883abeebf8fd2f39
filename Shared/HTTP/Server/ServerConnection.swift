/// The state of one connection: bytes and answers go in, bytes to send and actions come out. It does no input or
/// output and reads no clock.
struct ServerConnection {
  typealias Instant = ContinuousClock.Instant

  /// When something happened, for deadlines and for the `Date` header.
  struct Moment {
    let instant: Instant
    let date: String
  }

  enum Action {
    case handle(HTTPRequest)
    case cancelHandler
    case pump(AsyncStream<[UInt8]>)
    /// Tell the peer that nothing more will come.
    case shutdownSending
    case close
  }

  private enum Phase {
    case reading
    case handling(RequestHead)
    case streaming(chunked: Bool, keepsAlive: Bool)
    /// The last bytes are on their way.
    case finishing
    /// Waits for the peer to close, so that what it still sends does not destroy the answer on its way.
    case lingering(discarded: Int)
    case closed
  }

  /// Unsent answers beyond this stop the reading of further requests, and streams.
  private static let unsentBytesMax = 65_536
  private static let lingerTime = Duration.seconds(2)
  private static let discardedBytesMax = 1 << 20

  private let limits: HTTPLimits
  private let remoteAddress: String
  private var parser: RequestParser
  private var phase = Phase.reading
  private var phaseDeadline: Instant?
  private var sendDeadline: Instant?
  private var readingBodySince: Instant?
  private var isStopping = false
  private var handlingBytes = 0
  private(set) var output: [UInt8] = []
  private var sentCount = 0

  init(limits: HTTPLimits, remoteAddress: String, now: Moment) {
    self.limits = limits
    self.remoteAddress = remoteAddress
    parser = RequestParser(headBytesMax: limits.headerBytes)
    // A connection that says nothing is as slow as one that says little.
    phaseDeadline = now.instant + limits.headerTimeout
  }

  // MARK: What the outside asks

  var unsent: ArraySlice<UInt8> { output[sentCount...] }
  private var unsentCount: Int { output.count - sentCount }

  var wantsToRead: Bool {
    switch phase {
    case .reading: unsentCount < Self.unsentBytesMax
    case .lingering: true
    case .handling, .streaming, .finishing, .closed: false
    }
  }

  /// Whether a stream may go on.
  var wantsChunks: Bool {
    if case .streaming = phase { unsentCount < Self.unsentBytesMax } else { false }
  }

  var deadline: Instant? {
    switch (phaseDeadline, sendDeadline) {
    case (let a?, let b?): min(a, b)
    case (let a, let b): a ?? b
    }
  }

  var bodyBytesHeld: Int { parser.bodyBytesHeld + handlingBytes }

  // MARK: What happens

  mutating func received(_ bytes: UnsafeRawBufferPointer, now: Moment) -> [Action] {
    switch phase {
    case .reading:
      let wasIdle = parser.isIdle
      parser.append(bytes)
      if wasIdle { phaseDeadline = now.instant + limits.headerTimeout }
      return advance(now)
    case .lingering(let discarded):
      guard discarded + bytes.count <= Self.discardedBytesMax else { return close() }
      phase = .lingering(discarded: discarded + bytes.count)
      return []
    case .handling, .streaming, .finishing, .closed: return []
    }
  }

  /// The peer has sent its last byte, and all of them have been received.
  mutating func receivedEnd(now: Moment) -> [Action] {
    switch phase {
    case .reading where unsentCount > 0: return finish(now)
    case .reading, .lingering: return close()
    case .handling, .streaming, .finishing, .closed: return []
    }
  }

  /// The peer has closed its side while its request is handled. It may have closed both: the handler is told, and if
  /// it answers anyway the answer is sent.
  mutating func peerClosed() -> [Action] {
    switch phase {
    case .handling: [.cancelHandler]
    case .streaming: close()
    case .reading, .finishing, .lingering, .closed: []
    }
  }

  mutating func responded(_ response: HTTPResponse, now: Moment) -> [Action] {
    guard case .handling(let head) = phase else { return [] }
    handlingBytes = 0
    guard response.headers.areWellFormed, (200...599).contains(response.status) else {
      return responded(.problem(Problem(status: 500)), now: now)
    }
    let keepsAlive = head.keepsAlive && !isStopping
    if let stream = response.stream, head.method != .head {
      let length = head.isVersion11 ? ResponseWriter.BodyLength.chunked : .untilClose
      send(ResponseWriter.head(response, length: length, closes: !keepsAlive, date: now.date), now)
      phase = .streaming(chunked: head.isVersion11, keepsAlive: keepsAlive)
      phaseDeadline = nil
      return [.pump(stream)]
    }
    send(complete(response, to: head.method, closes: !keepsAlive, now), now)
    return endResponse(keepsAlive: keepsAlive, now)
  }

  mutating func streamed(_ bytes: [UInt8], now: Moment) {
    // An empty chunk would end the body.
    guard case .streaming(let chunked, _) = phase, !bytes.isEmpty else { return }
    send(chunked ? ResponseWriter.chunk(bytes) : bytes, now)
  }

  mutating func streamEnded(now: Moment) -> [Action] {
    guard case .streaming(let chunked, let keepsAlive) = phase else { return [] }
    if chunked { send(ResponseWriter.lastChunk, now) }
    return endResponse(keepsAlive: keepsAlive && !isStopping, now)
  }

  mutating func sent(_ count: Int, now: Moment) -> [Action] {
    sentCount += count
    guard sentCount == output.count else {
      sendDeadline = now.instant + limits.sendTimeout
      return []
    }
    output.removeAll(keepingCapacity: output.capacity <= Self.unsentBytesMax)
    sentCount = 0
    sendDeadline = nil
    switch phase {
    case .finishing:
      phase = .lingering(discarded: 0)
      phaseDeadline = now.instant + Self.lingerTime
      return [.shutdownSending]
    case .reading where parser.hasBufferedBytes: return advance(now)
    default: return []
    }
  }

  mutating func deadlinePassed(now: Moment) -> [Action] {
    if let sendDeadline, sendDeadline <= now.instant { return close() }
    guard let phaseDeadline, phaseDeadline <= now.instant else { return [] }
    switch phase {
    case .reading where parser.isIdle: return unsentCount > 0 ? finish(now) : close()
    case .reading:
      return reject(Rejection(status: 408, detail: "The request did not arrive in time."), now)
    case .handling:
      let timeout = Rejection(status: 503, detail: "The request could not be answered in time.")
      return [.cancelHandler] + reject(timeout, now)
    case .streaming, .finishing, .lingering, .closed: return close()
    }
  }

  /// No further requests: those in progress are answered, and then the connection closes.
  mutating func stop(now: Moment) -> [Action] {
    isStopping = true
    guard case .reading = phase, parser.isIdle else { return [] }
    return unsentCount > 0 ? finish(now) : close()
  }

  /// The bodies of all connections together are too large.
  mutating func refuseForMemory(now: Moment) -> [Action] {
    guard case .reading = phase else { return [] }
    return reject(Rejection(status: 503, detail: "Too much is being sent at once."), now)
  }

  // MARK: Requests

  private mutating func advance(_ now: Moment) -> [Action] {
    guard unsentCount < Self.unsentBytesMax else { return [] }
    do throws(Rejection) {
      while let event = try parser.next() {
        switch event {
        case .head(let head): beginBody(head, now)
        case .complete(let head, let body):
          phase = .handling(head)
          readingBodySince = nil
          handlingBytes = body.count
          phaseDeadline = now.instant + limits.handlerTimeout
          return [.handle(HTTPRequest(head, body: body, remoteAddress: remoteAddress))]
        }
      }
    } catch {
      return reject(error, now)
    }
    if let readingBodySince {
      let earned = Duration.seconds(parser.bodyBytesHeld / limits.bodyBytesPerSecondMin)
      phaseDeadline = readingBodySince + limits.bodyTimeout + earned
    }
    return []
  }

  private mutating func beginBody(_ head: RequestHead, _ now: Moment) {
    let limit = limits.bodyBytesFor?(head.method, head.target.rawPath) ?? limits.bodyBytes
    parser.beginBody(limit: limit)
    guard parser.isReadingBody, head.framing != .none else { return }
    readingBodySince = now.instant
    if head.expectsContinue && !parser.hasBufferedBytes { send(ResponseWriter.continueLine, now) }
  }

  // MARK: Responses

  private func complete(_ response: HTTPResponse, to method: HTTPMethod, closes: Bool, _ now: Moment) -> [UInt8] {
    if response.status == 204 || response.status == 304 {
      return ResponseWriter.head(response, length: .none, closes: closes, date: now.date)
    }
    let length = response.stream == nil ? ResponseWriter.BodyLength.known(response.body.count) : .none
    let head = ResponseWriter.head(response, length: length, closes: closes, date: now.date)
    return method == .head ? head : head + response.body
  }

  private mutating func endResponse(keepsAlive: Bool, _ now: Moment) -> [Action] {
    guard keepsAlive else { return finish(now) }
    phase = .reading
    phaseDeadline = now.instant + (parser.isIdle ? limits.idleTimeout : limits.headerTimeout)
    return parser.hasBufferedBytes ? advance(now) : []
  }

  private mutating func reject(_ rejection: Rejection, _ now: Moment) -> [Action] {
    let problem = Problem(status: rejection.status, detail: rejection.detail)
    send(complete(.problem(problem), to: .get, closes: true, now), now)
    return finish(now)
  }

  private mutating func send(_ bytes: [UInt8], _ now: Moment) {
    if output.isEmpty { sendDeadline = now.instant + limits.sendTimeout }
    output.append(contentsOf: bytes)
  }

  private mutating func finish(_ now: Moment) -> [Action] {
    handlingBytes = 0
    phaseDeadline = nil
    if unsentCount > 0 {
      phase = .finishing
      return []
    }
    phase = .lingering(discarded: 0)
    phaseDeadline = now.instant + Self.lingerTime
    return [.shutdownSending]
  }

  private mutating func close() -> [Action] {
    let wasHandling =
      switch phase {
      case .handling, .streaming: true
      default: false
      }
    phase = .closed
    handlingBytes = 0
    return wasHandling ? [.cancelHandler, .close] : [.close]
  }
}
