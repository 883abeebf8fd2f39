import Domain
import Postgres

/// Questions that a reviewer asked the supplier, and the answers.
public enum InformationRequests {
  public struct Request: Sendable {
    public var question: String
    public var askedBy: Actor
    public var askedAt: Instant
    public var answer: String?
    public var answeredAt: Instant?
  }

  public static func ask(
    _ question: String, about id: CaseID, by actor: Actor, at now: Instant, _ tx: borrowing Transaction
  )
    throws
  {
    try tx.execute(
      "INSERT INTO information_request (case_id, question, asked_by, asked_at) VALUES ($1, $2, $3, $4)", id, question,
      actor, now)
  }

  /// Answers what is open; several questions asked in a row are answered together.
  public static func answer(
    _ text: String, about id: CaseID, by actor: Actor, at now: Instant, _ tx: borrowing Transaction
  )
    throws -> Bool
  {
    try tx.execute(
      """
      UPDATE information_request SET answer = $2, answered_by = $3, answered_at = $4
      WHERE case_id = $1 AND answered_at IS NULL
      """, id, text, actor, now) > 0
  }

  public static func list(_ id: CaseID, _ tx: borrowing Transaction) throws -> [Request] {
    let rows = try tx.query(
      """
      SELECT question, asked_by, asked_at, answer, answered_at FROM information_request WHERE case_id = $1 ORDER BY id
      """, id)
    return try rows.map(String.self, Actor.self, Instant.self, String?.self, Instant?.self) {
      Request(question: $0, askedBy: $1, askedAt: $2, answer: $3, answeredAt: $4)
    }
  }
}
