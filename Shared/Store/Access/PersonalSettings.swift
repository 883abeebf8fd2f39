import Domain
import Postgres

/// What a person sets for themselves.
public struct PersonalSettings: Hashable, Sendable {
  /// `auto` means as the browser asks.
  public var language: String
  public var notification: NoticeWish
  /// Of new cases, those from this risk on are told at once.
  public var noticeRisk: Int64
  /// When the daily letter is sent, in UTC.
  public var digestHour: Int64

  public init(language: String, notification: NoticeWish, noticeRisk: Int64, digestHour: Int64) {
    self.language = language
    self.notification = notification
    self.noticeRisk = noticeRisk
    self.digestHour = digestHour
  }

  /// Of everybody who is not disabled.
  public static func all(_ tx: borrowing Transaction) throws -> [UniqueID: PersonalSettings] {
    let rows = try tx.query(
      "SELECT id, language, notices, notice_risk, digest_hour FROM person WHERE disabled_at IS NULL")
    let pairs = try rows.map(UniqueID.self, String.self, NoticeWish.self, Int64.self, Int64.self) {
      ($0, PersonalSettings(language: $1, notification: $2, noticeRisk: $3, digestHour: $4))
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  public static func find(_ person: UniqueID, _ tx: borrowing Transaction) throws -> PersonalSettings? {
    try tx.query(
      "SELECT language, notices, notice_risk, digest_hour FROM person WHERE id = $1 AND disabled_at IS NULL", person
    )
    .first(String.self, NoticeWish.self, Int64.self, Int64.self)
    .map { PersonalSettings(language: $0.0, notification: $0.1, noticeRisk: $0.2, digestHour: $0.3) }
  }

  public func save(of person: UniqueID, _ tx: borrowing Transaction) throws {
    try tx.execute(
      "UPDATE person SET language = $2, notices = $3, notice_risk = $4, digest_hour = $5 WHERE id = $1", person,
      language, notification, noticeRisk, digestHour)
  }
}
