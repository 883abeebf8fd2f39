import JSON

extension HTTPRequest {
  /// The body as JSON, or the problem to answer: 415 when it says it is something else, 400 when it is not JSON.
  public func json() throws(Problem) -> JSONValue {
    let type = (headers["content-type"] ?? "").prefix { $0 != ";" && $0 != " " }.lowercased()
    guard type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json")) else {
      throw Problem(status: 415, detail: "Send the body as application/json.")
    }
    do throws(JSONError) {
      return try JSONParser.parse(body)
    } catch {
      throw Problem(status: 400, title: "The body is not JSON", error)
    }
  }
}

extension Problem {
  /// What is wrong with one place of a JSON body.
  public init(status: Int, title: String, _ error: JSONError) {
    let pointer =
      switch error.location {
      case .pointer(let pointer): pointer
      default: ""
      }
    self.init(
      status: status, title: title, detail: error.description, errors: [Fault(pointer: pointer, detail: error.reason)])
  }
}
