import Domain
import Mail
import Observability
import Postgres
import ReviewDeskEngine
import Store
import WorkerRuntime

/// Sends people their notices, several in one letter. Each is sent at most once: before a letter is handed over its notices
/// are marked, and a process that dies then leaves them marked.
struct LetterRoom: Sendable {
  let pool: PostgresPool
  let sender: MailSender
  let from: MailAddress
  let publicAddress: String?
  let letters: Counter
  let log: Log

  private static let interval = Duration.seconds(1)
  private static let readersMax = 50
  private static let noticesMax = 500
  /// Longer than handing over a letter can take.
  static let lostAfter = Duration.seconds(300)
  private static let keptAfterEnd = Duration.seconds(90 * 86_400)
  /// After attempts that failed, two days in all.
  private static let pauses: [Duration] = [
    .seconds(60), .seconds(300), .seconds(1800), .seconds(7200), .seconds(21_600), .seconds(43_200), .seconds(86_400),
  ]

  func run() async {
    await Round("letters", log).run {
      try await sendDue(at: SystemClock.now()) == LetterRoom.readersMax ? .zero : LetterRoom.interval
    }
  }

  /// - Returns: how many people had their turn.
  func sendDue(at now: Instant) async throws -> Int {
    let lost = now.adding(.zero - LetterRoom.lostAfter)
    let readers = try await pool.transaction(readOnly: true) { tx in
      try Notices.readers(at: now, sendingSince: lost, limit: LetterRoom.readersMax, tx)
    }
    for (tenant, person) in readers {
      if Task.isCancelled { break }
      try await serve(person, of: tenant)
    }
    return readers.count
  }

  private struct Draft: Sendable {
    var message: MailMessage?
    var fault: String?
    var notices: [Notices.Notice]
    var ids: [UniqueID] { notices.map(\.id) }
  }

  private func serve(_ person: UniqueID, of tenant: TenantID) async throws {
    let draft = try await pool.transaction(as: tenant) { tx in try begin(person, at: SystemClock.now(), tx) }
    guard let draft else { return }
    guard let message = draft.message else {
      return try await settle(draft, of: tenant, .refused(draft.fault ?? "it cannot be written"))
    }
    FaultPoint.reach(.beforePublish)
    // Not given up on the way out: what is half said is not known to have been said.
    let outcome = await Task { [sender] in await sender.send(message) }.value
    FaultPoint.reach(.beforeAck)
    try await settle(draft, of: tenant, outcome)
  }

  /// Takes what is due, leaves out what nobody needs to know any more, and writes the letter.
  private func begin(_ person: UniqueID, at now: Instant, _ tx: borrowing Transaction) throws -> Draft? {
    let lost = try Notices.giveUpLost(sendingSince: now.adding(.zero - LetterRoom.lostAfter), at: now, tx)
    if lost > 0 { log.warning("letters may or may not have been sent", ["notices": .integer(lost)]) }
    try Notices.forget(before: now.adding(.zero - LetterRoom.keptAfterEnd), limit: 100, tx)
    let due = try Notices.begin(for: person, at: now, limit: LetterRoom.noticesMax, tx)
    guard !due.isEmpty else { return nil }
    guard let reader = try People.find(id: person, tx), let settings = try PersonalSettings.find(person, tx),
      settings.notification != .none
    else {
      try Notices.end(due.map(\.id), as: .moot, at: now, tx)
      return nil
    }
    let subjects = try CaseSubjects.load(Set(due.map(\.caseID)), tx)
    let (needed, moot) = due.reduce(into: ([Notices.Notice](), [UniqueID]())) { parts, notice in
      let isNeeded = subjects[notice.caseID].map { NoticeRules.isNeeded(notice.what, of: $0.state) } ?? false
      if isNeeded, reader.sees(subjects[notice.caseID]?.market) {
        parts.0.append(notice)
      } else {
        parts.1.append(notice.id)
      }
    }
    try Notices.end(moot, as: .moot, at: now, tx)
    return needed.isEmpty ? nil : draft(needed, subjects, to: reader, settings, at: now)
  }

  private func draft(
    _ notices: [Notices.Notice], _ subjects: [CaseID: ReviewNews.Subject], to reader: People.Person,
    _ settings: PersonalSettings, at now: Instant
  ) -> Draft {
    // Of what happened to a case, the last is what its reader needs to know.
    let latest = Dictionary(notices.map { ($0.caseID, $0) }) { $1 }.values
    let items = latest.compactMap { notice -> Letter.Item? in
      guard let subject = subjects[notice.caseID] else { return nil }
      return Letter.Item(notice.what, subject, link: publicAddress.map { "\($0)/cases/\(notice.caseID)" })
    }.sorted { ($1.subject.riskScore, $0.subject.sku) < ($0.subject.riskScore, $1.subject.sku) }
    let letter = Letter(
      to: reader.name, items, isDigest: notices.allSatisfy(\.isDigest),
      language: Language(rawValue: settings.language) ?? .english, queue: publicAddress.map { "\($0)/queue" })
    guard let address = MailAddress(reader.email) else {
      return Draft(message: nil, fault: "the address is none that mail servers take", notices: notices)
    }
    do throws(MailMessage.Refusal) {
      let message = try MailMessage(
        from: MailMessage.Person(name: "Pabean", address: from),
        to: MailMessage.Person(name: Letter.oneLine(reader.name), address: address), subject: letter.subject,
        text: letter.text, id: notices[0].id.description, at: now, language: letter.language.tag)
      return Draft(message: message, notices: notices)
    } catch {
      return Draft(message: nil, fault: "\(error)", notices: notices)
    }
  }

  private func settle(_ draft: Draft, of tenant: TenantID, _ outcome: MailSender.Outcome) async throws {
    let now = SystemClock.now()
    let attempts = Int(draft.notices.map(\.attempts).max() ?? 1)
    // What was said counts, even when this process is told to stop.
    try await Task { [pool] in
      try await pool.transaction(as: tenant) { tx in
        switch outcome {
        case .accepted: try Notices.end(draft.ids, as: .sent, at: now, tx)
        case .refused(let why): try Notices.end(draft.ids, as: .refused, because: why, at: now, tx)
        case .uncertain(let why): try Notices.end(draft.ids, as: .unknown, because: why, at: now, tx)
        case .notSent(let why) where attempts > LetterRoom.pauses.count:
          try Notices.end(draft.ids, as: .refused, because: why, at: now, tx)
        case .notSent(let why):
          try Notices.postpone(draft.ids, until: now.adding(LetterRoom.pauses[attempts - 1]), because: why, tx)
        }
      }
    }.value
    record(outcome)
  }

  private func record(_ outcome: MailSender.Outcome) {
    switch outcome {
    case .accepted: letters.increment("sent")
    case .refused(let why): report("refused", why)
    case .uncertain(let why): report("unknown", why)
    case .notSent(let why): report("postponed", why)
    }
  }

  private func report(_ outcome: String, _ why: String) {
    letters.increment(outcome)
    log.warning("a letter was not sent, or may not have been", ["outcome": .string(outcome), "why": .string(why)])
  }
}

extension People.Person {
  fileprivate func sees(_ market: Market?) -> Bool { market.map { sees($0) } ?? false }
}
