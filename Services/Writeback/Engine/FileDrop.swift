import CSV
import Crypto
import Domain
import JSON

/// A batch of outcomes as a file for systems that read folders. The name follows from the content, so that dropping
/// the same batch twice gives the same file and not a second one.
public struct FileDrop: Hashable, Sendable {
  public enum Format: String, Sendable, CaseIterable { case csv, jsonLines = "jsonl" }

  public let name: String
  public let bytes: [UInt8]

  /// - Parameter name: what stands at the front of the file's name: lower-case letters, digits and dashes.
  public init(_ outcomes: [OutcomePayload], as format: Format, named name: String = "pabean-outcomes") {
    precondition(name.utf8.allSatisfy(FileDrop.isNameByte) && !name.isEmpty, "a file's name is no path")
    bytes = format == .csv ? FileDrop.csv(outcomes) : FileDrop.jsonLines(outcomes)
    self.name = "\(name)-\(SHA256.hash(bytes).hex.prefix(32)).\(format.rawValue)"
  }

  /// The name under which it is written before it is renamed, which readers must not take.
  public var temporaryName: String { ".\(name).part" }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || byte == UInt8(ascii: "-")
  }

  private static func jsonLines(_ outcomes: [OutcomePayload]) -> [UInt8] {
    outcomes.reduce(into: []) { bytes, outcome in
      bytes += outcome.bytes
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  static let columns = [
    "type", "reference", "line", "sku", "revision", "market", "sequence", "state", "lane", "code",
    "national_code_pending", "confidence", "decided_by", "decided_at", "decision_id", "expected_code",
    "expected_version", "documents",
  ]

  private static func csv(_ outcomes: [OutcomePayload]) -> [UInt8] {
    var writer = CSVWriter()
    writer.append(columns)
    for outcome in outcomes { for row in rows(outcome) { writer.append(row) } }
    return writer.bytes
  }

  private static func rows(_ payload: OutcomePayload) -> [[String]] {
    switch payload {
    case .caseDecided(let outcome):
      [
        [
          payload.type, "", "", outcome.sku, String(outcome.revision), outcome.market.code, String(outcome.sequence),
          outcome.state.rawValue, outcome.lane.rawValue, outcome.code?.digits ?? "",
          String(outcome.isNationalCodePending), outcome.confidence?.description ?? "", outcome.decidedBy,
          outcome.decidedAt.description, outcome.decisionID.description, outcome.expected?.code?.digits ?? "",
          outcome.expected?.version ?? "", links(outcome.documents),
        ]
      ]
    case .shipmentSettled(let outcome):
      outcome.lines.map { line in
        [
          payload.type, outcome.reference, String(line.number), line.sku, "", outcome.market.code,
          String(outcome.sequence), outcome.state.rawValue, "", line.code?.digits ?? "", "", "", "",
          outcome.at.description, line.decisionID?.description ?? "", "", "", links(outcome.documents),
        ]
      }
    }
  }

  private static func links(_ documents: [DeliveredDocument]) -> String {
    documents.map(\.link).joined(separator: " ")
  }
}
