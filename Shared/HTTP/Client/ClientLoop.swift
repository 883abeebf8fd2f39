import CCurl

/// The client's thread: libcurl's multi handle and the transfers in it.
final class ClientLoop {
  /// An idle loop wakes only for what it is asked; this is libcurl's largest sleep, not a poll interval.
  private static let idleMilliseconds: Int32 = 600_000
  private static let idleHandlesMax = 64

  private let mailbox: ClientMailbox
  private let policy: AddressPolicy
  private let certificateAuthorities: String?
  private var transfers: [UInt64: Transfer] = [:]
  private var idleHandles: [UnsafeMutableRawPointer] = []

  init(mailbox: ClientMailbox, policy: AddressPolicy, certificateAuthorities: String?) {
    self.mailbox = mailbox
    self.policy = policy
    self.certificateAuthorities = certificateAuthorities
  }

  func run() {
    var isStopping = false
    while !isStopping {
      for message in mailbox.take() {
        switch message {
        case .begin(let id, let request, let continuation): begin(id, request, continuation)
        case .cancel(let id): cancel(id)
        case .stop: isStopping = true
        }
      }
      var running: Int32 = 0
      curl_multi_perform(mailbox.multi, &running)
      finishTransfers()
      if !isStopping { curl_multi_poll(mailbox.multi, nil, 0, Self.idleMilliseconds, nil) }
    }
    // A client is held by those who wait for it, so there are no transfers now.
    for easy in idleHandles { curl_easy_cleanup(easy) }
    curl_multi_cleanup(mailbox.multi)
  }

  private func begin(
    _ id: UInt64, _ request: HTTPClientRequest, _ continuation: CheckedContinuation<Transfer.Outcome, Never>
  ) {
    guard let easy = idleHandles.popLast() ?? curl_easy_init() else { fatalError("libcurl is out of memory") }
    let transfer = Transfer(id: id, easy: easy, request: request, policy: policy, continuation: continuation)
    transfer.configure(certificateAuthorities: certificateAuthorities)
    transfers[id] = transfer
    curl_multi_add_handle(mailbox.multi, easy)
  }

  private func cancel(_ id: UInt64) {
    guard let transfer = transfers[id] else { return }
    transfer.cancel()
    remove(transfer)
  }

  private func finishTransfers() {
    var left: Int32 = 0
    while let message = curl_multi_info_read(mailbox.multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE else { continue }
      let result = curl_message_result(message)
      var pointer: UnsafeMutableRawPointer?
      curl_get_pointer(message.pointee.easy_handle, CURLINFO_PRIVATE, &pointer)
      let transfer = Transfer.from(pointer)
      transfer.finish(result)
      remove(transfer)
    }
  }

  private func remove(_ transfer: Transfer) {
    curl_multi_remove_handle(mailbox.multi, transfer.easy)
    curl_easy_reset(transfer.easy)
    transfers[transfer.id] = nil
    if idleHandles.count < Self.idleHandlesMax {
      idleHandles.append(transfer.easy)
    } else {
      curl_easy_cleanup(transfer.easy)
    }
  }
}
