import HTTP
import ReviewDeskEngine

/// What went wrong, as a page for people and as problem details for programs.
struct ProblemAnswer: Sendable {
  let sessions: SessionGate

  func answer(_ problem: Problem, _ headers: HTTPHeaders, _ request: HTTPRequest) async -> HTTPResponse {
    guard request.wantsPage else { return .problem(problem, headers: headers) }
    let session = try? await sessions.admit(request)?.session
    return ProblemAnswer.page(problem, headers, request, session.map { Visitor($0, request) })
  }

  /// Where nobody may be asked who is signed in.
  static func plain(_ problem: Problem, _ headers: HTTPHeaders, _ request: HTTPRequest) -> HTTPResponse {
    request.wantsPage ? page(problem, headers, request, nil) : .problem(problem, headers: headers)
  }

  private static func page(
    _ problem: Problem, _ headers: HTTPHeaders, _ request: HTTPRequest, _ visitor: Visitor?
  ) -> HTTPResponse {
    let page = FaultPage(
      status: problem.status, detail: problem.detail ?? problem.title, visitor: visitor, language: request.language)
    var response = HTTPResponse.page(page.html, status: problem.status)
    for field in headers.fields { response.headers[field.name] = field.value }
    return response
  }
}

extension HTTPRequest {
  /// It comes from a browser that goes to an address, and not from a program.
  fileprivate var wantsPage: Bool {
    segments.first != "v1" && headers.all("accept").contains { $0.contains("text/html") }
  }
}
