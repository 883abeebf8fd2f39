import CSV
import Domain
import JSON

/// Reads a table of products: the first row names the fields, each later row is one product as raw JSON for
/// `ProductIntake`. A bad row is reported with its line and does not stop the others.
public struct ProductCSV: Sendable {
  public struct Row: Sendable {
    public enum Content: Sendable {
      case product(JSONValue)
      case malformed([ValidationIssue])
    }

    /// The line of the file where the row begins; the header stands on line 1.
    public var line: Int
    public var content: Content
  }

  public enum Failure: Error, Hashable, Sendable {
    case file(CSVError)
    case header([ValidationIssue])
  }

  private var reader: CSVReader
  /// What each column means; nil stands for one that is not known.
  private var targets: [ProductColumns.Target?]?
  private var headerIssues: [ValidationIssue] = []
  /// What the header says that was not understood. Complete after the first row.
  public private(set) var notices: [ValidationIssue] = []

  public init(delimiter: UInt8? = nil, limits: CSVReader.Limits = CSVReader.Limits()) {
    reader = CSVReader(delimiter: delimiter, limits: limits)
  }

  public mutating func read(_ chunk: [UInt8], row handle: (Row) -> Void) throws(Failure) {
    var reader = reader
    do throws(CSVError) {
      try reader.read(chunk) { accept($0, handle) }
    } catch {
      throw .file(error)
    }
    self.reader = reader
    if !headerIssues.isEmpty { throw .header(headerIssues) }
  }

  public mutating func finish(row handle: (Row) -> Void) throws(Failure) {
    var reader = reader
    do throws(CSVError) {
      try reader.finish { accept($0, handle) }
    } catch {
      throw .file(error)
    }
    self.reader = reader
    if targets == nil {
      refuse("", "The file is empty.", "Send a header row that names the columns, and one row per product.")
    }
    if !headerIssues.isEmpty { throw .header(headerIssues) }
  }

  private mutating func accept(_ row: CSVRow, _ handle: (Row) -> Void) {
    guard targets != nil else { return readHeader(row) }
    if headerIssues.isEmpty { handle(product(row)) }
  }

  private mutating func readHeader(_ row: CSVRow) {
    var targets: [ProductColumns.Target?] = []
    var columnsByField: [String: String] = [:]
    if let problem = row.problem { refuse("", problem, "Correct the header row.") }
    for index in 0..<row.count {
      guard let text = row.text(index) else {
        refuse("column \(index + 1)", "The name is not UTF-8.", "Save the file as 'CSV UTF-8'.")
        continue
      }
      let name = CleanText.clean(String(text.unicodeScalars.prefix(200)))
      let target = ProductColumns.target(name)
      targets.append(target)
      if case .field(let field) = target, let twin = columnsByField.updateValue(name, forKey: field) {
        refuse(name, "The columns \(quoted(twin)) and \(quoted(name)) mean the same.", "Keep one of them.")
      }
      if target == nil, !name.isEmpty { notifyUnknown(name) }
    }
    if headerIssues.isEmpty, columnsByField["sku"] == nil {
      refuse("sku", "No column is named sku.", "Name the columns in the first row: sku, title, materials, origin, …")
    }
    self.targets = targets
  }

  private mutating func refuse(_ field: String, _ problem: String, _ remedy: String) {
    headerIssues.append(ValidationIssue(field: field, kind: .invalid, problem: problem, remedy: remedy))
  }

  private mutating func notifyUnknown(_ name: String) {
    notices.append(
      ValidationIssue(
        field: name, kind: .unknown, problem: "The column \(quoted(name)) is not known and was not kept.",
        remedy: "Check its spelling, or name it 'attribute: \(name)' if it says something about the product."))
  }

  private func product(_ row: CSVRow) -> Row {
    var issues: [ValidationIssue] = []
    let targets = targets ?? []
    if let problem = row.problem { issues.append(ProductCSV.issue("", problem, "Correct the row.")) }
    if row.count > targets.count, (targets.count..<row.count).contains(where: { !row.isEmpty($0) }) {
      issues.append(
        ProductCSV.issue(
          "", "The row has \(row.count) cells, the header \(targets.count).",
          "Put quotation marks around cells that contain the separator."))
    }
    var fields: [(String, JSONValue)] = []
    var attributes: [(String, JSONValue)] = []
    for index in 0..<min(row.count, targets.count) where !row.isEmpty(index) {
      guard let target = targets[index] else { continue }
      guard let text = row.text(index) else {
        issues.append(ProductCSV.issue("/\(target.name)", "The text is not UTF-8.", "Save the file as 'CSV UTF-8'."))
        continue
      }
      switch target {
      case .field(let name): fields.append((name, .string(text)))
      case .attribute(let name): attributes.append((name, .string(text)))
      }
    }
    guard issues.isEmpty else { return Row(line: row.startLine, content: .malformed(issues)) }
    if !attributes.isEmpty { fields.append(("attributes", attributesValue(&fields, attributes))) }
    return Row(line: row.startLine, content: .product(.object(JSONObject(fields))))
  }

  /// Attributes of columns of their own join those of a column of pairs.
  private func attributesValue(_ fields: inout [(String, JSONValue)], _ own: [(String, JSONValue)]) -> JSONValue {
    guard let index = fields.firstIndex(where: { $0.0 == "attributes" }), let pairs = fields[index].1.stringValue else {
      return .object(JSONObject(own))
    }
    fields.remove(at: index)
    return .array(
      pairs.split(separator: ";").map { .string(String($0)) }
        + own.map { .object(JSONObject([("name", .string($0.0)), ("value", $0.1)])) })
  }

  private static func issue(_ field: String, _ problem: String, _ remedy: String) -> ValidationIssue {
    ValidationIssue(field: field, kind: .invalid, problem: problem, remedy: remedy)
  }
}
