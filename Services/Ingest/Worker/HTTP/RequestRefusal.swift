import HTTP

/// Why a request is not carried out: a problem, and the headers that belong to it.
struct RequestRefusal: Error, Sendable {
  var problem: Problem
  var headers: HTTPHeaders = [:]

  var response: HTTPResponse { .problem(problem, headers: headers) }
}

extension RequestRefusal {
  static let noKey = RequestRefusal(
    problem: Problem(status: 401, detail: "Send your API key: Authorization: Bearer pbn_…"),
    headers: ["www-authenticate": "Bearer realm=\"pabean\""])

  static let unknownKey = RequestRefusal(
    problem: Problem(status: 401, detail: "The API key is not known, or it was revoked."),
    headers: ["www-authenticate": "Bearer realm=\"pabean\", error=\"invalid_token\""])

  static func wrongEnvironment(_ environment: String) -> RequestRefusal {
    RequestRefusal(
      problem: Problem(
        status: 403, detail: "The API key is of another environment; this is \(environment). They never mix."))
  }

  static let readOnly = RequestRefusal(
    problem: Problem(status: 403, detail: "The API key may read. To submit it needs the role 'intake'."))

  static func tooManyRequests(_ standing: RequestBudget.Standing, retryAfterSeconds: Int64) -> RequestRefusal {
    var headers = standing.headers
    headers["retry-after"] = String(retryAfterSeconds)
    return RequestRefusal(
      problem: Problem(status: 429, detail: "Your company's requests of this minute are spent."), headers: headers)
  }

  static let repetitionInFlight = RequestRefusal(
    problem: Problem(status: 409, detail: "A request with this Idempotency-Key is being carried out."),
    headers: ["retry-after": "1"])

  static let keyReused = RequestRefusal(
    problem: Problem(
      status: 422, title: "Idempotency-Key reused",
      detail: "Another request was made with this Idempotency-Key. Use a new key for each new request."))

  static func unavailable(retryAfterSeconds: Int) -> RequestRefusal {
    RequestRefusal(
      problem: Problem(status: 503, detail: "Nothing was done, or it may be repeated safely. Try again soon."),
      headers: ["retry-after": String(retryAfterSeconds)])
  }

  /// Also what another tenant's things look like from here.
  static func notFound(_ what: String) -> RequestRefusal {
    RequestRefusal(problem: Problem(status: 404, detail: "There is no such \(what)."))
  }
}
