import AMQP
import Contracts
import Domain
import JSON
import Postgres
import Store
import WorkerRuntime

/// Submits over the broker, as an ERP does, and looks into the database for what came of it.
struct BrokerIntake: Sendable {
  let endpoint: AMQPEndpoint
  let tenant: TenantID
  let pool: PostgresPool

  func send(_ submissions: [Submission]) async throws {
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

  /// Waits until ingest has handled all, and says what it refused.
  func awaitVerdicts(
    _ submissions: [Submission], within limit: Duration, progress: (_ handled: Int) -> Void
  ) async throws -> [(Submission, [ValidationIssue])] {
    let ids = submissions.map { $0.messageID(of: tenant) }
    let deadline = ContinuousClock.now + limit
    while true {
      let handled = try await pool.transaction(as: tenant, readOnly: true) { tx in
        try SubmissionOutcomes.handled(ids, tx).count
      }
      progress(handled)
      if handled >= Set(ids).count { break }
      guard ContinuousClock.now < deadline else {
        throw Failure(
          "ingest has handled \(handled) of \(ids.count) submissions", remedy: "'pabean status' shows where they are")
      }
      try await Task.sleep(for: .milliseconds(100))
    }
    let refused = try await pool.transaction(as: tenant, readOnly: true) { tx in
      try SubmissionOutcomes.refused(ids.map { DerivedID.submission(causedBy: $0) }, tx)
    }
    return zip(submissions, ids).compactMap { submission, id in
      refused[DerivedID.submission(causedBy: id)].map { (submission, $0) }
    }
  }

  /// Waits until no worker owes a case or a shipment of the tenant a step.
  func awaitRest(within limit: Duration, progress: (_ inFlight: Int64) -> Void) async throws {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      let inFlight = try await pool.transaction(as: tenant, readOnly: true) { tx in try Overview.inFlight(tx) }
      progress(inFlight)
      if inFlight == 0 { return }
      try await Task.sleep(for: .milliseconds(100))
    }
  }
}
