import Crypto
import Domain
import HTTP
import JSON
import Postgres
import ReviewDeskEngine
import Store

/// One decision for many cases. Each goes the way of a single one, in a transaction of its own: no rule is passed by.
extension CaseDesk {
  struct BulkPreview: Sendable {
    var items: [BulkItem]
    var hasMore: Bool

    var json: JSONValue { ["items": .array(items.map(\.json)), "hasMore": .bool(hasMore)] }
  }

  /// What would happen to each case, changing nothing.
  func preview(_ request: BulkRequest, of query: QueueQuery, _ call: Act) async throws -> BulkPreview {
    let filter = ReviewQueue.Filter(query, for: call.principal, at: call.now)
    let isListed = try await isListed(request.code)
    return try await pool.transaction(as: call.principal, isolation: .repeatableRead, readOnly: true) { tx in
      let tasks = try ReviewQueue.list(filter, limit: BulkRequest.casesMax + 1, tx)
      let shown = tasks.prefix(BulkRequest.casesMax)
      let stored = try CaseStore.load(shown.map(\.caseID), tx)
      let items = try shown.compactMap { task in
        try stored[task.caseID].map { try judged(task, $0.version, request, isListed, call, tx) }
      }
      return BulkPreview(items: items, hasMore: tasks.count > shown.count)
    }
  }

  private func judged(
    _ task: ReviewTasks.Task, _ version: Int64, _ request: BulkRequest, _ isListed: Bool, _ call: Act,
    _ tx: borrowing Transaction
  ) throws -> BulkItem {
    let item = { BulkItem(caseID: task.caseID, version: version, entry: QueueEntry(task), outcome: $0) }
    do {
      return item(.would(try judge(task.caseID, request.decision(at: version), isListed: isListed, call, tx).1))
    } catch let refusal as Refusal {
      return item(.refused(refusal))
    }
  }

  func decide(_ cases: [BulkRequest.Case], _ request: BulkRequest, _ call: Act) async throws -> [BulkItem] {
    let bulk = UniqueID(digest: SecureRandom.bytes(16))
    var items: [BulkItem] = []
    for one in cases {
      let act = Act(
        principal: call.principal, now: call.now, trace: call.trace, idempotencyKey: call.idempotencyKey?.part(one.id),
        bulk: bulk)
      let outcome = try await outcome(of: one, request, act)
      items.append(BulkItem(caseID: one.id, version: one.expectedVersion, outcome: outcome))
    }
    return items
  }

  private func outcome(of one: BulkRequest.Case, _ request: BulkRequest, _ act: Act) async throws -> BulkItem.Outcome {
    do {
      return .done(try JSONParser.parse(try await decide(one.id, request.decision(at: one.expectedVersion), act).body))
    } catch let refusal as Refusal {
      return .refused(refusal)
    } catch is NoSuchCase {
      return .refused(Refusal(.unprocessable, "You have no such case."))
    } catch let problem as Problem {
      return .refused(
        Refusal(.conflict, problem.detail.map { .verbatim($0) } ?? "The Idempotency-Key cannot be used for this."))
    } catch let error as CancellationError {
      throw error
    } catch {
      return .unknown
    }
  }
}
