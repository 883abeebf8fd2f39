import ComplianceScreeningEngine
import Crypto
import Domain
import HTTP
import JSON

/// Fetches the files of one publication over HTTPS, and asks only for what has changed.
struct ListFetch: Sendable {
  struct Problem: Error, CustomStringConvertible, Sendable {
    var place: String
    var reason: String
    var description: String { "\(place): \(reason)" }
  }

  /// What servers said of the files they gave, to be shown to them the next time.
  struct Validators: Hashable, Sendable {
    var entityTag: String?
    var lastModified: String?
  }

  struct Files: Sendable {
    var files: [ListFile]
    var validators: [String: Validators]
    /// The newest day that a server gave.
    var published: CalendarDate?
  }

  let client: HTTPClient

  private static let redirectsMax = 5
  private static let timeout = Duration.seconds(120)

  /// - Returns: nil when no server has anything new.
  func files(at places: [String], unless known: [String: Validators]) async throws -> Files? {
    var isChanged = known.isEmpty
    var found: [String: HTTPClientResponse] = [:]
    for place in places {
      let response = try await get(place, unless: known[place])
      if response.status == 304 { continue }
      found[place] = response
      isChanged = true
    }
    guard isChanged else { return nil }
    // The files of a publication belong together: those that did not change are needed too.
    for place in places where found[place] == nil { found[place] = try await get(place, unless: nil) }
    return try ListFetch.files(places, found)
  }

  private static func files(_ places: [String], _ found: [String: HTTPClientResponse]) throws -> Files {
    var result = Files(files: [], validators: [:])
    for place in places {
      guard let response = found[place] else { continue }
      guard !response.body.isEmpty else { throw Problem(place: place, reason: "the file is empty") }
      result.files.append(ListFile(name: name(of: place), bytes: response.body))
      let modified = response.headers["last-modified"]
      result.validators[place] = Validators(entityTag: response.headers["etag"], lastModified: modified)
      result.published = [result.published, modified.flatMap(day)].compactMap(\.self).max()
    }
    return result
  }

  private func get(_ place: String, unless known: Validators?) async throws -> HTTPClientResponse {
    var address = place
    for _ in 0...ListFetch.redirectsMax {
      var headers: HTTPHeaders = [:]
      if let tag = known?.entityTag { headers.append("if-none-match", tag) }
      if let modified = known?.lastModified { headers.append("if-modified-since", modified) }
      let request = HTTPClientRequest(
        url: address, headers: headers, timeout: ListFetch.timeout, maxResponseBytes: ListFiles.bytesMax)
      let response: HTTPClientResponse
      do { response = try await client.send(request) } catch {
        throw Problem(place: address, reason: ListFetch.words(error))
      }
      switch response.status {
      case 200: return response
      case 304 where known != nil: return response
      case 301, 302, 303, 307, 308:
        guard let next = response.headers["location"], next.hasPrefix("https://") else {
          throw Problem(place: address, reason: "it leads on to a place that is not https")
        }
        address = next
      default: throw Problem(place: address, reason: "the server answered \(response.status)")
      }
    }
    throw Problem(place: place, reason: "it leads on and on")
  }

  /// Certificates are verified, so what is not encrypted may come from this machine alone.
  static func isAllowed(_ place: String) -> Bool {
    if place.hasPrefix("https://") { return true }
    guard place.hasPrefix("http://") else { return false }
    let host = place.dropFirst(7).prefix { $0 != "/" && $0 != ":" }
    return host == "127.0.0.1" || host == "localhost"
  }

  private static func name(of place: String) -> String {
    let path = place.prefix { $0 != "?" && $0 != "#" }
    return path.split(separator: "/").last.map(String.init) ?? place
  }

  /// `Wed, 21 Oct 2026 07:28:00 GMT`
  static func day(_ text: String) -> CalendarDate? {
    let words = text.split(separator: " ")
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    guard words.count >= 4, let day = Int64(words[1]), let month = months.firstIndex(of: String(words[2])),
      let year = Int64(words[3])
    else { return nil }
    return CalendarDate(year: year, month: Int64(month) + 1, day: day)
  }

  private static func words(_ error: HTTPClientError) -> String {
    switch error {
    case .invalidRequest(let reason), .refusedByPolicy(let reason), .resolve(let reason), .connect(let reason): reason
    case .tls(let reason): "the server's certificate is not good: \(reason)"
    case .timeout: "no answer in \(timeout.components.seconds) seconds"
    case .interrupted(let reason, _): "the answer broke off: \(reason)"
    case .tooLarge: "the file is larger than \(ListFiles.bytesMax) bytes"
    case .cancelled: "cancelled"
    }
  }
}
