import Contracts
import Crypto
import Domain
import JSON
import Postgres
import Store

/// `pabean submit`: a file of products or shipments, and what became of each.
enum SubmitCommand {
  static let command = Command(
    "submit", "Submit a file of products or shipments", group: .work,
    operands: [Operand("FILE", "a .csv or .json file")],
    options: [
      Option("shipments", nil, "the file has shipments, as JSON"),
      Option("wait", nil, "until every case is written back or waits for a person"), .tenant,
    ],
    notes: """
      Ends with 1 when a row was refused; each is named with its field and what to do. A product that is known already,
      with the same content, changes nothing. The first row of a CSV file names the fields: sku, title, materials, origin,
      price, currency, weight, markets, …
      Example: pabean submit infra/demo/catalogue.csv --wait
      """
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let kind: SubmissionKind = arguments.has("shipments") ? .shipment : .product
    let run = Hex.encode(SecureRandom.bytes(8))
    let file = try SubmissionFile(reading: arguments.operands[0], kind: kind, eventIDs: "submit-\(run)")
    let endpoint = try settings.requireBroker()
    for notice in file.notices { console.note("\(notice.problem) \(notice.remedy)") }
    return try await settings.withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      let intake = BrokerIntake(endpoint: endpoint, tenant: tenant, pool: pool)
      let refused = try await send(file, intake, console)
      report(file, refused, kind, console)
      if arguments.has("wait") {
        try await intake.awaitRest(within: .seconds(600)) { console.progress("\($0) cases and shipments in hand") }
        console.clearProgress()
        let refusedIDs = Set(refused.map(\.0.eventID))
        let accepted = file.submissions.filter { !refusedIDs.contains($0.eventID) }
        try await tally(accepted, kind, tenant, pool, console)
      }
      return refused.isEmpty && file.unreadable.isEmpty ? .success : .failure
    }
  }

  private static let chunk = 500

  private static func send(_ file: SubmissionFile, _ intake: BrokerIntake, _ console: Console) async throws -> [(
    Submission, [ValidationIssue]
  )] {
    let all = file.submissions
    for start in stride(from: 0, to: all.count, by: chunk) {
      try await intake.send(Array(all[start..<min(start + chunk, all.count)]))
      console.progress("sent \(ProgressBar.text(min(start + chunk, all.count), of: all.count))")
    }
    let refused = try await intake.awaitVerdicts(all, within: .seconds(600)) { handled in
      console.progress("taken \(ProgressBar.text(handled, of: all.count))")
    }
    console.clearProgress()
    return refused
  }

  private static func report(
    _ file: SubmissionFile, _ refused: [(Submission, [ValidationIssue])], _ kind: SubmissionKind, _ console: Console
  ) {
    let accepted = file.submissions.count - refused.count
    let bad = refused.count + file.unreadable.count
    console.line("\(accepted) \(kind.rawValue)s accepted, \(bad) refused.")
    guard bad > 0 else { return }
    console.line()
    var table = TextTable([
      TextTable.Column("where"), TextTable.Column("reference", max: 24), TextTable.Column("field", max: 22),
      TextTable.Column("problem and remedy"),
    ])
    let rows =
      refused.map { ($0.0.place, $0.0.reference, $0.1) } + file.unreadable.map { ($0.place, "—", $0.issues) }
    for (place, reference, issues) in rows {
      for issue in issues {
        table.add(place, reference, String(issue.field.drop { $0 == "/" }), "\(issue.problem) \(issue.remedy)")
      }
    }
    console.print(table.text(console))
  }

  private static func tally(
    _ accepted: [Submission], _ kind: SubmissionKind, _ tenant: TenantID, _ pool: PostgresPool, _ console: Console
  ) async throws {
    if kind == .shipment {
      let references = Set(accepted.map(\.reference))
      let shipments = try await pool.transaction(as: tenant, readOnly: true) { tx in
        try Overview.shipments(limit: 10_000, tx).filter { references.contains($0.reference) }
      }
      for shipment in shipments {
        let waits = shipment.open.isEmpty ? "" : ", waits for \(shipment.open.joined(separator: ", "))"
        console.line("  \(shipment.reference)  \(shipment.state.rawValue)\(waits)")
      }
      return
    }
    let cases = try await pool.transaction(as: tenant, readOnly: true) { tx in
      try SubmissionOutcomes.cases(of: accepted.map(\.reference), tx)
    }
    func count(_ isCounted: (CaseState) -> Bool) -> Int { cases.filter { isCounted($0.state) }.count }
    console.line(
      "\(cases.count) cases: \(count { $0 == .writtenBack }) written back, \(count(\.waitsForPerson)) wait for a person, "
        + "\(count { !$0.isTerminal && !$0.waitsForPerson }) still in hand.")
  }
}
