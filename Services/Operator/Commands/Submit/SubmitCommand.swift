import Configuration
import Contracts
import Crypto
import Domain
import Postgres

/// `pabean submit`: a file of products or shipments, and what became of each.
enum SubmitCommand {
  static let command = Command(
    "submit", "Submit a file of products or shipments", group: .work,
    operands: [Operand("FILE", "a .csv or .json file")],
    options: [
      Option("shipments", nil, "the file has shipments, as JSON"),
      Option("wait", nil, "until every case is written back or waits for a person"),
      Option("url", "URL", "of the intake API; PABEAN_INTAKE_URL when absent"),
      Option("key", "KEY", "the API key; better in PABEAN_KEY, where other users of this machine do not see it"),
      Option("over-broker", nil, "publish to the broker instead, as PABEAN_AMQP_URL"), .tenant,
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
    for notice in file.notices { console.note("\(notice.problem) \(notice.remedy)") }
    return try await withIntake(arguments, settings) { intake in
      try await submit(file, kind, to: intake, waits: arguments.has("wait"), console)
    }
  }

  /// Over HTTP where there is a key for it, and the tenant is the key's.
  private static func withIntake(
    _ arguments: Arguments, _ settings: OperatorSettings, _ body: @Sendable (any Intake) async throws -> ExitCode
  ) async throws -> ExitCode {
    let url = arguments["url"] ?? settings.intakeURL
    let key = arguments["key"] ?? settings.key?.reveal()
    let usesBroker = arguments.has("over-broker") || arguments.has("tenant")
    if !usesBroker, let url, let key { return try await body(HTTPIntake(url: url, key: key)) }
    if !usesBroker, arguments.has("url") { throw UsageError("--key is missing", command: "submit") }
    let endpoint = try settings.requireBroker()
    return try await settings.withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      return try await body(
        BrokerIntake(
          endpoint: endpoint, tenant: tenant, environment: settings.environment, pool: pool))
    }
  }

  private static func submit(
    _ file: SubmissionFile, _ kind: SubmissionKind, to intake: any Intake, waits: Bool, _ console: Console
  ) async throws -> ExitCode {
    let all = file.submissions
    let refused = try await intake.submit(all) { taken in
      console.progress("taken \(ProgressBar.text(taken, of: all.count))")
    }
    console.clearProgress()
    report(file, refused, kind, console)
    if waits {
      let refusedIDs = Set(refused.map(\.submission.eventID))
      let accepted = all.filter { !refusedIDs.contains($0.eventID) }
      let standings = try await intake.awaitRest(of: accepted, within: .seconds(600)) { atRest in
        console.progress("done  \(ProgressBar.text(atRest, of: accepted.count))")
      }
      console.clearProgress()
      tally(standings, console)
    }
    return refused.isEmpty && file.unreadable.isEmpty ? .success : .failure
  }

  private static func report(_ file: SubmissionFile, _ refused: [Refused], _ kind: SubmissionKind, _ console: Console) {
    let accepted = file.submissions.count - refused.count
    let bad = refused.count + file.unreadable.count
    console.line("\(accepted) \(kind.rawValue)\(accepted == 1 ? "" : "s") accepted, \(bad) refused.")
    guard bad > 0 else { return }
    var table = TextTable([
      TextTable.Column("where"), TextTable.Column("reference", max: 24), TextTable.Column("field", max: 22),
      TextTable.Column("problem and remedy"),
    ])
    let rows =
      refused.map { ($0.submission.place, $0.submission.reference, $0.issues) }
      + file.unreadable.map { ($0.place, "—", $0.issues) }
    for (place, reference, issues) in rows {
      for issue in issues {
        table.add(place, reference, String(issue.field.drop { $0 == "/" }), "\(issue.problem) \(issue.remedy)")
      }
    }
    console.print("\n" + table.text(console))
  }

  private static func tally(_ standings: [Standing], _ console: Console) {
    for standing in standings {
      if let shipment = standing.shipment { console.line("  \(standing.submission.reference)  \(shipment.rawValue)") }
    }
    let cases = standings.flatMap(\.cases)
    guard !cases.isEmpty else { return }
    func count(_ isCounted: (CaseState) -> Bool) -> Int { cases.filter(isCounted).count }
    let moving = count { !$0.isTerminal && !$0.waitsForPerson }
    let waiting = count(\.waitsForPerson)
    console.line(
      "\(cases.count) cases: \(count { $0 == .writtenBack }) written back, "
        + "\(waiting) \(waiting == 1 ? "waits" : "wait") for a person"
        + (moving == 0 ? "." : ", \(moving) still in hand."))
  }
}
