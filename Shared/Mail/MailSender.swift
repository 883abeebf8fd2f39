import CCurl
import IOThread

/// Hands letters to a mail server over libcurl, one after another, on a thread of its own.
///
/// What matters here is to know whether a letter may have left: until the last byte of it was asked for, it cannot have.
public actor MailSender {
  public enum Outcome: Hashable, Sendable {
    case accepted
    /// The server will never take this letter.
    case refused(String)
    /// It did not leave, and may later.
    case notSent(String)
    /// The server had it whole and did not answer: it may be on its way.
    case uncertain(String)
  }

  private let relay: MailRelay
  private let certificateAuthorities: String?
  private let timeoutSeconds: Int
  private nonisolated let executor = ThreadExecutor()

  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// `certificateAuthorities` is the path of a PEM file that replaces those of the system.
  public init(_ relay: MailRelay, certificateAuthorities: String? = nil, timeoutSeconds: Int = 60) {
    self.relay = relay
    self.certificateAuthorities = certificateAuthorities
    self.timeoutSeconds = timeoutSeconds
  }

  deinit { executor.stop() }

  private static let isLibraryReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  public func send(_ message: MailMessage) -> Outcome {
    guard MailSender.isLibraryReady, let easy = curl_easy_init() else { return .notSent("libcurl cannot start") }
    defer { curl_easy_cleanup(easy) }
    configureServer(easy)
    let recipients = curl_slist_append(nil, message.to.address.text)
    defer { curl_slist_free_all(recipients) }
    curl_set_text(easy, CURLOPT_MAIL_FROM, message.from.address.text)
    curl_set_pointer(easy, CURLOPT_MAIL_RCPT, recipients)
    let letter = Letter(message.bytes)
    curl_set_long(easy, CURLOPT_UPLOAD, 1)
    curl_set_pointer(easy, CURLOPT_READDATA, Unmanaged.passUnretained(letter).toOpaque())
    curl_set_read(easy, CURLOPT_READFUNCTION) { buffer, size, count, letter in
      guard let buffer, let letter else { return 0 }
      // The pointer is the one that was given above, to a letter that outlives the transfer.
      return Unmanaged<Letter>.fromOpaque(letter).takeUnretainedValue()
        .read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
    }
    let result = withExtendedLifetime(letter) { curl_easy_perform(easy) }
    var status = 0
    curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
    return outcome(result, status, isHandedOver: letter.isRead)
  }

  private func configureServer(_ easy: UnsafeMutableRawPointer) {
    let scheme = relay.security == .tls ? "smtps" : "smtp"
    curl_set_text(easy, CURLOPT_URL, "\(scheme)://\(relay.host):\(relay.port)/pabean")
    curl_set_text(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    curl_set_text(easy, CURLOPT_PROXY, "")
    let security = relay.security == .none ? CURLUSESSL_NONE : CURLUSESSL_ALL
    curl_set_long(easy, CURLOPT_USE_SSL, Int(security.rawValue))
    curl_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    curl_set_long(easy, CURLOPT_TIMEOUT, timeoutSeconds)
    curl_set_long(easy, CURLOPT_CONNECTTIMEOUT, min(20, timeoutSeconds))
    // Saying goodbye has a time limit of its own.
    curl_set_long(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, timeoutSeconds)
    if let certificateAuthorities { curl_set_text(easy, CURLOPT_CAINFO, certificateAuthorities) }
    guard let credentials = relay.credentials else { return }
    curl_set_text(easy, CURLOPT_USERNAME, credentials.user)
    curl_set_text(easy, CURLOPT_PASSWORD, credentials.password)
  }

  /// A server that will not have us at all is one to be mended by its operator: letters wait for that.
  private func outcome(_ result: CURLcode, _ status: Int, isHandedOver: Bool) -> Outcome {
    guard result != CURLE_OK else { return .accepted }
    let reason = String(cString: curl_easy_strerror(result)) + (status > 0 ? " (\(status))" : "")
    if isHandedOver, !(400...599).contains(status) { return .uncertain(reason) }
    let isAboutUs = [CURLE_LOGIN_DENIED, CURLE_REMOTE_ACCESS_DENIED, CURLE_USE_SSL_FAILED].contains(result)
    return (500...599).contains(status) && !isAboutUs ? .refused(reason) : .notSent(reason)
  }
}

/// What is left of a letter to hand over.
private final class Letter {
  private let bytes: [UInt8]
  private var position = 0
  private(set) var isRead = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let part = bytes[position..<min(position + buffer.count, bytes.count)]
    part.withUnsafeBytes { buffer.copyMemory(from: $0) }
    position += part.count
    isRead = part.isEmpty
    return part.count
  }
}
