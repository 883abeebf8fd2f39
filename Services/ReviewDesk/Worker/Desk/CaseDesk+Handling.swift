import Domain
import Postgres
import ReviewDeskEngine
import Store
import WorkerRuntime

/// Who has which case in hand, and how it is passed on.
extension CaseDesk {
  /// The case that this person has in hand already, or else the best that nobody has. Whoever asks at the same moment gets
  /// another.
  /// - Parameter part: of the queue, of which the case is to be.
  func next(_ call: Act, in part: QueueQuery = QueueQuery()) async throws -> StepOutcome? {
    let roles = call.reviewer.servedRoles
    guard call.reviewer.isPerson, roles?.isEmpty != true else {
      throw Refusal(.forbidden, "You decide no cases, so that none is next for you.")
    }
    let seeker = CaseClaims.Seeker(
      call.reviewer.actor, roles: roles?.sorted(), markets: call.principal.markets.sorted())
    let filter = ReviewQueue.Filter(part, for: call.principal, at: call.now)
    return try await pool.transaction(as: call.principal) { tx in
      var seeker = seeker
      if part.isFiltered { seeker.part = try ReviewQueue.part(filter, tx).membership(tx) }
      for _ in 0..<CaseDesk.racesMax {
        guard let id = try CaseDesk.candidate(for: seeker, at: call.now, tx) else { return nil }
        let (stored, file) = try CaseDesk.require(id, at: call.now, tx)
        guard let outcome = try CaseStep(stored: stored, file: file, call: call).take(tx) else { continue }
        try AuditLog.append(outcome.effects.audit, of: call.tenant, tx)
        return outcome
      }
      return nil
    }
  }

  /// What this person would be given after the case in hand, without giving it.
  func upcoming(
    besides id: CaseID, in part: QueueQuery, for principal: Principal, at now: Instant
  ) async throws -> CaseID? {
    let reviewer = Reviewer(principal)
    let roles = reviewer.servedRoles
    guard reviewer.isPerson, roles?.isEmpty != true else { return nil }
    var seeker = CaseClaims.Seeker(reviewer.actor, roles: roles?.sorted(), markets: principal.markets.sorted())
    seeker.besides = id
    let filter = ReviewQueue.Filter(part, for: principal, at: now)
    return try await pool.transaction(as: principal, readOnly: true) { [seeker] tx in
      var seeker = seeker
      if part.isFiltered { seeker.part = try ReviewQueue.part(filter, tx).membership(tx) }
      return try CaseClaims.findNext(for: seeker, isAssigned: true, locks: false, at: now, tx)
        ?? CaseClaims.findNext(for: seeker, isAssigned: false, locks: false, at: now, tx)
    }
  }

  /// Each lost race means that another got a case.
  private static let racesMax = 20

  private static func candidate(
    for seeker: CaseClaims.Seeker, at now: Instant, _ tx: borrowing Transaction
  ) throws -> CaseID? {
    if let held = try CaseClaims.held(by: seeker, at: now, tx) { return held }
    if let own = try CaseClaims.findNext(for: seeker, isAssigned: true, at: now, tx) { return own }
    return try CaseClaims.findNext(for: seeker, isAssigned: false, at: now, tx)
  }

  func take(_ id: CaseID, _ call: Act) async throws -> Act.Answer {
    try await once(call) { tx in
      let (stored, file) = try CaseDesk.require(id, at: call.now, tx)
      try HandlingRules(file, call.reviewer).requireTakeable()
      guard let outcome = try CaseStep(stored: stored, file: file, call: call).take(tx) else { throw CaseDesk.moved }
      return outcome
    }
  }

  func release(_ id: CaseID, _ call: Act) async throws -> Act.Answer {
    try await once(call) { tx in
      let (stored, file) = try CaseDesk.require(id, at: call.now, tx)
      try HandlingRules(file, call.reviewer).requireReleasable()
      return try CaseStep(stored: stored, file: file, call: call).release(tx)
    }
  }

  func handOn(_ id: CaseID, _ handOver: HandOver, _ call: Act) async throws -> Act.Answer {
    try await once(call) { tx in
      let (stored, file) = try CaseDesk.require(id, at: call.now, tx)
      try HandlingRules(file, call.reviewer).require(handOver, at: call.now)
      var colleague: People.Person?
      if case .assign(let email, _) = handOver {
        colleague = try CaseDesk.colleagues(for: file, tx).first { $0.email == email.lowercased() }
        guard colleague != nil else { throw CaseDesk.noSuchColleague }
      }
      return try CaseStep(stored: stored, file: file, call: call).handOn(handOver, to: colleague, tx)
    }
  }

  private static let noSuchColleague = Refusal(
    .unprocessable, "Nobody who may decide this case has this address.",
    [
      FieldFault(
        field: "/to", problem: "No such colleague, or without the role or the market.",
        remedy: "Name somebody who may decide the case.")
    ])

  /// Who may be given the case.
  static func colleagues(for file: CaseFile, _ tx: borrowing Transaction) throws -> [People.Person] {
    try People.list(tx).filter { listed in
      let person = listed.person
      let reviewer = Reviewer(actor: person.actor, isPerson: true, roles: Set(person.roles.map(\.rawValue)))
      return !listed.isDisabled && person.sees(file.market) && reviewer.mayDecide(for: file.roles)
    }.map(\.person)
  }

  func colleagues(for file: CaseFile, of principal: Principal) async throws -> [People.Person] {
    try await pool.transaction(as: principal, readOnly: true) { tx in
      try CaseDesk.colleagues(for: file, tx).filter { $0.actor != principal.actor }
    }
  }

  /// Looking at the case one has in hand keeps it in hand.
  func attend(_ id: CaseID, for principal: Principal, at now: Instant) async throws -> CaseFile {
    let file = try await pool.transaction(as: principal, readOnly: true) { tx in
      try CaseDesk.require(id, at: now, tx).file
    }
    guard let hold = file.handling.hold, hold.holder == principal.actor else { return file }
    return try await pool.transaction(as: principal) { tx in
      guard let claim = try CaseClaims.open([id], at: now, tx)[id], claim.holder == principal.actor else { return file }
      let until = min(now.adding(HandlingRules.lease), claim.since.adding(HandlingRules.renewedMax))
      if until > claim.until { try CaseClaims.renew(id, by: principal.actor, at: now, until: until, tx) }
      var file = file
      file.handling.hold?.until = max(until, claim.until)
      return file
    }
  }
}
