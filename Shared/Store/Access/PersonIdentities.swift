import Domain
import Postgres

/// Whom a provider of sign-in means by its subject. Bound at the first sign-in by a verified address; from then on the address
/// says nothing any more, for the provider may give it to another.
public enum PersonIdentities {
  /// Before any tenant is entered.
  public static func claimant(issuer: String, subject: String, _ tx: borrowing Transaction) throws -> People.Claimant? {
    let rows = try tx.query("SELECT tenant, id, is_disabled FROM find_person_by_identity($1, $2)", issuer, subject)
    return try rows.first(TenantID.self, UniqueID.self, Bool.self)
      .map { People.Claimant(tenant: $0.0, id: $0.1, password: nil, isDisabled: $0.2) }
  }

  public static func subject(of person: UniqueID, issuer: String, _ tx: borrowing Transaction) throws -> String? {
    try tx.query("SELECT subject FROM person_identity WHERE person_id = $1 AND issuer = $2", person, issuer)
      .first(String.self)
  }

  /// - Returns: false where it was bound already.
  public static func bind(
    _ person: UniqueID, issuer: String, subject: String, at now: Instant, _ tx: borrowing Transaction
  ) throws -> Bool {
    try tx.execute(
      """
      INSERT INTO person_identity (person_id, issuer, subject, bound_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT DO NOTHING
      """, person, issuer, subject, now) == 1
  }

  /// - Returns: how many accounts the person was bound to.
  public static func release(_ person: UniqueID, _ tx: borrowing Transaction) throws -> Int {
    try tx.execute("DELETE FROM person_identity WHERE person_id = $1", person)
  }
}
