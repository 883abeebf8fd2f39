import Contracts
import Domain
import IngestEngine
import JSON
import Postgres
import Store
import WorkerRuntime

/// Takes in products that came by HTTP, each on its own merits: what is wrong with one stops no other.
struct ProductSubmissions: Sendable {
  struct Entry: Sendable {
    var cause: MessageID
    var content: Content

    enum Content: Sendable {
      case raw(JSONValue)
      /// Could not even be read; the body says where it stood.
      case malformed(body: JSONValue, [ValidationIssue])
    }
  }

  struct Result: Sendable {
    enum Verdict: Sendable {
      case taken(ProductAcceptance.Result, notices: [ValidationIssue])
      case refused([ValidationIssue])
    }

    var id: SubmissionID
    /// The SKU, where one could be read.
    var sku: String?
    var verdict: Verdict
  }

  let rules: IntakeRules
  let channel: RefusedSubmissions.Channel

  /// - Parameter now: of the transaction, which may begin long after the call.
  func take(_ entries: [Entry], _ call: Call, now: Instant, _ tx: borrowing Transaction) throws -> (
    results: [Result], effects: StoredEffects
  ) {
    try rules.refresh(tx)
    let current = rules.current
    let verdicts = entries.map { verdict(on: $0, by: current) }
    let acceptance = ProductAcceptance(
      tenant: call.tenant, environment: call.caller.environment, actor: call.caller.actor)
    let submissions = zip(entries, verdicts).compactMap { entry, verdict in
      verdict.accepted.map { ProductAcceptance.Submission(cause: entry.cause, product: $0, trace: call.trace) }
    }
    var (accepted, effects) = try acceptance.accept(submissions, now: now, tx)
    ProductSubmissions.nameCases(of: &accepted, submissions, call)
    let refusals = zip(entries, verdicts).filter { $1.accepted == nil }.map { refusal($0, $1.issues, now) }
    try RefusedSubmissions.keep(refusals, tx)
    effects.audit += refusals.map { $0.auditEntry(call.caller.actor) }
    return (results(entries, verdicts, accepted), effects)
  }

  private func verdict(on entry: Entry, by rules: IntakeRules.Current) -> IntakeVerdict<Product> {
    switch entry.content {
    case .raw(let json): rules.products.read(json)
    case .malformed(_, let issues): IntakeVerdict(.refused(issues))
    }
  }

  private func refusal(_ entry: Entry, _ issues: [ValidationIssue], _ now: Instant) -> RefusedSubmissions.Refusal {
    let body =
      switch entry.content {
      case .raw(let json), .malformed(let json, _): json
      }
    return RefusedSubmissions.Refusal(
      id: DerivedID.submission(causedBy: entry.cause), kind: SubmissionKind.product.rawValue,
      reference: IntakeRules.reference(of: body, .product), channel: channel, body: body.bytes, issues: issues,
      refusedAt: now)
  }

  /// An unchanged product has the cases that it opened when it was new.
  private static func nameCases(
    of results: inout [ProductAcceptance.Result], _ submissions: [ProductAcceptance.Submission], _ call: Call
  ) {
    for (index, submission) in submissions.enumerated() where results[index].status == .unchanged {
      let revisionID = DerivedID.productRevision(
        call.tenant, call.caller.environment, sku: results[index].sku, number: results[index].revision)
      results[index].cases = submission.product.markets.map { market in
        ProductStore.NewCase(
          id: DerivedID.customsCase(revisionID, market), revisionID: revisionID, sku: results[index].sku,
          market: market)
      }
    }
  }

  private func results(
    _ entries: [Entry], _ verdicts: [IntakeVerdict<Product>], _ accepted: [ProductAcceptance.Result]
  ) -> [Result] {
    var accepted = accepted[...]
    return zip(entries, verdicts).map { entry, verdict in
      let id = DerivedID.submission(causedBy: entry.cause)
      guard verdict.accepted != nil, let taken = accepted.popFirst() else {
        var sku: String?
        if case .raw(let json) = entry.content { sku = IntakeRules.reference(of: json, .product) }
        return Result(id: id, sku: sku, verdict: .refused(verdict.issues))
      }
      return Result(id: id, sku: taken.sku, verdict: .taken(taken, notices: verdict.notices))
    }
  }
}
