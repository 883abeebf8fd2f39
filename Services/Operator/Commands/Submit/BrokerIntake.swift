import AMQP
import Contracts
import Domain
import JSON
import Postgres
import Store
import WorkerRuntime

/// Submits over the broker, as an ERP may, and looks into the database for what came of it.
struct BrokerIntake: Intake {
  let endpoint: AMQPEndpoint
  let tenant: TenantID
  let environment: Domain.Environment
  let pool: PostgresPool

  private static let chunk = 500
  /// Without any progress.
  private static let patience = Duration.seconds(60)

  func submit(_ submissions: [Submission], progress: (_ taken: Int) -> Void) async throws -> [Refused] {
    for start in stride(from: 0, to: submissions.count, by: BrokerIntake.chunk) {
      try await send(Array(submissions[start..<min(start + BrokerIntake.chunk, submissions.count)]))
    }
    let ids = submissions.map { $0.messageID(of: tenant, environment) }
    try await awaitIngest(ids, progress)
    let refused = try await pool.transaction(as: tenant, readOnly: true) { tx in
      try SubmissionOutcomes.refused(ids.map { DerivedID.submission(causedBy: $0) }, tx)
    }
    return zip(submissions, ids).compactMap { submission, id in
      refused[DerivedID.submission(causedBy: id)].map { Refused(submission: submission, issues: $0) }
    }
  }

  private func send(_ submissions: [Submission]) async throws {
    let publisher = AMQPPublisher(endpoint: endpoint, name: "pabean-operator")
    publisher.start()
    let now = SystemClock.now()
    let outcomes = await publisher.publish(
      submissions.map { submission in
        OutgoingMessage(
          exchange: Topology.submissions.text, routingKey: Topology.submission(submission.kind, of: tenant).text,
          properties: MessageProperties(contentType: CloudEvent.contentType, messageID: submission.eventID),
          body: submission.event(of: tenant, at: now).bytes)
      })
    await publisher.close()
    for (submission, outcome) in zip(submissions, outcomes) where outcome != .confirmed {
      throw Failure("the broker did not take \(submission.reference) (\(submission.place)): \(outcome)")
    }
  }

  private func awaitIngest(_ ids: [MessageID], _ progress: (_ taken: Int) -> Void) async throws {
    let all = Set(ids).count
    var handled = 0
    var deadline = ContinuousClock.now + BrokerIntake.patience
    while true {
      let now = try await pool.transaction(as: tenant, readOnly: true) { tx in
        try SubmissionOutcomes.handled(ids, tx).count
      }
      if now > handled { deadline = ContinuousClock.now + BrokerIntake.patience }
      handled = now
      progress(handled)
      if handled >= all { return }
      guard ContinuousClock.now < deadline else {
        throw Failure(
          "ingest has handled \(handled) of \(all) submissions", remedy: "'pabean status' shows where they are")
      }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  func standings(of submissions: [Submission]) async throws -> [Standing] {
    let references = Array(Set(submissions.map(\.reference)))
    let (cases, shipments) = try await pool.transaction(as: tenant, readOnly: true) { tx in
      (
        try SubmissionOutcomes.cases(of: references, tx),
        try SubmissionOutcomes.shipments(references, tx)
      )
    }
    let bySKU = Dictionary(grouping: cases, by: \.sku)
    return submissions.map { submission in
      submission.kind == .shipment
        ? Standing(submission: submission, shipment: shipments[submission.reference])
        : Standing(submission: submission, cases: (bySKU[submission.reference] ?? []).map(\.state))
    }
  }
}
