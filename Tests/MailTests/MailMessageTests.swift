import Crypto
import Domain
import Testing

@testable import Mail

@Suite("A letter as it is written") struct MailMessageTests {
  private static let noon = Instant("2026-11-20T12:00:00Z")!

  private static func message(
    subject: String = "A new case", name: String = "Ana", text: String = "Hello\nAna\n"
  ) throws(MailMessage.Refusal) -> MailMessage {
    try MailMessage(
      from: .init(name: "Pabean", address: MailAddress("desk@pabean.example")!),
      to: .init(name: name, address: MailAddress("ana@acme.example")!), subject: subject, text: text, id: "n-1",
      at: noon, language: "th")
  }

  private static func lines(_ message: MailMessage) -> [String] {
    String(decoding: message.bytes, as: UTF8.self).components("\r\n")
  }

  @Test("has the headers of RFC 5322, and says that no person wrote it")
  func headers() throws {
    let lines = Self.lines(try Self.message())
    for line in [
      "From: Pabean <desk@pabean.example>", "To: Ana <ana@acme.example>", "Subject: A new case",
      "Date: Fri, 20 Nov 2026 12:00:00 +0000", "Message-ID: <n-1@pabean.example>", "Content-Language: th",
      "Auto-Submitted: auto-generated",
    ] { #expect(lines.contains(line), "\(line)") }
    let body = lines.drop { !$0.isEmpty }.joined()
    #expect(Base64.decode(body).map { String(decoding: $0, as: UTF8.self) } == "Hello\r\nAna\r\n")
  }

  @Test(
    "refuses a subject or a name that would begin a header of its own",
    arguments: ["\r\nBcc: x@y.example", "\n", "\u{0}", "\u{85}"])
  func injection(text: String) {
    #expect(throws: MailMessage.Refusal.controlCharacter(field: "Subject")) { try Self.message(subject: "A" + text) }
    #expect(throws: MailMessage.Refusal.controlCharacter(field: "To")) { try Self.message(name: "A" + text) }
  }

  @Test("encodes other scripts in words of at most 75 characters that cut no character in two")
  func scripts() throws {
    let subject = "คดีใหม่ความเสี่ยงสูงรอการตัดสินใจของคุณในสิงคโปร์และเวียดนาม 高风险案件等待您的决定"
    let lines = Self.lines(try Self.message(subject: subject, name: "Nguyễn, \"Anh\""))
    let start = try #require(lines.firstIndex { $0.hasPrefix("Subject: ") })
    let words = ([String(lines[start].dropFirst(9))] + lines[(start + 1)...].prefix { $0.hasPrefix(" ") })
      .map { $0.filter { $0 != " " } }
    #expect(words.count > 1 && words.allSatisfy { $0.utf8.count <= 75 && $0.utf8.allSatisfy { $0 < 0x80 } })
    let decoded = words.map { word in
      String(decoding: Base64.decode(String(word.dropFirst(10).dropLast(2))) ?? [], as: UTF8.self)
    }
    #expect(decoded.joined() == subject)
    #expect(decoded.allSatisfy { !$0.contains("\u{FFFD}") })
    #expect(lines.contains { $0.hasPrefix("To: =?UTF-8?B?") && $0.hasSuffix("?= <ana@acme.example>") })
    #expect(lines.allSatisfy { $0.utf8.count <= 998 })
  }

  @Test("a plain subject that looks encoded is encoded, so that it is read as it was meant")
  func lookalike() throws {
    let lines = Self.lines(try Self.message(subject: "=?UTF-8?B?QQ==?="))
    #expect(!lines.contains("Subject: =?UTF-8?B?QQ==?="))
  }

  @Test(
    "takes addresses that every server takes, and no other",
    arguments: [
      ("ana@acme.example", true), ("a.n+a@mail.acme.example", true), ("desk@localhost", true),
      ("ana@acme.example\r\nRCPT TO:<x@y.example>", false), ("<ana@acme.example>", false), ("ana", false),
      ("a b@acme.example", false), ("\"a\"@acme.example", false), ("ana@acme..example", false),
      ("ana@-x.example", false),
      (".ana@acme.example", false), ("ana@acme.example@x", false), ("áná@acme.example", false),
      ("@acme.example", false),
    ])
  func addresses(text: String, isTaken: Bool) {
    #expect((MailAddress(text) != nil) == isTaken)
  }

  @Test("reads the mail server's URL, and lets no password travel in the clear")
  func relays() throws {
    let relay = try #require(MailRelay("smtp://desk%40acme.example:p%3Aw%2Fd@mail.example"))
    #expect(relay.security == .startTLS && relay.port == 587 && relay.host == "mail.example")
    #expect(relay.credentials == .init(user: "desk@acme.example", password: "p:w/d"))
    #expect(!"\(relay)".contains("p:w") && !String(reflecting: relay).contains("p:w"))
    #expect(MailRelay("smtps://mail.example")?.port == 465)
    #expect(MailRelay("smtp+plain://localhost:2525")?.port == 2525)
    for url in [
      "smtp+plain://u:p@localhost", "http://mail.example", "smtp://mail.example/path", "smtp://u@mail.example",
      "smtp://u:p%0Aq@mail.example", "smtp://mail.example:0", "smtp://", "smtp://ma il.example", "smtp://a@b:c@d",
    ] { #expect(MailRelay(url) == nil, "\(url)") }
  }
}

extension String {
  fileprivate func components(_ separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
