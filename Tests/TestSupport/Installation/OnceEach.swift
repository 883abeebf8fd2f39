import AMQP
import Contracts
import Domain
import JSON
import Postgres
import Store

/// What must hold when products whose SKUs begin alike have gone through, whatever was killed on the way: nothing lost,
/// nothing done twice.
public struct OnceEach: Sendable {
  private let pabean: Installation
  private let prefix: String
  private let tenant: TenantID
  private let isSweeping: Bool

  /// - Parameter isSweeping: false where the maintenance service itself sends what was left behind.
  public init(
    _ pabean: Installation, prefix: String, tenant: TenantID = Installation.tenant, isSweeping: Bool = true
  ) {
    self.isSweeping = isSweeping
    self.pabean = pabean
    self.prefix = prefix
    self.tenant = tenant
  }

  /// Waits until each SKU has one case and that is written back, with maintenance sweeping the outbox meanwhile.
  public func writtenBack(_ count: Int, within deadline: Duration = .seconds(90)) async throws {
    var last: [String: Int64] = [:]
    do {
      _ = try await eventually("\(count) cases of \(prefix) to be written back", within: deadline) {
        if isSweeping { try await pabean.sweepOutbox() }
        last = try await states()
        return last == [CaseState.writtenBack.rawValue: Int64(count)] ? true : nil
      }
    } catch {
      throw NotReached(description: "\(error); seen: \(last)\n\(pabean.workers.logs())")
    }
  }

  /// Also empty at the end: outbox, work queues, parking.
  public func violations(_ count: Int) async throws -> [String] {
    try await settleQueues()
    var violations: [String] = []
    for (name, sql) in OnceEach.questions {
      let found = try await self.count(of: sql)
      if found != 0 { violations.append("\(name): \(found)") }
    }
    for (name, sql) in OnceEach.tallies {
      let found = try await self.count(of: sql)
      if found != Int64(count) { violations.append("\(name): \(found), not \(count)") }
    }
    violations += try await outcomeViolations(count)
    for entry in try await pabean.parked() { violations.append("parked: \(entry.entry.reasonCode)") }
    return violations
  }

  // MARK: Rows

  private func states() async throws -> [String: Int64] {
    try await pabean.pool.transaction(readOnly: true) { tx in
      let rows = try tx.query(
        "SELECT state, count(*) FROM customs_case WHERE tenant = $1 AND sku LIKE $2 || '%' GROUP BY state", tenant,
        prefix)
      return Dictionary(uniqueKeysWithValues: try rows.map(String.self, Int64.self) { ($0, $1) })
    }
  }

  private func count(of sql: StaticString) async throws -> Int64 {
    try await pabean.pool.transaction(readOnly: true) { tx in
      try tx.query(sql, tenant, prefix).decode(row: 0, as: Int64.self)
    }
  }

  /// What no case may have, whichever way it came.
  private static let questions: [(String, StaticString)] = [
    (
      "cases without exactly one decision",
      """
      SELECT count(*) FROM customs_case c WHERE tenant = $1 AND sku LIKE $2 || '%'
        AND (SELECT count(*) FROM decision d WHERE d.case_id = c.id) <> 1
      """
    ),
    (
      "cases without exactly one decision record",
      """
      SELECT count(*) FROM customs_case c WHERE tenant = $1 AND sku LIKE $2 || '%'
        AND (SELECT count(*) FROM document d WHERE d.subject_id = c.id) <> 1
      """
    ),
    (
      "cases without exactly one delivery that is delivered",
      """
      SELECT count(*) FROM customs_case c WHERE tenant = $1 AND sku LIKE $2 || '%'
        AND (SELECT array_agg(d.state) FROM delivery d WHERE d.subject_id = c.id) IS DISTINCT FROM ARRAY['delivered']
      """
    ),
    (
      "cases whose audit is not each step once and in order",
      """
      SELECT count(*) FROM customs_case c WHERE tenant = $1 AND sku LIKE $2 || '%'
        AND (SELECT array_agg(a.content::json ->> 'kind' ORDER BY a.xid, a.seq) FROM audit_entry a WHERE a.subject_id = c.id)
          IS DISTINCT FROM ARRAY['case.opened', 'case.classified', 'case.cleared-automatically', 'case.documented',
            'case.written-back']
      """
    ),
    ("rows in the outbox", "SELECT count(*) FROM outbox WHERE tenant = $1 AND $2 <> ''"),
  ]

  /// What there must be one of for each product.
  private static let tallies: [(String, StaticString)] = [
    ("cases", "SELECT count(*) FROM customs_case WHERE tenant = $1 AND sku LIKE $2 || '%'"),
    ("revisions", "SELECT count(*) FROM product_revision WHERE tenant = $1 AND sku LIKE $2 || '%'"),
    (
      "classifications",
      """
      SELECT count(*) FROM case_classification JOIN customs_case c ON c.id = case_id
      WHERE c.tenant = $1 AND sku LIKE $2 || '%'
      """
    ),
    (
      "screenings",
      """
      SELECT count(*) FROM case_screening JOIN customs_case c ON c.id = case_id
      WHERE c.tenant = $1 AND sku LIKE $2 || '%'
      """
    ),
  ]

  // MARK: Outside

  private func outcomeViolations(_ count: Int) async throws -> [String] {
    let erp = pabean.erp
    let found = try? await eventually("\(count) outcomes", within: .seconds(10)) {
      let own = erp.outcomes.filter { $0["data"]?["sku"]?.stringValue?.hasPrefix(prefix) == true }
      return own.count >= count ? own : nil
    }
    guard let found else { return ["outcomes are missing"] }
    let skus = Set(found.compactMap { $0["data"]?["sku"]?.stringValue })
    return found.count == count && skus.count == count
      ? [] : ["outcomes: \(found.count) by id, \(skus.count) by SKU, not \(count)"]
  }

  /// Acknowledgements and erasures follow the commit; what a kill left behind is sent and recognised.
  private func settleQueues() async throws {
    _ = try await eventually("empty queues and an empty outbox", within: .seconds(30)) {
      if isSweeping { try await pabean.sweepOutbox(olderThan: .zero) }
      let depths = try await pabean.queueDepths()
      let outbox = try await self.count(of: "SELECT count(*) FROM outbox WHERE tenant = $1 AND $2 <> ''")
      guard depths.isEmpty, outbox == 0 else {
        throw NotReached(description: "queues \(depths), outbox \(outbox)")
      }
      return true
    }
  }
}
