import Domain
import Postgres

/// The queue of what waits for a person, in its order: by risk and by the share of its time that a case has waited.
public enum ReviewQueue {
  /// Which part of the queue; what is not named is not asked about.
  public struct Filter: Hashable, Sendable {
    /// Words that a case is found by, all of them; or a shipment's reference.
    public var text: String?
    public var market: Market?
    public var role: ReviewerRole?
    public var lane: Lane?
    public var state: ReviewTasks.Task.State?
    public var kind: RoutingReason.Kind?
    public var chapter: String?
    public var assignedTo: Actor?
    public var openedBefore: Instant?

    public init() {}

    var isEmpty: Bool { self == Filter() }
  }

  /// Where a page of the queue ended.
  public struct Position: Hashable, Sendable {
    public var urgentAt: Instant
    public var caseID: CaseID

    public init(urgentAt: Instant, caseID: CaseID) {
      self.urgentAt = urgentAt
      self.caseID = caseID
    }
  }

  public static func list(
    _ filter: Filter = Filter(), after position: Position? = nil, limit: Int, _ tx: borrowing Transaction
  ) throws -> [ReviewTasks.Task] {
    try part(filter, tx).list(after: position, limit: limit, tx)
  }

  /// What was looked for is found once, to be listed and counted.
  public static func part(_ filter: Filter, _ tx: borrowing Transaction) throws -> Part {
    let sql = conditions(filter)
    var part = Part(conditions: sql, isNamed: filter.assignedTo != nil, isCounted: true)
    guard let text = filter.text else { return part }
    let search = Search(text)
    if let found = try search.find(tx) {
      part.conditions = sql + " AND t.case_id = ANY (\(found))" + search.rest
      part.isNamed = true
    } else {
      part.conditions = sql + search.condition
      part.isCounted = false
    }
    return part
  }

  /// Part of the queue. Statements about it are planned anew each time: which index serves best depends on what is asked.
  public struct Part: Sendable {
    fileprivate var conditions: SQL
    /// Its cases are known one by one; otherwise they are met by going through the queue in its order.
    fileprivate var isNamed: Bool
    /// Where very much was found, counting it would take longer than it is worth.
    fileprivate var isCounted: Bool

    public func list(after position: Position? = nil, limit: Int, _ tx: borrowing Transaction) throws
      -> [ReviewTasks.Task]
    {
      let columns: SQL = """
        SELECT t.case_id, t.market::text, t.sku, t.title, t.lane, t.roles, t.risk_score::int8, t.reason, t.opened_at,
          t.kinds, t.code, t.state, t.due_at, t.urgent_at, t.paused_at
        FROM review_task t WHERE true
        """
      let from: SQL = position.map { " AND (t.urgent_at, t.case_id) > (\($0.urgentAt), \($0.caseID))" } ?? ""
      // The planner takes the cases of somebody who does not see all markets for few, and would sort them all.
      if !isNamed { try tx.executeLater("SET LOCAL enable_sort = off") }
      let rows = try tx.query(
        dynamic: columns + conditions + from + " ORDER BY t.urgent_at, t.case_id LIMIT \(limit)")
      if !isNamed { try tx.executeLater("SET LOCAL enable_sort = on") }
      return try ReviewQueue.decode(rows)
    }

    /// How many there are; at `most` nobody counts on.
    public func count(upTo most: Int, _ tx: borrowing Transaction) throws -> Int64 {
      guard isCounted else { return Int64(most) }
      let part: SQL = "SELECT FROM review_task t WHERE true" + conditions + " LIMIT \(most)"
      return try tx.query(dynamic: "SELECT count(*) FROM (" + part + ") AS part").decode(row: 0, as: Int64.self)
    }
  }

  private static func decode(_ rows: borrowing Rows) throws -> [ReviewTasks.Task] {
    try rows.map(
      CaseID.self, Market.self, String.self, String.self, Lane.self, [String].self, Int64.self, String.self,
      Instant.self, [String].self, HSCode?.self, ReviewTasks.Task.State.self, Instant.self, Instant.self, Instant?.self
    ) { id, market, sku, title, lane, roles, risk, reason, at, kinds, code, state, due, urgent, paused in
      var task = ReviewTasks.Task(
        caseID: id, market: market, sku: sku, title: title, lane: lane,
        roles: roles.compactMap { ReviewerRole(rawValue: $0) }, riskScore: Int(risk), reason: reason, openedAt: at,
        kinds: kinds.compactMap { RoutingReason.Kind(rawValue: $0) }, code: code)
      (task.state, task.dueAt, task.urgentAt, task.pausedAt) = (state, due, urgent, paused)
      return task
    }
  }

  // MARK: Conditions

  private static func conditions(_ filter: Filter) -> SQL {
    var sql: SQL = ""
    if let market = filter.market { sql = sql + " AND t.market = \(market.code)::bpchar" }
    if let role = filter.role { sql = sql + " AND " + condition(role) }
    if let lane = filter.lane { sql = sql + " AND t.lane = \(lane.rawValue)" }
    if let state = filter.state { sql = sql + " AND " + condition(state) }
    if let kind = filter.kind { sql = sql + " AND \(kind.rawValue) = ANY (t.kinds)" }
    if let chapter = filter.chapter { sql = sql + " AND t.chapter = \(chapter)" }
    if let person = filter.assignedTo {
      sql = sql + " AND t.case_id IN (SELECT case_id FROM case_arrangement WHERE assigned_to = \(person))"
    }
    if let moment = filter.openedBefore { sql = sql + " AND t.opened_at <= \(moment)" }
    return sql
  }

  /// Written out, because there are indexes for just these words.
  static func condition(_ role: ReviewerRole) -> SQL {
    switch role {
    case .broker: "'broker' = ANY (t.roles)"
    case .compliance: "'compliance' = ANY (t.roles)"
    case .complianceLead: "'compliance-lead' = ANY (t.roles)"
    case .finance: "'finance' = ANY (t.roles)"
    case .logistics: "'logistics' = ANY (t.roles)"
    case .legal: "'legal' = ANY (t.roles)"
    }
  }

  private static func condition(_ state: ReviewTasks.Task.State) -> SQL {
    switch state {
    case .undeliverable: "t.state IN ('undeliverable', 'conflicted') AND t.state = 'undeliverable'"
    case .conflicted: "t.state IN ('undeliverable', 'conflicted') AND t.state = 'conflicted'"
    case .awaitingDecision, .awaitingInformation: "t.state = \(state)"
    }
  }
}

/// Words that a case is looked for by.
private struct Search {
  /// Of what is found more often, enough comes up by going through the queue in its order.
  private static let foundMax = 2000
  private static let indexedMax = 3

  private let text: String
  private let indexed: [String]
  private let others: [String]

  /// The longest say most.
  init(_ text: String) {
    self.text = text
    let words = text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
      .sorted { $0.utf8.count > $1.utf8.count }
    let usable = words.filter(Search.isIndexed)
    indexed = usable.prefix(Search.indexedMax).map(Search.pattern)
    others = (usable.dropFirst(Search.indexedMax) + words.filter { !Search.isIndexed($0) }).map(Search.pattern)
  }

  /// The index knows what three letters or digits in a row are part of.
  private static func isIndexed(_ word: String) -> Bool {
    word.split { !$0.isLetter && !$0.isNumber }.contains { $0.unicodeScalars.count >= 3 }
  }

  /// nil when there are too many to name, or nothing to look for them by.
  func find(_ tx: borrowing Transaction) throws -> [CaseID]? {
    let shipments = try tx.query(
      """
      SELECT l.case_id FROM shipment s JOIN shipment_line l ON l.shipment_id = s.id
      WHERE s.reference = $1 AND l.case_id IS NOT NULL
      """, text
    ).map(CaseID.self) { $0 }
    guard !indexed.isEmpty else { return shipments.isEmpty ? nil : shipments }
    let patterns = indexed + Array(repeating: "%", count: Search.indexedMax - indexed.count)
    let found = try tx.query(
      "SELECT find_waiting($1, $2, $3, $4)", patterns[0], patterns[1], patterns[2], Search.foundMax + 1
    ).map(CaseID.self) { $0 }
    return found.count > Search.foundMax ? nil : found + shipments
  }

  /// Of each word, where no case was named.
  var condition: SQL { Search.condition(indexed + others) }
  /// Of the words that the index was not asked for.
  var rest: SQL { Search.condition(others) }

  private static func condition(_ patterns: [String]) -> SQL {
    var sql: SQL = ""
    for pattern in patterns { sql = sql + " AND t.needle LIKE \(pattern)" }
    return sql
  }

  private static func pattern(_ word: String) -> String {
    var pattern = "%"
    for character in word {
      if character == "%" || character == "_" || character == "\\" { pattern.append("\\") }
      pattern.append(character)
    }
    return pattern + "%"
  }
}
