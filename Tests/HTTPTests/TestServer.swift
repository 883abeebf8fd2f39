import JSON
import Synchronization

@testable import HTTP

/// A server on a free port that says back what it was asked.
func withServer<R>(
  limits: HTTPLimits = HTTPLimits(), handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse = echo,
  _ body: (HTTPServer) async throws -> R
) async throws -> R {
  let server = try HTTPServer(host: "127.0.0.1", port: 0, limits: limits, handler: handler)
  server.start()
  do {
    let result = try await body(server)
    await server.stop()
    return result
  } catch {
    await server.stop()
    throw error
  }
}

@Sendable func echo(_ request: HTTPRequest) async -> HTTPResponse {
  .json([
    "method": .string(request.method.rawValue), "path": .string(request.path),
    "body": .string(String(decoding: request.body, as: UTF8.self)),
    "query": .array(request.query.map { .array([.string($0.name), .string($0.value)]) }),
  ])
}

/// Something that tests wait for.
final class Signal: Sendable {
  private struct State {
    var isRaised = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }
  private let state = Mutex(State())

  func raise() {
    let waiting = state.withLock { state in
      state.isRaised = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  func wait() async {
    await withCheckedContinuation { continuation in
      let isRaised = state.withLock { state in
        if !state.isRaised { state.waiting.append(continuation) }
        return state.isRaised
      }
      if isRaised { continuation.resume() }
    }
  }

  /// Waits also in a cancelled task, until it is cancelled.
  static func untilCancelled() async {
    let signal = Signal()
    await withTaskCancellationHandler {
      await signal.wait()
    } onCancel: {
      signal.raise()
    }
  }
}
