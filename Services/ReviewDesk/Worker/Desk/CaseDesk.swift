import ComplianceScreeningEngine
import Domain
import JSON
import Observability
import PartyLists
import Postgres
import ReviewDeskEngine
import Store
import WorkerRuntime

/// What the desk reads and changes. API and console both come through here, so that one rule holds for both.
struct CaseDesk: Sendable {
  let pool: PostgresPool
  private let controls: ControlsInForce
  private let codes: KnownCodes
  let dispatch: BackgroundDispatch

  init(pool: PostgresPool, controls: ControlsInForce, codes: KnownCodes, dispatch: BackgroundDispatch) {
    self.pool = pool
    self.controls = controls
    self.codes = codes
    self.dispatch = dispatch
  }

  // MARK: Reading

  func queue(_ query: QueueQuery, for principal: Principal, at now: Instant) async throws -> QueuePage {
    let filter = ReviewQueue.Filter(query, for: principal, at: now)
    let position = query.cursor.map { ReviewQueue.Position(urgentAt: $0.urgentAt, caseID: $0.caseID) }
    return try await pool.transaction(as: principal, readOnly: true) { tx in
      let part = try ReviewQueue.part(filter, tx)
      let tasks = try part.list(after: position, limit: query.limit + 1, tx)
      let shown = tasks.prefix(query.limit)
      let claims = try CaseClaims.open(shown.map(\.caseID), at: now, tx)
      let arrangements = try CaseArrangements.load(shown.map(\.caseID), tx)
      let entries = shown.map { task in
        var entry = QueueEntry(task)
        entry.handling = CaseHandling(claims[task.caseID], arrangements[task.caseID])
        return entry
      }
      let last = tasks.count > query.limit ? shown.last : nil
      let waiting = try ReviewQueue.part(.all(for: principal), tx).count(upTo: QueuePage.countMax, tx)
      return QueuePage(
        entries: entries, query: query,
        next: last.map { QueueCursor(urgentAt: $0.urgentAt ?? $0.openedAt, caseID: $0.caseID) },
        matchingCount: query.isFiltered ? try part.count(upTo: QueuePage.countMax, among: waiting, tx) : waiting,
        waitingCount: waiting)
    }
  }

  func file(_ id: CaseID, for principal: Principal, at now: Instant) async throws -> CaseFile? {
    try await pool.transaction(as: principal, isolation: .repeatableRead, readOnly: true) { tx in
      try CaseFileReader.readWhole(id, at: now, tx)
    }
  }

  func document(_ id: DocumentID, for principal: Principal) async throws -> StoredDocument? {
    try await pool.transaction(as: principal, readOnly: true) { tx in try DocumentStore.find(id, tx) }
  }

  func policy(for principal: Principal) async throws -> PolicyStore.Active? {
    try await pool.transaction(as: principal, readOnly: true) { tx in try PolicyStore.active(tx) }
  }

  // MARK: Changing

  func decide(_ id: CaseID, _ request: DecisionRequest, _ call: Act) async throws -> Act.Answer {
    let isListed = try await isListed(request.code)
    return try await once(call) { tx in
      let (step, ruling) = try judge(id, request, isListed: isListed, call, tx)
      let waits = step.file.undoTime > .zero && ruling.canBeUndone
      guard let outcome = try waits ? step.postpone(request, tx) : step.carryOut(ruling, tx) else {
        throw CaseDesk.moved
      }
      return outcome
    }
  }

  /// Whether the Harmonised System has the code; nothing asked for is no fault.
  func isListed(_ code: HSCode?) async throws -> Bool {
    guard let code else { return true }
    return try await codes.has(code)
  }

  func judge(
    _ id: CaseID, _ request: DecisionRequest, isListed: Bool, _ call: Act, _ tx: borrowing Transaction
  ) throws -> (CaseStep, Ruling) {
    let (stored, found) = try CaseDesk.require(id, at: call.now, tx)
    var file = found
    file.unknownCode = isListed ? nil : try request.code.flatMap { try national($0, file.market, tx) ? nil : $0 }
    file.codeScreening = try CodeScreener(file, controls).screen(request, of: stored, on: call.now.date, tx)
    let ruling = try DecisionRules(file, call.reviewer).rule(request)
    return (CaseStep(stored: stored, file: file, call: call), ruling)
  }

  /// Markets have chapters of their own, such as 98.
  private func national(_ code: HSCode, _ market: Market, _ tx: borrowing Transaction) throws -> Bool {
    guard let schedule = try controls.tariffs.library(tx).schedule(market), let six = HSCode(code.subheading) else {
      return false
    }
    return !schedule.lines(of: six).isEmpty
  }

  func answer(_ id: CaseID, _ request: AnswerRequest, _ call: Act) async throws -> Act.Answer {
    try await once(call) { tx in
      let (stored, file) = try CaseDesk.require(id, at: call.now, tx)
      try DecisionRules(file, call.reviewer).accept(request)
      guard let outcome = try CaseStep(stored: stored, file: file, call: call).takeAnswer(request.answer, tx) else {
        throw CaseDesk.moved
      }
      return outcome
    }
  }

  static let moved = Refusal(.conflict, "The case is changing right now. Look at it again.")

  static func require(
    _ id: CaseID, at now: Instant, _ tx: borrowing Transaction
  ) throws -> (stored: StoredCase, file: CaseFile) {
    guard let found = try CaseFileReader.read(id, at: now, tx) else { throw NoSuchCase() }
    return found
  }

  /// Effect, audit, outbox and the answer for repetitions in one transaction; the messages are sent after it. All reads
  /// see one moment, so that a case is never judged by its old state and its new decision. Whoever loses a race for a
  /// case runs again and is judged by what the winner left.
  func once(_ call: Act, _ work: @Sendable (borrowing Transaction) throws -> StepOutcome) async throws
    -> Act.Answer
  {
    let (answer, outbox) = try await pool.transaction(as: call.principal, isolation: .repeatableRead) { tx in
      if let key = call.idempotencyKey, let first = try key.firstAnswer(tx) { return (first, [Outbox.Stored]()) }
      let outcome = try work(tx)
      try AuditLog.append(outcome.effects.audit, of: call.tenant, tx)
      let outbox = try Outbox.append(outcome.effects.messages, at: call.now, tx)
      let answer = Act.Answer(body: outcome.json.bytes)
      try call.idempotencyKey?.keep(answer, at: call.now, tx)
      return (answer, outbox)
    }
    dispatch.send(outbox, of: call.tenant)
    return answer
  }
}

/// The tenant has none by this id, whatever others have.
struct NoSuchCase: Error {}

extension ReviewQueue.Filter {
  /// Somebody who does not see all markets sees no others anyway; said once more, it is looked for and not left out.
  static func all(for principal: Principal) -> ReviewQueue.Filter {
    var filter = ReviewQueue.Filter()
    filter.markets = principal.markets.sorted()
    return filter
  }

  init(_ query: QueueQuery, for principal: Principal, at now: Instant) {
    self = .all(for: principal)
    text = query.text
    if let market = query.market { markets = [market] }
    role = query.role
    lane = query.lane
    state = query.state.flatMap { ReviewTasks.Task.State(rawValue: $0.rawValue) }
    kind = query.kind
    chapter = query.chapter
    assignedTo = query.isMine ? principal.actor : nil
    openedBefore = query.hours.map { now.adding(.zero - .seconds($0 * 3600)) }
  }
}
