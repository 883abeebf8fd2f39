import Domain
import Postgres

/// The queue of what waits for a person, in its order: by risk and by the share of its time that a case has waited.
public enum ReviewQueue {
  /// Which part of the queue; what is not named is not asked about.
  public struct Filter: Hashable, Sendable {
    /// Words that a case is found by, all of them; or a shipment's reference.
    public var text: String?
    /// Any of them; none means all.
    public var markets: [Market] = []
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

  /// From so many on, cases are met by going through the queue in its order.
  static let manyMin = 2000

  /// What was looked for is found once, to be listed and counted.
  public static func part(_ filter: Filter, _ tx: borrowing Transaction) throws -> Part {
    let sql = conditions(filter)
    guard let text = filter.text else {
      // The cases of a person are known one by one.
      var part = Part(conditions: sql, extent: filter.assignedTo == nil ? .many : .few)
      if part.extent == .many, !filter.isEmpty { try part.tellExtent(tx) }
      return part
    }
    let search = Search(text)
    guard let found = try search.find(tx) else { return Part(conditions: sql + search.condition, extent: .untold) }
    return Part(conditions: sql + " AND t.case_id = ANY (\(found))" + search.rest, extent: .few)
  }

  /// Part of the queue. Statements about it are planned anew each time: which index serves best depends on what is asked.
  public struct Part: Sendable {
    fileprivate enum Extent: Sendable {
      /// All of them are read, and then put into order.
      case few
      /// An index has them in the queue's order.
      case many
      /// As `many`, but no index has them: counting them would take longer than it is worth.
      case untold
    }

    fileprivate var conditions: SQL
    fileprivate var extent: Extent
    /// As far as they were counted to know their extent.
    private var counted: Int64?

    fileprivate init(conditions: SQL, extent: Extent) {
      self.conditions = conditions
      self.extent = extent
    }

    fileprivate mutating func tellExtent(_ tx: borrowing Transaction) throws {
      let count = try count(upTo: manyMin, tx)
      if count < manyMin { extent = .few }
      counted = count
    }

    public func list(after position: Position? = nil, limit: Int, _ tx: borrowing Transaction) throws
      -> [ReviewTasks.Task]
    {
      guard counted != 0 else { return [] }
      let columns: SQL = """
        SELECT t.case_id, t.market::text, t.sku, t.title, t.lane, t.roles, t.risk_score::int8, t.reason, t.opened_at,
          t.kinds, t.code, t.state, t.due_at, t.urgent_at, t.paused_at
        FROM review_task t WHERE true
        """
      let from: SQL = position.map { " AND (t.urgent_at, t.case_id) > (\($0.urgentAt), \($0.caseID))" } ?? ""
      let order: SQL = " ORDER BY t.urgent_at, t.case_id LIMIT \(limit)"
      guard extent != .few else {
        // Fenced off: the planner would rather go through the queue, expecting to meet enough of them soon.
        let few: SQL = "SELECT * FROM (" + columns + conditions + from + " OFFSET 0) AS t"
        return try ReviewQueue.decode(tx.query(dynamic: few + order))
      }
      // The planner takes the cases of somebody who does not see all markets for few, and would sort them all.
      try tx.executeLater("SET LOCAL enable_sort = off")
      let rows = try tx.query(dynamic: columns + conditions + from + order)
      try tx.executeLater("SET LOCAL enable_sort = on")
      return try ReviewQueue.decode(rows)
    }

    /// What makes a task one of these.
    public func membership(_ tx: borrowing Transaction) throws -> Membership {
      guard extent == .few else { return Membership(condition: conditions, isFew: false) }
      let ids = try tx.query(dynamic: "SELECT t.case_id FROM review_task t WHERE true" + conditions)
        .map(CaseID.self) { $0 }
      return Membership(condition: " AND t.case_id = ANY (\(ids))", isFew: true)
    }

    /// How many there are; at `most` nobody counts on.
    /// - Parameter all: so many are in the queue, or `most`.
    public func count(upTo most: Int, among all: Int64 = .max, _ tx: borrowing Transaction) throws -> Int64 {
      if let counted, counted < manyMin || most <= manyMin { return min(counted, Int64(most)) }
      guard extent != .untold || all < most else { return Int64(most) }
      let part: SQL = "SELECT FROM review_task t WHERE true" + conditions + " LIMIT \(most)"
      // A bitmap is made of all that there are before the first of them is counted.
      if extent != .few { try tx.executeLater("SET LOCAL enable_bitmapscan = off") }
      let count = try tx.query(dynamic: "SELECT count(*) FROM (" + part + ") AS part").decode(row: 0, as: Int64.self)
      if extent != .few { try tx.executeLater("SET LOCAL enable_bitmapscan = on") }
      return count
    }
  }

  /// Of a task `t`.
  public struct Membership: Sendable {
    let condition: SQL
    /// They are known one by one.
    let isFew: Bool
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
    if !filter.markets.isEmpty { sql = sql + condition(filter.markets) }
    if let role = filter.role { sql = sql + " AND " + condition(role) }
    if let lane = filter.lane { sql = sql + " AND t.lane = \(lane.rawValue)" }
    if let state = filter.state { sql = sql + " AND t.state = \(state)" }
    if let kind = filter.kind { sql = sql + " AND " + condition(kind) }
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

  private static func condition(_ kind: RoutingReason.Kind) -> SQL {
    switch kind {
    case .tooVague: "'tooVague' = ANY (t.kinds)"
    case .noCandidate: "'noCandidate' = ANY (t.kinds)"
    case .lowConfidence: "'lowConfidence' = ANY (t.kinds)"
    case .belowAutoClear: "'belowAutoClear' = ANY (t.kinds)"
    case .finding: "'finding' = ANY (t.kinds)"
    case .trigger: "'trigger' = ANY (t.kinds)"
    case .missingField: "'missingField' = ANY (t.kinds)"
    case .screeningIncomplete: "'screeningIncomplete' = ANY (t.kinds)"
    case .dutyUnknown: "'dutyUnknown' = ANY (t.kinds)"
    case .fourEyes: "'fourEyes' = ANY (t.kinds)"
    case .clear: "'clear' = ANY (t.kinds)"
    }
  }

  /// One market's cases stand in their order in an index.
  static func condition(_ markets: [Market]) -> SQL {
    guard let market = markets.first, markets.count == 1 else {
      return " AND t.market = ANY (\(markets.map(\.code))::bpchar[])"
    }
    return " AND t.market = \(market.code)::bpchar"
  }
}

/// Words that a case is looked for by.
private struct Search {
  /// Of what is found more often, enough comes up by going through the queue in its order.
  private static let foundMax = ReviewQueue.manyMin
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
