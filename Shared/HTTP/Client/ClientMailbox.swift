import CCurl
import Synchronization

/// How tasks reach the client's thread.
///
/// `@unchecked Sendable`: the multi handle is used by the client's thread alone, but for `curl_multi_wakeup`, which
/// libcurl allows from any thread.
final class ClientMailbox: @unchecked Sendable {
  enum Message: Sendable {
    case begin(UInt64, HTTPClientRequest, CheckedContinuation<Transfer.Outcome, Never>)
    case cancel(UInt64)
    case stop
  }

  let multi: UnsafeMutableRawPointer
  private let messages = Mutex<[Message]>([])

  private static let isLibraryReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  init(connectionsPerHost: Int) {
    guard Self.isLibraryReady, let multi = curl_multi_init() else { fatalError("libcurl cannot start") }
    curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connectionsPerHost)
    curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, max(64, connectionsPerHost))
    self.multi = multi
  }

  /// Wakes the thread under the lock: once it has taken `stop` it frees the handle.
  func post(_ message: Message) {
    messages.withLock { messages in
      messages.append(message)
      if messages.count == 1 { curl_multi_wakeup(multi) }
    }
  }

  func take() -> [Message] {
    messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}
