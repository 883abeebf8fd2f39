import Contracts
import Domain
import HTTP
import JSON

/// Submits over ingest's HTTP API, with an API key and nothing else.
struct HTTPIntake: Intake {
  private let base: String
  private let key: String
  private let client = HTTPClient(policy: .any)

  private static let batch = 200
  private static let attemptsMax = 8

  init(url: String, key: String) {
    base = url.hasSuffix("/") ? String(url.dropLast()) : url
    self.key = key
  }

  // MARK: Submit

  func submit(_ submissions: [Submission], progress: (_ taken: Int) -> Void) async throws -> [Refused] {
    var refused: [Refused] = []
    let products = submissions.filter { $0.kind == .product }
    for start in stride(from: 0, to: products.count, by: HTTPIntake.batch) {
      let chunk = Array(products[start..<min(start + HTTPIntake.batch, products.count)])
      refused += try await submit(batch: chunk)
      progress(start + chunk.count)
    }
    for (index, shipment) in submissions.filter({ $0.kind == .shipment }).enumerated() {
      refused += try await submit(shipment: shipment)
      progress(products.count + index + 1)
    }
    return refused
  }

  private func submit(batch: [Submission]) async throws -> [Refused] {
    guard let first = batch.first else { return [] }
    let body: JSONValue = ["products": .array(batch.map(\.content))]
    let answer = try await call(.post, "/v1/products:batch", body, idempotencyKey: first.eventID)
    guard answer.status == 200 else { throw answer.failure }
    return try JSONCursor(answer.json).elements("results").compactMap { result in
      guard try result.string("status") == "refused" else { return nil }
      let index = Int(try result.integer("index"))
      guard batch.indices.contains(index) else { throw result.failure("names a product that was not sent") }
      return Refused(submission: batch[index], issues: try result.list(ValidationIssue.self, "issues"))
    }
  }

  private func submit(shipment: Submission) async throws -> [Refused] {
    let answer = try await call(.post, "/v1/shipments", shipment.content, idempotencyKey: shipment.eventID)
    if answer.status == 422, answer.json["issues"] != nil {
      return [Refused(submission: shipment, issues: try JSONCursor(answer.json).list(ValidationIssue.self, "issues"))]
    }
    guard (200..<300).contains(answer.status) else { throw answer.failure }
    return []
  }

  // MARK: Standings

  func standings(of submissions: [Submission]) async throws -> [Standing] {
    var standings: [Standing] = []
    for submission in submissions {
      let folder = submission.kind == .product ? "products" : "shipments"
      let answer = try await call(.get, "/v1/\(folder)/\(HTTPIntake.encoded(submission.reference))", nil)
      guard answer.status == 200 else { throw answer.failure }
      let states = answer.json["cases"]?.arrayValue?.compactMap { $0["state"]?.stringValue } ?? []
      standings.append(
        Standing(
          submission: submission, cases: states.compactMap { CaseState(rawValue: $0) },
          shipment: submission.kind == .shipment
            ? answer.json["state"]?.stringValue.flatMap { ShipmentState(rawValue: $0) } : nil))
    }
    return standings
  }

  // MARK: One call

  private struct Answer: Sendable {
    var status: Int
    var json: JSONValue

    var failure: Failure {
      switch status {
      case 401: Failure("the API key is not valid", remedy: "name another with --key, or PABEAN_KEY")
      case 404: Failure("there is no intake API at that address", remedy: "check --url, or PABEAN_INTAKE_URL")
      default: Failure("intake answered \(status): \(json["detail"]?.stringValue ?? json["title"]?.stringValue ?? "")")
      }
    }
  }

  /// Asks again when it is told to come later. The idempotency key makes a repetition harmless.
  private func call(
    _ method: HTTPMethod, _ path: String, _ body: JSONValue?, idempotencyKey: String? = nil
  ) async throws -> Answer {
    var headers: HTTPHeaders = ["authorization": "Bearer \(key)"]
    if body != nil { headers["content-type"] = "application/json" }
    if let idempotencyKey { headers["idempotency-key"] = "\"\(idempotencyKey)\"" }
    let request = HTTPClientRequest(
      url: base + path, method: method, headers: headers, body: body?.bytes ?? [], timeout: .seconds(60),
      maxResponseBytes: 16 << 20)
    var attempt = 1
    while true {
      let response: HTTPClientResponse
      do throws(HTTPClientError) {
        response = try await client.send(request)
      } catch {
        throw Failure("intake does not answer at \(base): \(error)", remedy: "check --url, or PABEAN_INTAKE_URL")
      }
      guard [429, 503].contains(response.status), attempt < HTTPIntake.attemptsMax else {
        return Answer(status: response.status, json: (try? JSONParser.parse(response.body)) ?? .null)
      }
      let wait = response.headers["retry-after"].flatMap { Int($0) } ?? attempt
      try await Task.sleep(for: .seconds(min(max(wait, 1), 60)))
      attempt += 1
    }
  }

  private static func encoded(_ segment: String) -> String {
    segment.utf8.map { byte -> String in
      let isPlain =
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-_.~".utf8.contains(byte)
      if isPlain { return String(UnicodeScalar(byte)) }
      let hex = String(byte, radix: 16, uppercase: true)
      return "%" + (hex.count == 1 ? "0" + hex : hex)
    }.joined()
  }
}
