import Glibc
import Synchronization

/// What a service waits for until its next turn.
public enum PollLoopWait: Sendable {
  /// Sleep until a command arrives, the descriptor is ready or the deadline passes. A negative `fd` waits for
  /// commands and the deadline alone; no deadline waits for ever.
  case until(deadline: ContinuousClock.Instant?, fd: Int32, writable: Bool)
  /// There is work left: take another turn at once, after the commands that have arrived.
  case again
  /// The service is over: the thread ends, and later commands are refused.
  case finished
}

/// The state that lives on a poll loop's thread, and on no other: it is made there, and is not `Sendable`.
public protocol PollLoopService: SendableMetatype {
  associatedtype Command: Sendable

  /// Takes the commands that have arrived, in order.
  mutating func handle(_ commands: [Command])
  /// Reads and writes what it can without blocking, and says what to wait for.
  mutating func turn() -> PollLoopWait
  /// The commands that arrived too late to be handled; called once, when the thread ends.
  mutating func refuse(_ commands: [Command])
}

/// One thread running `poll(wake-up pipe, socket, deadline)` around a service.
///
/// A C library that is not thread-safe is confined to it by the type system: the service is created on the thread by
/// a `@Sendable` closure and cannot leave, because it is not `Sendable`. Others talk to it by commands alone. An idle
/// loop sleeps in `poll` and costs no CPU; a command wakes it through the pipe at once.
public final class PollLoop<Command: Sendable>: Sendable {
  private struct State {
    var commands: [Command] = []
    var isFinished = false
    var joiners: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())
  private let wake: WakePipe
  private let name: String

  public init(name: String) {
    self.name = name
    wake = WakePipe()
  }

  /// Starts the thread, which keeps the loop alive until the service is finished. Call it once.
  public func start<Service: PollLoopService>(_ make: @escaping @Sendable () -> Service)
  where Service.Command == Command {
    startThread(named: name) {
      var service = make()
      self.run(&service)
    }
  }

  /// Hands a command to the thread; false when the service is finished and the command was not taken. Any thread.
  public func submit(_ command: Command) -> Bool {
    let (taken, wasEmpty) = state.withLock { state in
      if state.isFinished { return (false, false) }
      state.commands.append(command)
      return (true, state.commands.count == 1)
    }
    if wasEmpty { wake.signal() }
    return taken
  }

  /// Suspends until the thread has finished with the service.
  public func finished() async {
    await withCheckedContinuation { continuation in
      let alreadyFinished = state.withLock { state in
        if !state.isFinished { state.joiners.append(continuation) }
        return state.isFinished
      }
      if alreadyFinished { continuation.resume() }
    }
  }

  private func run<Service: PollLoopService>(_ service: inout Service) where Service.Command == Command {
    while true {
      let commands = takeCommands()
      if !commands.isEmpty { service.handle(commands) }
      switch service.turn() {
      case .again: continue
      case .finished: return finish(&service)
      case .until(let deadline, let fd, let writable): sleep(until: deadline, fd: fd, writable: writable)
      }
    }
  }

  private func takeCommands() -> [Command] {
    state.withLock { state in
      if state.commands.isEmpty { return [] }
      let commands = state.commands
      state.commands = []
      return commands
    }
  }

  private func finish<Service: PollLoopService>(_ service: inout Service) where Service.Command == Command {
    let late = state.withLock { state in
      state.isFinished = true
      defer { state.commands = [] }
      return state.commands
    }
    service.refuse(late)
    let joiners = state.withLock { state in
      defer { state.joiners = [] }
      return state.joiners
    }
    for joiner in joiners { joiner.resume() }
  }

  private func sleep(until deadline: ContinuousClock.Instant?, fd: Int32, writable: Bool) {
    var descriptors = [
      pollfd(fd: wake.readEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: fd, events: Int16(writable ? POLLIN | POLLOUT : POLLIN), revents: 0),
    ]
    _ = poll(&descriptors, fd < 0 ? 1 : 2, deadline.map(milliseconds(until:)) ?? -1)
    if descriptors[0].revents != 0 { wake.drain() }
  }
}

/// Rounded up, so that the deadline has passed when `poll` returns.
private func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
  let left = ContinuousClock.now.duration(to: deadline)
  if left <= .zero { return 0 }
  let (seconds, attoseconds) = left.components
  return seconds >= 3600 ? 3_600_000 : Int32(seconds) * 1000 + Int32(attoseconds / 1_000_000_000_000_000) + 1
}

/// What a sleeping `poll` is woken through. Signals add up to one wake-up.
private struct WakePipe: ~Copyable, Sendable {
  let readEnd: Int32
  private let writeEnd: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0, "no file descriptor left for a pipe")
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  func signal() {
    var byte: UInt8 = 1
    // A full pipe fails, and wakes the reader all the same.
    _ = write(writeEnd, &byte, 1)
  }

  func drain() {
    var bytes: (UInt64, UInt64) = (0, 0)
    while read(readEnd, &bytes, 16) == 16 {}
  }
}

/// Starts a detached thread that blocks every signal, so that the process's own handlers run elsewhere.
func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
  final class Start {
    let name: String
    let body: @Sendable () -> Void
    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
  var all = sigset_t()
  var previous = sigset_t()
  sigfillset(&all)
  pthread_sigmask(SIG_SETMASK, &all, &previous)
  defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
  var thread = pthread_t()
  let start = Unmanaged.passRetained(Start(name: name, body: body)).toOpaque()
  let status = pthread_create(
    &thread, nil,
    { argument in
      let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
      nameThread(start.name)
      start.body()
      return nil
    }, start)
  precondition(status == 0, "the system has no thread left")
  pthread_detach(thread)
}

/// For `top -H` and debuggers; a system without the file leaves the thread nameless.
private func nameThread(_ name: String) {
  let descriptor = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
  if descriptor < 0 { return }
  var name = name
  _ = name.withUTF8 { write(descriptor, $0.baseAddress, min($0.count, 15)) }
  close(descriptor)
}
