import Contracts
import Crypto
import Domain
import JSON
import Observability
import Postgres
import ReviewDeskEngine
import Store
import WorkerRuntime

/// Tells what happened to waiting cases: each event becomes deliveries to the destinations that follow reviews, and notices
/// to the people it concerns, in the transaction that takes the event away. Write-back carries the deliveries. Any number
/// of desks may run it.
struct NewsDesk: Sendable {
  let pool: PostgresPool
  let publicAddress: String?
  /// Whether letters are written at all.
  let writesLetters: Bool
  let told: Counter
  let log: Log

  static let interval = Duration.seconds(1)
  private static let batchMax = 200
  private static let keptFor = Duration.seconds(30 * 86_400)

  func run() async {
    await Round("news of reviews", log).run {
      try await tellAll(at: SystemClock.now()) ? .zero : NewsDesk.interval
    }
  }

  /// - Returns: whether there may be more.
  func tellAll(at now: Instant) async throws -> Bool {
    let tenants = try await pool.transaction(readOnly: true) { tx in try UntoldNews.tenants(tx) }
    var hasMore = false
    for tenant in tenants {
      let count = try await pool.transaction(as: tenant) { tx in try tell(of: tenant, at: now, tx) }
      told.increment(by: Double(count))
      if count == NewsDesk.batchMax { hasMore = true }
    }
    return hasMore
  }

  private func tell(of tenant: TenantID, at now: Instant, _ tx: borrowing Transaction) throws -> Int {
    let events = try UntoldNews.take(limit: NewsDesk.batchMax, tx)
    guard !events.isEmpty else { return 0 }
    let subjects = try CaseSubjects.load(Set(events.map(\.caseID)), tx)
    let news = events.compactMap { event in subjects[event.caseID].flatMap { ReviewNews(event, $0) } }
    try DeliveryStore.forgetReviews(before: now.adding(.zero - NewsDesk.keptFor), limit: 2 * NewsDesk.batchMax, tx)
    try DeliveryStore.save(try deliveries(of: news, at: now, tx), tx)
    if writesLetters { try Notices.add(try notices(of: news, at: now, tx), tx) }
    return events.count
  }

  // MARK: Systems

  private func deliveries(of news: [ReviewNews], at now: Instant, _ tx: borrowing Transaction) throws
    -> [StoredDelivery]
  {
    let destinations = try DeliveryStore.destinationsOfReviews(tx)
    return news.flatMap { news in
      destinations.compactMap { destination in
        payload(of: news, for: destination).map { delivery(of: news, $0, to: destination, at: now) }
      }
    }
  }

  private func payload(of news: ReviewNews, for destination: Destination) -> JSONValue? {
    guard destination.config["format"]?.stringValue == "chat" else {
      return news.json(type: news.type.rawValue, link: link(news.subject.id))
    }
    let risk = destination.config["risk"]?.integerValue ?? ChatMessage.usualRisk
    return ChatMessage(news, risk: risk, link: link(news.subject.id))?.json
  }

  /// Every event is a stream of its own: none supersedes another.
  private func delivery(
    of news: ReviewNews, _ payload: JSONValue, to destination: Destination, at now: Instant
  ) -> StoredDelivery {
    let event = news.messageID.value
    return StoredDelivery(
      id: DerivedID.delivery(event, destination: destination.name, sequence: news.sequence),
      destination: destination.name, subjectKind: "review", subject: event, stream: "review/\(event)",
      sequence: news.sequence, payload: payload.bytes, state: destination.isDryRun ? .dryRun : .pending, attempts: 0,
      nextAttemptAt: destination.isDryRun ? nil : now, lastStatus: nil, lastError: nil, createdAt: now,
      deliveredAt: destination.isDryRun ? now : nil)
  }

  private func link(_ id: CaseID) -> String? { publicAddress.map { "\($0)/cases/\(id)" } }

  // MARK: People

  private func notices(of news: [ReviewNews], at now: Instant, _ tx: borrowing Transaction) throws -> [Notices.Notice] {
    let settings = try PersonalSettings.all(tx)
    let people = try People.list(tx).filter { !$0.isDisabled }.map(\.person)
    return try news.flatMap { news in
      let readers = people.compactMap { person in
        settings[person.id].map { NoticeRules.Reader(person, $0, sees: person.sees(news.subject.market)) }
      }
      let responsible = try responsible(for: news, tx)
      return NoticeRules(news, responsible: responsible).due(among: readers, at: now).map { due in
        Notices.Notice(
          id: DerivedID.notice(news.messageID, to: due.reader), personID: due.reader, caseID: news.subject.id,
          what: news.happening, happenedAt: news.at, isDigest: due.isDigest, dueAt: due.at)
      }
    }
  }

  private func responsible(for news: ReviewNews, _ tx: borrowing Transaction) throws -> Actor? {
    let id = news.subject.id
    return switch news.happening {
    case .informationReceived: try InformationRequests.list(id, tx).last?.askedBy
    case .deliveryFailed: try DecisionStore.latest([id], tx)[id]?.decidedBy
    default: nil
    }
  }
}

extension ReviewNews {
  init?(_ event: UntoldNews.Event, _ subject: Subject) {
    // What cleared by itself never waited, so that nobody outside has heard of it.
    if event.what == .superseded, subject.lane == nil || subject.lane == .auto { return nil }
    self.init(
      event.what, sequence: event.sequence, by: event.actor, at: event.at, details: event.data, subject: subject)
  }

  var type: EventType {
    switch phase {
    case .opened: .reviewOpened
    case .changed: .reviewChanged
    case .closed: .reviewClosed
    }
  }

  var messageID: MessageID { DerivedID.message(type, subject.id.description, ordinal: sequence) }
}

extension NoticeRules.Reader {
  init(_ person: People.Person, _ settings: PersonalSettings, sees: Bool) {
    self.init(
      id: person.id,
      reviewer: Reviewer(actor: person.actor, isPerson: true, roles: Set(person.roles.map(\.rawValue))),
      seesMarket: sees, wish: settings.notification, risk: settings.noticeRisk, digestHour: settings.digestHour)
  }
}
