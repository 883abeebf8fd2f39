import HTTP

extension HTTPResponse {
  /// As a browser's EventSource reads it. Proxies are asked not to keep it back.
  static func events(_ chunks: AsyncStream<[UInt8]>?) -> HTTPResponse {
    guard let chunks else {
      let detail = "Too many watch the queue at this desk. Try again later, or ask for /v1/reviews now and then."
      return .problem(Problem(status: 503, detail: detail), headers: ["retry-after": "30"])
    }
    return .stream(chunks, headers: ["cache-control": "no-store", "x-accel-buffering": "no"])
  }
}
