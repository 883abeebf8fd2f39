import Synchronization

/// The state that the I/O thread last published, for readers on any thread.
final class ConnectionStatus: Sendable {
  private let state = Mutex(ConnectionState.closed)

  var value: ConnectionState {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}
