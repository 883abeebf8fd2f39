/// Finds the handler of a request by its method and path.
///
///     var router = Router()
///     router.on(.get, "/v1/cases/{id}") { request in … request.parameters["id"] … }
///
/// Text in a pattern goes before a `{name}`, whatever the order of the routes. A last part `{name...}` matches the rest
/// of the path. `HEAD` is answered by the handler of `GET`, and `OPTIONS` by the router.
public struct Router: Sendable {
  /// A handler may throw the problem that it answers.
  public typealias Handler = @Sendable (HTTPRequest) async throws -> HTTPResponse
  public typealias ErrorHandler = @Sendable (any Error, HTTPRequest) -> HTTPResponse
  /// With the headers that go with the problem.
  public typealias ProblemHandler = @Sendable (Problem, HTTPHeaders, HTTPRequest) async -> HTTPResponse

  private enum Part: Hashable, Sendable {
    case text(String)
    case parameter(String)
    case rest(String)
  }

  private struct Route: Sendable {
    let parts: [Part]
    var handlers: [HTTPMethod: Handler]
  }

  private var routes: [Route] = []
  private let problem: ProblemHandler
  private let unexpected: ErrorHandler

  /// What handlers throw besides problems goes to `unexpected`, to be logged. The client learns nothing of it.
  /// - Parameter problem: says to the client what handlers throw, and that there is no handler.
  public init(
    unexpected: @escaping ErrorHandler = { _, _ in .problem(Problem(status: 500)) },
    problem: @escaping ProblemHandler = { problem, headers, _ in .problem(problem, headers: headers) }
  ) {
    self.problem = problem
    self.unexpected = unexpected
  }

  public mutating func on(_ method: HTTPMethod, _ pattern: String, _ handler: @escaping Handler) {
    let parts = Self.parts(of: pattern)
    if let index = routes.firstIndex(where: { Self.shape($0.parts) == Self.shape(parts) }) {
      precondition(routes[index].parts == parts, "\(pattern) names its parameters differently elsewhere")
      precondition(routes[index].handlers[method] == nil, "\(method) \(pattern) has two handlers")
      routes[index].handlers[method] = handler
    } else {
      routes.append(Route(parts: parts, handlers: [method: handler]))
    }
  }

  public func handle(_ request: HTTPRequest) async -> HTTPResponse {
    let matches = routes.compactMap { route in Self.match(route.parts, request.segments).map { (route, $0) } }
    guard let (route, parameters) = matches.min(by: { Self.isMoreSpecific($0.0.parts, $1.0.parts) }) else {
      return await problem(Problem(status: 404, detail: "There is nothing at \(request.path)."), [:], request)
    }
    let lookup = request.method == .head && route.handlers[.head] == nil ? HTTPMethod.get : request.method
    guard let handler = route.handlers[lookup] else { return await refuseMethod(request, route) }
    var request = request
    request.parameters = parameters
    do {
      return try await handler(request)
    } catch let fault as Problem {
      return await problem(fault, [:], request)
    } catch {
      return unexpected(error, request)
    }
  }

  private func refuseMethod(_ request: HTTPRequest, _ route: Route) async -> HTTPResponse {
    var allowed = Set(route.handlers.keys.map(\.rawValue) + ["OPTIONS"])
    if allowed.contains("GET") { allowed.insert("HEAD") }
    let headers: HTTPHeaders = ["allow": allowed.sorted().joined(separator: ", ")]
    if request.method == .options { return HTTPResponse(status: 204, headers: headers) }
    return await problem(Problem(status: 405, detail: "\(request.method) is not possible here."), headers, request)
  }

  // MARK: Patterns

  private static func parts(of pattern: String) -> [Part] {
    precondition(pattern.hasPrefix("/"), "\(pattern) must begin with a slash")
    let parts = pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { part -> Part in
      guard part.hasPrefix("{"), part.hasSuffix("}") else { return .text(String(part)) }
      let name = part.dropFirst().dropLast()
      return name.hasSuffix("...") ? .rest(String(name.dropLast(3))) : .parameter(String(name))
    }
    let restsInside = parts.dropLast().contains { if case .rest = $0 { true } else { false } }
    precondition(!restsInside, "only the last part of \(pattern) can match the rest")
    return parts
  }

  private static func match(_ parts: [Part], _ segments: [String]) -> [String: String]? {
    var parameters: [String: String] = [:]
    for (index, part) in parts.enumerated() {
      if case .rest(let name) = part {
        guard index < segments.count else { return nil }
        parameters[name] = segments[index...].joined(separator: "/")
        return parameters
      }
      guard index < segments.count else { return nil }
      switch part {
      case .text(let text): if text != segments[index] { return nil }
      case .parameter(let name):
        if segments[index].isEmpty { return nil }
        parameters[name] = segments[index]
      case .rest: break
      }
    }
    return parts.count == segments.count ? parameters : nil
  }

  private static func isMoreSpecific(_ a: [Part], _ b: [Part]) -> Bool {
    ranks(a).lexicographicallyPrecedes(ranks(b))
  }

  private static func ranks(_ parts: [Part]) -> [Int] {
    parts.map { part in
      switch part {
      case .text: 0
      case .parameter: 1
      case .rest: 2
      }
    }
  }

  /// Parts without the names of parameters: two routes of one shape match the same paths.
  private static func shape(_ parts: [Part]) -> [Part] {
    parts.map { part in
      switch part {
      case .text: part
      case .parameter: .parameter("")
      case .rest: .rest("")
      }
    }
  }
}
