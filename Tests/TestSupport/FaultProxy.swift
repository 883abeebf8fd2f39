import CLinux
import Glibc
import Synchronization

/// A TCP proxy on the loopback that breaks connections on demand: for AMQP, PostgreSQL, or anything on TCP.
///
/// One thread forwards for all connections. A fault applies to the connections that are open and to those that follow.
public final class FaultProxy: Sendable {
  public enum Direction: Sendable, Hashable {
    case toServer
    case toClient
  }

  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  /// Where clients connect, on 127.0.0.1.
  public let port: Int

  private let server: sockaddr_in
  private let listener: Int32
  private let wakeEnds: (read: Int32, write: Int32)
  private let controls = Mutex(Controls())

  struct Controls {
    var cutAfter: [Direction: Int] = [:]
    var stalled: Set<Direction> = []
    var halfClose: Set<Direction> = []
    var injections: [(Direction, [UInt8])] = []
    var delay = Duration.zero
    var cutsNow = false
    var refuses = false
    var isStopped = false
    var accepted = 0
    var forwarded: [Direction: Int] = [:]
  }

  /// Forwards to 127.0.0.1:`serverPort`.
  public init(toPort serverPort: Int) throws {
    signal(SIGPIPE, SIG_IGN)
    server = Self.loopback(port: serverPort)
    let socket = Self.socket()
    var any = Self.loopback(port: 0)
    guard Self.withAddress(&any, { bind(socket, $0, $1) }) == 0, listen(socket, 64) == 0 else {
      throw Failure(description: "no loopback port to listen on")
    }
    var bound = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutableBytes(of: &bound) {
      getsockname(socket, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length)
    }
    listener = socket
    port = Int(UInt16(bigEndian: bound.sin_port))
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Failure(description: "no pipe") }
    wakeEnds = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    for fd in [listener, ends[0]] { Self.makeNonblocking(fd) }
    startThread()
  }

  deinit {
    close(listener)
    close(wakeEnds.read)
    close(wakeEnds.write)
  }

  /// Connections accepted so far.
  public var connectionCount: Int { controls.withLock { $0.accepted } }

  /// Bytes delivered so far in a direction.
  public func byteCount(_ direction: Direction) -> Int { controls.withLock { $0.forwarded[direction, default: 0] } }

  /// Delivers exactly so many more bytes in the direction, then resets every connection. One shot.
  public func cut(after bytes: Int, _ direction: Direction) { change { $0.cutAfter[direction] = bytes } }

  /// Resets every connection now.
  public func cutNow() { change { $0.cutsNow = true } }

  /// Reads nothing more in the directions, so that the sender's window fills; the connections stay.
  public func stall(_ directions: Set<Direction> = [.toServer, .toClient]) { change { $0.stalled = directions } }

  public func resume() { change { $0.stalled = [] } }

  /// Sends end-of-file to the receiver of the direction on the open connections; the other direction goes on.
  public func halfClose(_ direction: Direction) { change { $0.halfClose.insert(direction) } }

  /// Delivers everything later by so much.
  public func delay(by duration: Duration) { change { $0.delay = duration } }

  /// Whether to reset new connections at once, as a server that is away.
  public func refuseConnections(_ refuses: Bool) { change { $0.refuses = refuses } }

  /// Slips bytes into the open connections, between two reads. Meant for protocols at rest.
  public func inject(_ bytes: [UInt8], _ direction: Direction) { change { $0.injections.append((direction, bytes)) } }

  /// Resets every connection and listens no more.
  public func stop() { change { $0.isStopped = true } }

  private func change(_ body: (inout Controls) -> Void) {
    controls.withLock { body(&$0) }
    var byte: UInt8 = 1
    _ = write(wakeEnds.write, &byte, 1)
  }
}

/// One direction of one connection.
private struct Stream {
  let source: Int32
  let sink: Int32
  let direction: FaultProxy.Direction
  var chunks: [(due: ContinuousClock.Instant, bytes: ArraySlice<UInt8>)] = []
  var bufferedBytes = 0
  var sourceEnded = false
  var sinkClosed = false

  static let bufferBytesMax = 64 * 1024

  var wantsInput: Bool { !sourceEnded && bufferedBytes < Self.bufferBytesMax }
  var isOver: Bool { sourceEnded && chunks.isEmpty }

  func hasOutput(_ now: ContinuousClock.Instant) -> Bool { chunks.first.map { $0.due <= now } ?? false }

  mutating func append(_ bytes: ArraySlice<UInt8>, due: ContinuousClock.Instant) {
    chunks.append((due, bytes))
    bufferedBytes += bytes.count
  }

  /// False when the connection broke.
  mutating func read(due: ContinuousClock.Instant) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    let count = Glibc.read(source, &buffer, buffer.count)
    if count < 0 { return errno == EAGAIN || errno == EINTR }
    if count == 0 { sourceEnded = true } else { append(buffer[..<count], due: due) }
    return true
  }

  /// Writes at most so many bytes of what is due; nil when the connection broke.
  mutating func write(atMost bytesMax: Int) -> Int? {
    guard let chunk = chunks.first, bytesMax > 0 else { return 0 }
    let wanted = min(chunk.bytes.count, bytesMax)
    let count = chunk.bytes.withUnsafeBytes { Glibc.write(sink, $0.baseAddress, wanted) }
    if count < 0 { return errno == EAGAIN || errno == EINTR ? 0 : nil }
    bufferedBytes -= count
    if count == chunk.bytes.count { chunks.removeFirst() } else { chunks[0].bytes = chunk.bytes.dropFirst(count) }
    return count
  }

  mutating func endSink() {
    if !sinkClosed { shutdown(sink, Int32(SHUT_WR)) }
    sinkClosed = true
  }
}

private struct Connection {
  var streams: [Stream]

  init(client: Int32, server: Int32) {
    streams = [
      Stream(source: client, sink: server, direction: .toServer),
      Stream(source: server, sink: client, direction: .toClient),
    ]
  }

  var isOver: Bool { streams.allSatisfy(\.isOver) }

  /// Reset, not end-of-file: what is on its way is lost.
  func reset() {
    for stream in streams { FaultProxy.reset(stream.source) }
  }
}

// The thread

extension FaultProxy {
  private func startThread() {
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        Unmanaged<FaultProxy>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    pthread_detach(thread)
  }

  private func run() {
    var connections: [Connection] = []
    while true {
      sleep(for: connections)
      var now = takeControls()
      if now.isStopped || now.cutsNow {
        for connection in connections { connection.reset() }
        connections = []
      }
      if now.isStopped { return }
      accept(into: &connections, refuses: now.refuses)
      connections = connections.compactMap { forward($0, &now) }
    }
  }

  /// The controls as they are, with the one-shot ones taken out.
  private func takeControls() -> Controls {
    var bytes = [UInt8](repeating: 0, count: 64)
    while Glibc.read(wakeEnds.read, &bytes, bytes.count) > 0 {}
    return controls.withLock { controls in
      defer {
        controls.cutsNow = false
        controls.halfClose = []
        controls.injections = []
      }
      return controls
    }
  }

  private func sleep(for connections: [Connection]) {
    let now = ContinuousClock.now
    let stalled = controls.withLock { $0.stalled }
    var descriptors = [
      pollfd(fd: wakeEnds.read, events: Int16(POLLIN), revents: 0),
      pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
    ]
    var dues: [ContinuousClock.Instant] = []
    for stream in connections.flatMap(\.streams) where !stalled.contains(stream.direction) {
      if stream.wantsInput { descriptors.append(pollfd(fd: stream.source, events: Int16(POLLIN), revents: 0)) }
      if stream.hasOutput(now) {
        descriptors.append(pollfd(fd: stream.sink, events: Int16(POLLOUT), revents: 0))
      } else if let chunk = stream.chunks.first {
        dues.append(chunk.due)
      }
    }
    let left = dues.min().map { now.duration(to: $0).components }
    let timeout = left.map { Int32($0.seconds * 1000 + $0.attoseconds / 1_000_000_000_000_000 + 1) } ?? -1
    poll(&descriptors, nfds_t(descriptors.count), timeout)
  }

  private func accept(into connections: inout [Connection], refuses: Bool) {
    while true {
      let client = accept4(listener, nil, nil, close_on_exec_socket | nonblocking_socket)
      if client < 0 { return }
      controls.withLock { $0.accepted += 1 }
      let upstream = Self.socket()
      var address = server
      guard !refuses, Self.withAddress(&address, { connect(upstream, $0, $1) }) == 0 else {
        Self.reset(client)
        close(upstream)
        continue
      }
      Self.makeNonblocking(upstream)
      for fd in [client, upstream] {
        var one: Int32 = 1
        setsockopt(fd, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
      }
      connections.append(Connection(client: client, server: upstream))
    }
  }

  /// One round of a connection; nil when it is over.
  private func forward(_ connection: Connection, _ now: inout Controls) -> Connection? {
    var connection = connection
    for index in connection.streams.indices {
      let direction = connection.streams[index].direction
      for (target, bytes) in now.injections where target == direction {
        connection.streams[index].append(bytes[...], due: .now)
      }
      if now.halfClose.contains(direction) { connection.streams[index].endSink() }
      guard !now.stalled.contains(direction) else { continue }
      guard move(&connection.streams[index], &now) else {
        connection.reset()
        return nil
      }
      if connection.streams[index].isOver { connection.streams[index].endSink() }
    }
    if !connection.isOver { return connection }
    for stream in connection.streams { close(stream.source) }
    return nil
  }

  /// False when the connection broke, or is to be cut.
  private func move(_ stream: inout Stream, _ now: inout Controls) -> Bool {
    if stream.wantsInput, !stream.read(due: .now + now.delay) { return false }
    while stream.hasOutput(.now), !stream.sinkClosed {
      let budget = now.cutAfter[stream.direction]
      guard let count = stream.write(atMost: budget ?? .max) else { return false }
      let isCut = controls.withLock { controls in
        controls.forwarded[stream.direction, default: 0] += count
        guard let budget, controls.cutAfter[stream.direction] == budget else { return false }
        controls.cutAfter[stream.direction] = budget > count ? budget - count : nil
        return budget <= count
      }
      if isCut { return false }
      now.cutAfter[stream.direction] = budget.map { $0 - count }
      if count == 0 { break }
    }
    return true
  }
}

// Sockets

extension FaultProxy {
  fileprivate static func reset(_ fd: Int32) {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    close(fd)
  }

  /// Closed on exec from its birth: a program that another test starts meanwhile would hold it open for ever.
  private static func socket() -> Int32 {
    Glibc.socket(AF_INET, tcp_socket_type | close_on_exec_socket, 0)
  }

  private static func makeNonblocking(_ fd: Int32) { _ = fcntl(fd, F_SETFL, O_NONBLOCK) }

  private static func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private static func withAddress(
    _ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    withUnsafeBytes(of: &address) {
      body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
  }
}
