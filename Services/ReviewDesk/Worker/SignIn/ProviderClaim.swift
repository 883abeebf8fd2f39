import Domain
import Postgres
import ReviewDeskEngine
import Store

/// Whom a provider's word is about: the person whom its subject was bound to at the first sign-in, or else, by an address
/// that the provider has verified, the one whom it is to be bound to now.
struct ProviderClaim: Sendable {
  let identity: Identity
  let claimant: People.Claimant
  private let isBound: Bool

  /// Before any tenant is entered; nil where nobody is meant. Nobody is added for having signed in elsewhere.
  init?(_ identity: Identity, _ tx: borrowing Transaction) throws {
    self.identity = identity
    if let bound = try PersonIdentities.claimant(issuer: identity.issuer, subject: identity.subject, tx) {
      (claimant, isBound) = (bound, true)
    } else if let email = identity.email, email.utf8.count <= 254, let found = try People.claimant(email: email, tx) {
      (claimant, isBound) = (found, false)
    } else {
      return nil
    }
  }

  /// Why this person does not come in, as the audit log says it.
  func objection(isLocked: Bool, _ tx: borrowing Transaction) throws -> String? {
    if claimant.isDisabled { return "disabled" }
    if isLocked { return "locked" }
    if isBound { return nil }
    guard identity.isEmailVerified else { return "the provider has not verified the address" }
    let known = try PersonIdentities.subject(of: claimant.id, issuer: identity.issuer, tx)
    return known == nil || known == identity.subject ? nil : "bound to another account of the provider"
  }

  /// - Returns: whether it was bound now.
  func bind(at now: Instant, _ tx: borrowing Transaction) throws -> Bool {
    if isBound { return false }
    return try PersonIdentities.bind(
      claimant.id, issuer: identity.issuer, subject: identity.subject, at: now, tx)
  }
}
