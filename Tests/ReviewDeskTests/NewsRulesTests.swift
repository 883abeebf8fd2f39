import Domain
import JSON
import Testing

@testable import ReviewDeskEngine

@Suite("Who is told what") struct NewsRulesTests {
  private static let now = Instant("2026-11-20T10:07:00Z")!

  private static func news(
    _ happening: ReviewHappening, risk: Int = 50, by: Actor = .system("router"),
    _ details: [(String, JSONValue)] = []
  ) -> ReviewNews {
    ReviewNews(
      happening, sequence: 1, by: by, at: now, details: JSONObject(details),
      subject: ReviewNews.Subject(
        id: CaseID(UniqueID(high: 1, low: 1)), sku: "A-1", title: "A <b>shirt</b> & @channel\nmore", revision: 1,
        market: Market("SG")!, state: .awaitingDecision, lane: .manual, roles: [.broker, .finance], riskScore: risk,
        reason: "Vague."))
  }

  private static func reader(
    _ account: String, _ roles: Set<String>, wish: NoticeWish = .immediate, risk: Int64 = 70,
    seesMarket: Bool = true
  ) -> NoticeRules.Reader {
    NoticeRules.Reader(
      id: UniqueID(digest: Array(account.utf8) + Array(repeating: 0, count: 32)),
      reviewer: Reviewer(actor: .person(account), isPerson: true, roles: roles), seesMarket: seesMarket, wish: wish,
      risk: risk, digestHour: 0)
  }

  private static func due(
    _ news: ReviewNews, _ reader: NoticeRules.Reader, responsible: Actor? = nil
  ) -> NoticeRules.Due? {
    NoticeRules(news, responsible: responsible).due(among: [reader], at: now).first
  }

  @Test func `a new case is told to the roles it asks for, at once from the reader's risk on`() throws {
    let broker = Self.reader("ana", ["broker"])
    #expect(Self.due(Self.news(.held, risk: 70), broker)?.isDigest == false)
    let later = try #require(Self.due(Self.news(.held, risk: 69), broker))
    #expect(later.isDigest && later.at == Instant("2026-11-21T00:00:00Z"))
    for other in [
      Self.reader("leo", ["compliance-lead"]), Self.reader("adm", ["admin"]), Self.reader("aud", ["auditor"]),
      Self.reader("ana", ["broker"], wish: .none), Self.reader("fay", ["broker"], seesMarket: false),
    ] { #expect(Self.due(Self.news(.held, risk: 100), other) == nil) }
    #expect(Self.due(Self.news(.held, risk: 100), Self.reader("bea", ["finance"], wish: .digest))?.isDigest == true)
  }

  @Test func `what is given, escalated or answered is told at once to whom it concerns, and never to who did it`() {
    let given = Self.news(.assigned, by: .person("mei"), [("to", "person:ana")])
    #expect(Self.due(given, Self.reader("ana", ["broker"]))?.isDigest == false)
    #expect(Self.due(given, Self.reader("bea", ["broker"])) == nil)
    #expect(
      Self.due(Self.news(.assigned, by: .person("ana"), [("to", "person:ana")]), Self.reader("ana", ["broker"])) == nil)
    for happening in [ReviewHappening.escalated, .opinionsDiffer] {
      #expect(Self.due(Self.news(happening), Self.reader("leo", ["compliance-lead"]))?.isDigest == false)
      #expect(Self.due(Self.news(happening), Self.reader("ana", ["broker"])) == nil)
    }
    let answered = Self.news(.informationReceived, by: .person("lim"))
    #expect(Self.due(answered, Self.reader("ana", ["broker"]), responsible: .person("ana"))?.isDigest == false)
    #expect(Self.due(answered, Self.reader("bea", ["broker"]), responsible: .person("ana")) == nil)
    for happening in [
      ReviewHappening.claimed, .released, .decided, .superseded, .firstOpinion, .decisionGiven, .decisionUndone,
    ] { #expect(Self.due(Self.news(happening), Self.reader("ana", ["broker"])) == nil) }
  }

  @Test func `that a decision came to nothing is told to its giver alone, whatever became of the case`() {
    let dropped = Self.news(.decisionDropped, by: .person("ana"))
    #expect(Self.due(dropped, Self.reader("ana", ["broker"]))?.isDigest == false)
    #expect(Self.due(dropped, Self.reader("leo", ["compliance-lead", "admin"])) == nil)
    #expect(NoticeRules.isNeeded(.decisionDropped, of: .writtenBack))
    #expect(ChatMessage(dropped, risk: 100, link: nil)?.text.hasPrefix("A decision was dropped · ") == true)
  }

  @Test func `an undelivered outcome is told at once to who decided, and to administrators once a day`() {
    let failed = Self.news(.deliveryFailed, by: .system("writeback"), [("reason", "erp: HTTP 500.")])
    #expect(Self.due(failed, Self.reader("ana", ["broker"]), responsible: .person("ana"))?.isDigest == false)
    #expect(Self.due(failed, Self.reader("bea", ["broker"]), responsible: .person("ana")) == nil)
    #expect(Self.due(failed, Self.reader("adm", ["admin"]), responsible: .system("router"))?.isDigest == true)
    #expect(NoticeRules.isNeeded(.deliveryFailed, of: .undeliverable))
    #expect(!NoticeRules.isNeeded(.deliveryFailed, of: .writtenBack) && !NoticeRules.isNeeded(.held, of: .decided))
    #expect(ChatMessage(failed, risk: 100, link: nil)?.text.contains("erp: HTTP 500.") == true)
  }

  @Test func `the daily letter comes at the next hour of that name`() {
    for (hour, expected) in [
      (Int64(10), "2026-11-21T10:00:00Z"), (11, "2026-11-20T11:00:00Z"), (0, "2026-11-21T00:00:00Z"),
      (23, "2026-11-20T23:00:00Z"),
    ] { #expect(NoticeRules.nextDigest(after: Self.now, hour: hour) == Instant(expected)) }
  }

  @Test func `a chat hears of grave cases alone, and can be made to call nobody`() throws {
    #expect(ChatMessage(Self.news(.held, risk: 69), risk: 70, link: nil) == nil)
    #expect(ChatMessage(Self.news(.claimed, risk: 100), risk: 70, link: nil) == nil)
    let message = try #require(ChatMessage(Self.news(.held, risk: 70), risk: 70, link: "https://desk.example/cases/1"))
    #expect(
      message.text
        == "New case, risk 70 · A &lt;b&gt;shirt&lt;/b&gt; &amp; ＠channel more (A-1, SG) · Vague. · https://desk.example/cases/1"
    )
    #expect(
      ChatMessage(Self.news(.escalated, [("reason", "Odd.")]), risk: 100, link: nil)?.text.contains("Odd.") == true)
  }

  @Test func `a letter says what, why and where, in one line each whatever a seller wrote`() {
    let item = Letter.Item(.held, Self.news(.held, risk: 80).subject, link: "https://desk.example/cases/1")
    let letter = Letter(to: "Ana", [item], isDigest: false, language: .english, queue: nil)
    #expect(letter.subject == "A new case: A-1 (SG)")
    #expect(
      letter.text.contains(
        "A new case: A <b>shirt</b> & @channel more\nA-1, market SG, risk 80\nWhy it waits: Vague.\n"))
    let many = Letter(
      to: "Ana", Array(repeating: item, count: 60), isDigest: true, language: .indonesian,
      queue: "https://desk.example/queue")
    #expect(many.subject == "60 kasus menunggu Anda" && many.text.contains("Dan 10 lainnya."))
    #expect(Letter.oneLine("a\r\nb\u{2028}c\u{202E}d") == "a  b c d")
  }

  @Test func `phases and events have the names that the contract gives them`() {
    for happening in ReviewHappening.allCases {
      let news = Self.news(happening)
      let expected: ReviewNews.Phase =
        happening == .held ? .opened : [.decided, .superseded].contains(happening) ? .closed : .changed
      #expect(news.phase == expected)
    }
    let json = Self.news(.assigned, [("to", "person:ana")]).json(type: "t", link: nil)
    #expect(json["data"]?["to"] == "person:ana" && json["data"]?["why"] == "Vague." && json["data"]?["link"] == nil)
  }
}
