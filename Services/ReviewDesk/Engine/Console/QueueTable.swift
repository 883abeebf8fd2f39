import CSV
import Domain

/// The queue for a spreadsheet: a row a case, its values as the API gives them.
public struct QueueTable {
  /// What a person may still look through.
  public static let rowsMax = 5_000

  private static let columns = "sku,title,market,code,risk,lane,state,roles,reason,opened,due,assignee,case"
  private var writer = CSVWriter()
  public private(set) var rowCount = 0

  public init() {
    writer.append(QueueTable.columns.split(separator: ",").map(String.init))
  }

  public var isFull: Bool { rowCount >= QueueTable.rowsMax }

  public mutating func append(_ entry: QueueEntry) {
    guard !isFull else { return }
    rowCount += 1
    writer.append([
      entry.sku, entry.title, entry.market.code, entry.code?.dotted ?? "", "\(entry.riskScore)", entry.lane.rawValue,
      entry.state.rawValue, entry.roles.map(\.rawValue).joined(separator: " "), entry.reason,
      entry.openedAt.description, entry.clock.dueAt.description, entry.handling.assignment?.name ?? "",
      "\(entry.caseID)",
    ])
  }

  /// Begins with the mark by which spreadsheets know UTF-8.
  public var bytes: [UInt8] { [0xEF, 0xBB, 0xBF] + writer.bytes }
}
