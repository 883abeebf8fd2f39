import Domain
import FoundationEssentials
import JSON
import TestSupport
import Testing

@testable import ReviewDeskEngine

@Suite("The languages of the console") struct LanguageTests {
  private static let others = Language.allCases.filter { $0 != .english }

  private static func catalogue(_ language: Language) throws -> [String: String] {
    let path = "\(Repository.root)/Services/ReviewDesk/Languages/\(language.rawValue).json"
    let object = try #require(try JSONParser.parse(Array(try Data(contentsOf: URL(filePath: path)))).objectValue)
    return Dictionary(uniqueKeysWithValues: try object.members.map { ($0.key, try #require($0.value.stringValue)) })
  }

  private static func sources(_ folders: [String]) throws -> [(path: String, literals: [SourceLiterals.Literal])] {
    try folders.flatMap { folder in
      let root = "\(Repository.root)/Services/ReviewDesk/\(folder)"
      return try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".swift") }.map {
        ("\(folder)/\($0)", SourceLiterals.of(try String(contentsOf: URL(filePath: "\(root)/\($0)"), encoding: .utf8)))
      }
    }
  }

  @Test func `every language has the same phrases, each with the same places to fill`() throws {
    let places = { (text: String) in
      text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().map { String($0.prefix { $0 != "}" }) }
        .sorted()
    }
    let first = try Self.catalogue(.indonesian)
    #expect(first.count > 900)
    for language in Self.others {
      let catalogue = try Self.catalogue(language)
      #expect(Set(catalogue.keys) == Set(first.keys), "\(language)")
      for (key, words) in catalogue {
        #expect(!words.isEmpty && places(words) == places(key), "\(language): \(key)")
      }
    }
  }

  /// What is the same in a language as in English, on purpose: names of things, units, keys of the keyboard, and words that
  /// the language borrowed.
  private static let alike: [Language: Set<String>] = [
    .indonesian: [
      "Manual", "Median", "Model", "Status", "Status:", "administrator", "auditor", "manual", "operator",
    ],
    .malay: ["Manual", "Median", "Model", "Status", "Status:", "manual", "{0} min", "{0} s"],
  ]
  private static let alikeEverywhere: Set<String> = [
    "Ctrl Enter", "Escape", "GTIN", "SHA-256", "j, k", "{0} · Pabean",
  ]

  @Test func `nothing was left in English by accident`() throws {
    for language in Self.others {
      let same = Set(try Self.catalogue(language).filter { $0.key == $0.value }.keys)
      #expect(same == Self.alikeEverywhere.union(Self.alike[language] ?? []), "\(language)")
    }
  }

  /// What only programs are told, about requests that no page of ours sends.
  private static let forPrograms: Set<String> = [
    "A case stands here twice.", "Give a moment with its time zone, such as 2026-03-01T08:00:00Z.",
    "Give its caseId and expectedVersion, and nothing else.", "Give what the page before called next.",
    "It was held for a decision.", "List each case once.", "List the cases of the preview.",
    "A decision was dropped", "New case, risk {0}", "Not delivered", "Send true or false.",
    "Send {…} with what the queue can be asked for.", "Send {…} with {0}.",
    "The Idempotency-Key cannot be used for this.", "The filter cannot be read.", "There is no member '{0}' here.",
    "This is no case.", "This is no filter.", "This is no list of 1 to {0} cases.",
    "This is not a whole number above 0.",
    "This is not an object.", "This is not text.", "This is not true or false.", "Use me.",
    "Use text for {0}, and a number for hours.", "Use {0}.", "Write it in quotation marks.",
  ]

  /// Whatever a person reads on a page, in a letter or in a refusal is written as a literal in these folders.
  @Test func `no phrase of the pages and letters is missing from the catalogue, and none is kept for nothing`() throws {
    let known = try Self.catalogue(.thai)
    var used: Set<String> = []
    for (path, literals) in try Self.sources(["Engine", "Worker"]) {
      used.formUnion(literals.map(\.key))
      for literal in literals where Self.isForPeople(literal, in: path) && !Self.forPrograms.contains(literal.key) {
        #expect(known[literal.key] != nil, "\(path): \"\(literal.key)\" is in no catalogue")
      }
    }
    let unsaid = known.keys.filter { !used.contains($0) }.sorted()
    #expect(unsaid == [], "nobody says these any more")
    #expect(Self.forPrograms.subtracting(used) == [], "nobody says these any more")
  }

  /// Text is what somebody wrote, and an attribute with a text is no words: both would be English in every language.
  @Test func `no words of ours stand on a page as text`() throws {
    let asText = [".text(", "\"aria-label\", ", "\"placeholder\", ", "\"title\", ", "\"alt\", "]
    let others = ["reader.text(", "Drawing.text("]
    for (path, literals) in try Self.sources(["Engine"]) {
      for literal in literals where asText.contains(where: literal.context.hasSuffix) {
        let isText = !others.contains(where: literal.context.hasSuffix)
        let letters = literal.key.filter { $0.isASCII && $0.isLetter }
        #expect(!isText || letters.count < 2, "\(path): \"\(literal.key)\" stands as text")
      }
    }
  }

  private static func isForPeople(_ literal: SourceLiterals.Literal, in path: String) -> Bool {
    guard path.hasPrefix("Engine/") else {
      let refusals = [
        "Refusal(.conflict, ", "Refusal(.forbidden, ", "Refusal(.malformed, ", "Refusal(.unprocessable, ",
      ]
      let forOperators = [
        "Worker/API/Problem+Desk.swift", "Worker/News/DeskSettings.swift", "Worker/SignIn/ProviderSettings.swift",
      ]
      let isFault = !forOperators.contains(path)
      let isRemedy = literal.context.hasSuffix("problem: ") || literal.context.hasSuffix("remedy: ")
      return refusals.contains { literal.context.hasSuffix($0) } || literal.context.hasSuffix(": Phrase = ")
        || (isFault && isRemedy) || literal.context.hasSuffix("FaultPage(title: ")
    }
    // What a provider of sign-in did wrong is said in the log alone.
    if path.hasPrefix("Engine/SignIn/Provider/") { return false }
    return !path.hasPrefix("Engine/Language/") && !path.hasPrefix("Engine/HTML/") && isProse(literal)
  }

  /// Words with a blank between them, or a capital: not a class, an attribute or an address.
  private static func isProse(_ literal: SourceLiterals.Literal) -> Bool {
    let exempt = [
      "HTML.text(", ".class(", "\"content\", ", "case ", ".isOverdue(at: now) ? ", "style: ",
      "faults.isEmpty ? \"text-hint\" : ",
    ]
    if exempt.contains(where: literal.context.hasSuffix) { return false }
    let bare = literal.key.split(separator: "{").enumerated()
      .map { $0.offset == 0 && !literal.key.hasPrefix("{") ? $0.element : $0.element.drop { $0 != "}" }.dropFirst() }
      .joined()
    let hasLetters = bare.contains { $0.isASCII && $0.isLetter }
    guard hasLetters, !literal.key.hasPrefix("/"), !bare.contains("="), !bare.hasPrefix("p-") else { return false }
    return bare.contains(" ") || bare.first?.isUppercase == true
  }

  @Test(arguments: others)
  func `what the stages say, and the page for many cases, is in the reader's language`(language: Language) throws {
    let reviewer = Reviewer(actor: .person("mei"), isPerson: true, roles: ["broker"])
    let visitor = Visitor(
      account: "mei", tenant: "acme", isSandbox: false, formToken: "t", reviewer: reviewer, language: language)
    let query = try QueueQuery([("q", "cable")])
    let page = BulkPage(.form, of: query, visitor, now: Instant(microseconds: 0)).html.source
    for english in ["Approve its best", "Override with", ">Reject<", ">Reason<", "Cases with", "Documents, where"] {
      #expect(!page.contains(english), "\(english)")
    }
    for text in [
      "Confidence 0.812 is below the 0.900 needed to clear without a person.", "Alcohol or tobacco.",
      "The duty estimate for 8526.92 is incomplete.", "The supplier answered: Cotton: 100 %.",
      "Thailand declares 8 digits: national digits to be confirmed among 6912.00.00.",
    ] {
      let words = try #require(StageWords.known(text)?.text(in: language))
      #expect(words != text, "\(words)")
      if text.contains("0.812") {
        let share = [.indonesian, .vietnamese].contains(language) ? "81,2 %" : "81.2 %"
        #expect(words.contains(share) && words.contains("90 %") && !words.contains("0.9"), "\(words)")
      }
    }
    #expect(StageWords.seen("2106.90 at 0.276")?.english == "2106.90 at 27 %")
    for other in ["2106.90 at noon", "at 0.2", "fixed at 7.5", "0.276"] { #expect(StageWords.seen(other) == nil) }
    #expect(StageWords.known("Gum is banned.") == nil)
  }

  @Test func `a phrase is filled in the order of its language, and what nobody translated is said in English`() {
    let minutes: Phrase = "\(5) more minutes"
    let phrase: Phrase = "\("Mei") has this case in hand for \(minutes)."
    #expect(phrase.text(in: .english) == "Mei has this case in hand for 5 more minutes.")
    #expect(phrase.text(in: .chinese) == "Mei正在处理此案件，还有 5 分钟。")
    let fresh: Phrase = "Nobody has translated \("{0}") yet"
    #expect(fresh.text(in: .thai) == "Nobody has translated {0} yet")
    #expect(Phrase.verbatim("Approve").text(in: .thai) == "Approve")
  }

  @Test func `dates, numbers and amounts are written as each language writes them`() throws {
    let at = try #require(Instant("2026-11-20T10:07:00Z"))
    let phrase: Phrase = "\(at)"
    let price: Phrase = "\(Money(minorUnits: 123_456_789, currency: .usd))"
    let count: Phrase = "\(1_234_567)"
    let share: Phrase = "\(Decimal(12_345, scale: 1)) %"
    let day: Phrase = "\(day: at.date)"
    let expected: [(Language, String, String, String, String, String)] = [
      (.english, "20 Nov 2026, 10:07 UTC", "USD 1,234,567.89", "1,234,567", "1,234.5 %", "20 Nov"),
      (.indonesian, "20 Nov 2026 10.07 UTC", "USD 1.234.567,89", "1.234.567", "1.234,5 %", "20 Nov"),
      (.malay, "20 Nov 2026, 10:07 UTC", "USD 1,234,567.89", "1,234,567", "1,234.5 %", "20 Nov"),
      (.thai, "20 พ.ย. 2569 10:07 UTC", "USD 1,234,567.89", "1,234,567", "1,234.5 %", "20 พ.ย."),
      (.vietnamese, "20/11/2026 10:07 UTC", "1.234.567,89 USD", "1.234.567", "1.234,5 %", "20/11"),
      (.chinese, "2026年11月20日 10:07 UTC", "USD 1,234,567.89", "1,234,567", "1,234.5 %", "11月20日"),
    ]
    for (language, date, amount, number, percent, short) in expected {
      #expect(phrase.text(in: language) == date)
      #expect(price.text(in: language) == amount)
      #expect(count.text(in: language) == number)
      #expect(share.text(in: language) == percent)
      #expect(day.text(in: language) == short)
    }
    #expect((("\(-999)") as Phrase).text(in: .english) == "−999")
  }

  @Test(
    arguments: [
      (nil, Language.english), ("vi", .vietnamese), ("zh-TW,zh;q=0.9,en;q=0.8", .chinese),
      ("fr-CH, fr;q=0.9, ms;q=0.5", .malay),
      ("en;q=0.5, th", .thai), ("in-ID", .indonesian), ("id;q=0", .english), ("*", .english),
      ("th;q=x, vi;q=0.1", .vietnamese),
      (";;;,,q=1", .english), ("EN-us", .english),
    ] as [(String?, Language)])
  func `the browser's wish is understood`(header: String?, language: Language) {
    #expect(Language(accepting: header) == language)
  }

  @Test func `a page is in its reader's language, and what rules say is marked as English`() {
    let reviewer = Reviewer(actor: .person("mai"), isPerson: true, roles: ["broker"])
    let visitor = Visitor(
      account: "Mai", tenant: "acme", isSandbox: false, formToken: "t", reviewer: reviewer, language: .vietnamese)
    var entry = QueueEntry(
      caseID: CaseID(UniqueID(high: 1, low: 2)), market: Market("VN")!, sku: "A", title: "Approve",
      state: .awaitingDecision, lane: .manual, roles: [.broker], riskScore: 71, reason: "The description is vague.",
      code: nil, openedAt: Instant(microseconds: 0), clock: ReviewClock(dueAt: Instant(microseconds: 1)))
    entry.handling.assignment = .init(person: .person("x"), name: "X")
    let page = QueuePage(entries: [entry], query: QueueQuery(), next: nil, matchingCount: 1, waitingCount: 1)
    let html = String(
      decoding: QueuePageView(page, visitor, now: Instant(microseconds: 0)).html.document, as: UTF8.self)
    #expect(html.contains("<html lang=\"vi\">") && html.contains("<title>Hàng chờ · Pabean</title>"))
    #expect(html.contains(">Approve</a>") && html.contains("giao cho X") && html.contains("đại lý hải quan"))
    #expect(html.contains("<span lang=\"en\" dir=\"auto\">The description is vague.</span>"))
    #expect(html.contains("aria-label=\"Hàng chờ\"") && html.contains(">tất cả</option>"))
  }
}
