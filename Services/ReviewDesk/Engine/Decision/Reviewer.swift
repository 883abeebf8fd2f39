import Domain

/// Someone who looks at cases, and what they may do to them.
public struct Reviewer: Hashable, Sendable {
  /// Sees everything, and decides wherever no control objects. What a control asks a role for, admin does not replace.
  public static let admin = "admin"
  /// Sees everything and changes nothing; the only role that lets a machine in.
  public static let readOnly = "review"

  public var actor: Actor
  public var isPerson: Bool
  public var roles: Set<String>

  public init(actor: Actor, isPerson: Bool, roles: Set<String>) {
    self.actor = actor
    self.isPerson = isPerson
    self.roles = roles
  }

  public var mayRead: Bool {
    if roles.contains(Reviewer.readOnly) { return true }
    return isPerson && (roles.contains(Reviewer.admin) || !reviewerRoles.isEmpty)
  }

  /// - Parameter wanted: the roles that the case was routed to.
  public func mayDecide(for wanted: [ReviewerRole]) -> Bool {
    isPerson && (roles.contains(Reviewer.admin) || answers(for: wanted))
  }

  /// Whether one of these roles, or the compliance lead's, is this person's own.
  public func answers(for wanted: [ReviewerRole]) -> Bool {
    isComplianceLead || (isPerson && !reviewerRoles.isDisjoint(with: wanted))
  }

  public var isComplianceLead: Bool { isPerson && reviewerRoles.contains(.complianceLead) }

  private var reviewerRoles: Set<ReviewerRole> { Set(roles.compactMap { ReviewerRole(rawValue: $0) }) }
}
