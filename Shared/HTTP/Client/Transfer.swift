import CCurl
import CLinux
import Glibc

/// One request on its way through libcurl. Touched by the client's thread alone.
final class Transfer {
  typealias Outcome = Result<HTTPClientResponse, HTTPClientError>

  let id: UInt64
  let easy: UnsafeMutableRawPointer
  private let request: HTTPClientRequest
  private let policy: AddressPolicy
  private let continuation: CheckedContinuation<Outcome, Never>
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private var headers = HTTPHeaders()
  private var headersAreComplete = false
  private var body: [UInt8] = []
  private var isTooLarge = false
  private var refused: [IPAddress] = []
  private var triedToConnect = false

  init(
    id: UInt64, easy: UnsafeMutableRawPointer, request: HTTPClientRequest, policy: AddressPolicy,
    continuation: CheckedContinuation<Outcome, Never>
  ) {
    self.id = id
    self.easy = easy
    self.request = request
    self.policy = policy
    self.continuation = continuation
  }

  deinit { curl_slist_free_all(headerList) }

  // MARK: Set-up

  /// The callbacks get this transfer as a bare pointer, so it must live as long as it is in the multi handle.
  func configure(certificateAuthorities: String?) {
    let me = Unmanaged.passUnretained(self).toOpaque()
    curl_set_pointer(easy, CURLOPT_PRIVATE, me)
    curl_set_text(easy, CURLOPT_URL, request.url)
    curl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
    curl_set_text(easy, CURLOPT_PROXY, "")
    curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
    curl_set_long(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
    curl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    curl_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    // Without it, giving up a request whose name is still being looked up would block every other request.
    curl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
    curl_set_long(easy, CURLOPT_TCP_NODELAY, 1)
    curl_set_long(easy, CURLOPT_TIMEOUT_MS, max(1, request.timeout.wholeMilliseconds))
    if let certificateAuthorities { curl_set_text(easy, CURLOPT_CAINFO, certificateAuthorities) }
    setMethodAndBody()
    setHeaders()
    curl_set_pointer(easy, CURLOPT_WRITEDATA, me)
    curl_set_write(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, me in
      Transfer.from(me).receivedBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
    curl_set_pointer(easy, CURLOPT_HEADERDATA, me)
    curl_set_write(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, me in
      Transfer.from(me).receivedHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
    curl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, me)
    curl_set_open_socket(easy) { me, _, address in
      // libcurl never calls this without an address.
      Transfer.from(me).openSocket(address!)
    }
  }

  static func from(_ pointer: UnsafeMutableRawPointer?) -> Transfer {
    // The pointer is the one that `configure` gave to libcurl.
    Unmanaged<Transfer>.fromOpaque(pointer!).takeUnretainedValue()
  }

  private func setMethodAndBody() {
    switch request.method {
    case .get where request.body.isEmpty: curl_set_long(easy, CURLOPT_HTTPGET, 1)
    case .head: curl_set_long(easy, CURLOPT_NOBODY, 1)
    default:
      curl_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
      if request.method == .delete && request.body.isEmpty { return }
      curl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
      request.body.withUnsafeBytes { bytes in
        // Without a pointer libcurl would ask a read callback for the body.
        _ = curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1))
      }
    }
  }

  private func setHeaders() {
    var fields = request.headers
    // libcurl waits for a 100 Continue with larger bodies, and names its own content type.
    if !fields.contains("expect") { appendHeader("Expect:") }
    if !fields.contains("content-type") { appendHeader("Content-Type:") }
    if !fields.contains("user-agent") { fields.append("user-agent", "pabean") }
    for field in fields.fields {
      // A colon would remove a header without a value.
      appendHeader(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
    }
    curl_set_pointer(easy, CURLOPT_HTTPHEADER, headerList)
  }

  private func appendHeader(_ line: String) {
    headerList = curl_slist_append(headerList, line)
  }

  // MARK: Progress

  private func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
    let target = withUnsafePointer(to: &address.pointee.addr) { IPAddress($0) }
    guard let target else { return CURL_SOCKET_BAD }
    // This is the address that libcurl connects to, whatever the name resolved to before.
    guard policy.allows(target) else {
      refused.append(target)
      return CURL_SOCKET_BAD
    }
    triedToConnect = true
    return socket(
      address.pointee.family, address.pointee.socktype | close_on_exec_socket, address.pointee.protocol)
  }

  private func receivedHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
    let line = String(decoding: bytes, as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      // The headers of an interim answer are not those of the answer.
      headers = HTTPHeaders()
      headersAreComplete = false
    } else if line == "\r\n" || line == "\n" {
      headersAreComplete = true
    } else if let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) {
      let value = Array(line.utf8[line.utf8.index(after: colon)...].prefix { $0 != 0x0d && $0 != 0x0a })
      headers.append(line[..<colon].lowercased(), String(decoding: value[...].trimmingBlanks, as: UTF8.self))
    }
    return bytes.count
  }

  private func receivedBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard body.count + bytes.count <= request.maxResponseBytes else {
      isTooLarge = true
      return 0
    }
    body.append(contentsOf: bytes)
    return bytes.count
  }

  // MARK: End

  func finish(_ code: CURLcode) {
    continuation.resume(returning: outcome(code))
  }

  func cancel() {
    continuation.resume(returning: .failure(.cancelled(requestSent: requestSent)))
  }

  private var requestSent: Bool {
    var bytes = 0
    curl_get_long(easy, CURLINFO_REQUEST_SIZE, &bytes)
    return bytes > 0
  }

  private func outcome(_ code: CURLcode) -> Outcome {
    let reason = String(cString: curl_easy_strerror(code))
    switch code {
    case CURLE_OK:
      // libcurl takes a connection that closes amid the headers for an answer without a body.
      guard headersAreComplete else { return .failure(.interrupted("The answer was cut off", requestSent: true)) }
      var status = 0
      curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
      return .success(HTTPClientResponse(status: status, headers: headers, body: body))
    // Also what libcurl calls an answer that is not HTTP, by which time the request is with the other side.
    case CURLE_UNSUPPORTED_PROTOCOL where !requestSent, CURLE_URL_MALFORMAT where !requestSent, CURLE_LOGIN_DENIED:
      return .failure(.invalidRequest(reason))
    case CURLE_COULDNT_RESOLVE_HOST: return .failure(.resolve(reason))
    case CURLE_COULDNT_CONNECT:
      if !refused.isEmpty && !triedToConnect {
        let addresses = refused.map(\.description).joined(separator: ", ")
        return .failure(.refusedByPolicy("\(addresses) is not a public address"))
      }
      return .failure(.connect(reason))
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
      return requestSent ? .failure(.interrupted(reason, requestSent: true)) : .failure(.tls(reason))
    case CURLE_OPERATION_TIMEDOUT: return .failure(.timeout(requestSent: requestSent))
    case CURLE_WRITE_ERROR where isTooLarge: return .failure(.tooLarge)
    default: return .failure(.interrupted(reason, requestSent: requestSent))
    }
  }
}

extension Duration {
  fileprivate var wholeMilliseconds: Int {
    let (seconds, attoseconds) = components
    return Int(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
  }
}
