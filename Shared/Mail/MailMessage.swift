import Crypto
import Domain

/// A letter in plain text, as RFC 5322 and MIME write it. Names and subject may be in any script; what would end a header
/// is refused.
public struct MailMessage: Hashable, Sendable {
  public struct Person: Hashable, Sendable {
    public var name: String
    public var address: MailAddress

    public init(name: String, address: MailAddress) {
      self.name = name
      self.address = address
    }
  }

  public enum Refusal: Error, Hashable, Sendable { case controlCharacter(field: String) }

  public let from: Person
  public let to: Person
  private let subject: String
  private let text: String
  /// The same on every attempt, so that a mail server that got the letter twice can tell.
  private let id: String
  private let date: Instant
  /// BCP 47.
  private let language: String

  public init(
    from: Person, to: Person, subject: String, text: String, id: String, at date: Instant, language: String
  ) throws(Refusal) {
    for (field, value) in [("From", from.name), ("To", to.name), ("Subject", subject), ("Message-ID", id)] {
      guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) }) else {
        throw .controlCharacter(field: field)
      }
    }
    self.from = from
    self.to = to
    self.subject = subject
    self.text = text
    self.id = id
    self.date = date
    self.language = language
  }

  public var bytes: [UInt8] {
    let headers = [
      "From: \(MailMessage.mailbox(from))", "To: \(MailMessage.mailbox(to))",
      "Subject: \(EncodedWord.header(subject))", "Date: \(MailMessage.date(date))",
      "Message-ID: <\(id)@\(from.address.host)>", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: base64", "Content-Language: \(language)",
      // No holiday greeting answers it (RFC 3834).
      "Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All",
    ]
    return Array((headers.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
  }

  /// In base 64, no line can be too long, begin with a dot, or lose its last blank.
  private var body: String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
    let encoded = Array(Base64.encode(Array(lines.utf8)).utf8)
    return stride(from: 0, to: encoded.count, by: 76).map { start in
      String(decoding: encoded[start..<min(start + 76, encoded.count)], as: UTF8.self) + "\r\n"
    }.joined()
  }

  private static func mailbox(_ person: Person) -> String {
    person.name.isEmpty ? "<\(person.address)>" : "\(EncodedWord.phrase(person.name)) <\(person.address)>"
  }

  /// `Fri, 20 Nov 2026 10:17:36 +0000`.
  static func date(_ instant: Instant) -> String {
    let (year, month, day) = instant.date.civil
    let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let weekday = weekdays[Int(((instant.date.daysSinceEpoch % 7) + 7) % 7)]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return "\(weekday), \(day) \(months[Int(month) - 1]) \(year) \(instant.description.dropFirst(11).prefix(8)) +0000"
  }
}
