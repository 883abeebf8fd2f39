import Domain
import JSON

/// What an entry's canonical text says about where it belongs.
struct AuditEntryText {
  var tenant: String?
  var subject: UniqueID?

  init(_ content: String) {
    guard let json = try? JSONParser.parse(Array(content.utf8)) else { return }
    tenant = json["tenant"]?.stringValue
    subject = json["subject"]?.stringValue.flatMap { UniqueID($0) }
  }
}
