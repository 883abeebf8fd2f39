import Contracts
import Domain
import IngestEngine
import JSON

/// One product or shipment of a file, on its way to ingest.
struct Submission: Sendable {
  var kind: SubmissionKind
  /// Where it stands in the file, for a person: `row 12`.
  var place: String
  var content: JSONValue
  /// Chosen by us, so that the outcome can be found again.
  var eventID: String

  static let source = "/pabean/operator"

  /// The SKU or the reference, where there is one.
  var reference: String {
    let names = kind == .product ? ["sku"] : ["reference", "orderNumber"]
    return names.lazy.compactMap { content[$0]?.numeral }.first ?? "—"
  }

  /// As ingest derives it from tenant, source and event.
  func messageID(of tenant: TenantID, _ environment: Domain.Environment) -> MessageID {
    DerivedID.message(submittedBy: tenant, environment, source: Submission.source, id: eventID)
  }

  func event(of tenant: TenantID, at now: Instant) -> JSONValue {
    let type = kind == .product ? EventType.productSubmitted : .shipmentSubmitted
    return [
      "specversion": "1.0", "id": .string(eventID), "source": .string(Submission.source),
      "type": .string(type.rawValue), "time": now.json, "tenant": tenant.json, "data": content,
    ]
  }
}

/// A file of products or shipments, read into submissions.
struct SubmissionFile: Sendable {
  /// A row that cannot even be sent.
  struct Unreadable: Sendable {
    var place: String
    var issues: [ValidationIssue]
  }

  var submissions: [Submission] = []
  var unreadable: [Unreadable] = []
  var notices: [ValidationIssue] = []

  /// - Parameter eventIDs: begins the id of each event. The same beginning and the same file give the same ids.
  init(reading path: String, kind: SubmissionKind, eventIDs: String) throws {
    let bytes = try LocalFile.read(path)
    if path.lowercased().hasSuffix(".csv") {
      guard kind == .product else { throw Failure("shipments have lines and need JSON", remedy: "submit a .json file") }
      try readCSV(bytes, path, eventIDs)
    } else {
      try readJSON(bytes, path, kind, eventIDs)
    }
  }

  private mutating func readCSV(_ bytes: [UInt8], _ path: String, _ eventIDs: String) throws {
    var table = ProductCSV()
    var rows: [ProductCSV.Row] = []
    do throws(ProductCSV.Failure) {
      try table.read(bytes) { rows.append($0) }
      try table.finish { rows.append($0) }
    } catch {
      switch error {
      case .file(let problem): throw Failure("\(path) is not a CSV file that can be read: \(problem)")
      case .header(let issues):
        throw Failure(
          "the first row of \(path) is wrong: \(issues.map(\.problem).joined(separator: " "))",
          remedy: issues.first?.remedy)
      }
    }
    notices = table.notices
    for row in rows {
      let place = "row \(row.line)"
      switch row.content {
      case .product(let json):
        submissions.append(
          Submission(kind: .product, place: place, content: json, eventID: "\(eventIDs)-\(row.line)"))
      case .malformed(let issues): unreadable.append(Unreadable(place: place, issues: issues))
      }
    }
  }

  /// A list, or an object with the list in it, or one alone.
  private mutating func readJSON(_ bytes: [UInt8], _ path: String, _ kind: SubmissionKind, _ eventIDs: String) throws {
    let document: JSONValue
    do throws(JSONError) {
      document = try JSONParser.parse(bytes)
    } catch {
      throw Failure("\(path) is not JSON: \(error)")
    }
    let inner = document["\(kind.rawValue)s"] ?? document
    for (index, content) in (inner.arrayValue ?? [inner]).enumerated() {
      submissions.append(
        Submission(kind: kind, place: "entry \(index + 1)", content: content, eventID: "\(eventIDs)-\(index + 1)"))
    }
  }
}
