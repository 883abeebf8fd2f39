import Domain

/// Someone who looks at cases, and what they may do to them.
public struct Reviewer: Hashable, Sendable {
  /// Sees everything, and decides wherever no control objects. What a control asks a role for, admin does not replace.
  public static let admin = PersonRole.admin.rawValue
  /// Sees everything and changes nothing; the only role that lets a machine in.
  public static let readOnly = "review"
  /// The same for a person.
  public static let auditor = PersonRole.auditor.rawValue
  /// Sees everything, hands cases over, and decides none.
  public static let queueKeeper = PersonRole.operator.rawValue

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
    return isPerson && roles.contains { PersonRole(rawValue: $0) != nil }
  }

  /// - Parameter wanted: the roles that the case was routed to.
  public func mayDecide(for wanted: [ReviewerRole]) -> Bool {
    isPerson && (roles.contains(Reviewer.admin) || answers(for: wanted))
  }

  /// Whether one of these roles, or the compliance lead's, is this person's own.
  public func answers(for wanted: [ReviewerRole]) -> Bool {
    isComplianceLead || (isPerson && !reviewerRoles.isDisjoint(with: wanted))
  }

  /// Whether this person hands over cases that others have in hand.
  public var keepsQueue: Bool {
    isPerson && (isComplianceLead || roles.contains(Reviewer.admin) || roles.contains(Reviewer.queueKeeper))
  }

  /// The roles whose cases are given to this person; nil means all.
  public var servedRoles: Set<ReviewerRole>? {
    isComplianceLead || (isPerson && roles.contains(Reviewer.admin)) ? nil : reviewerRoles
  }

  public var isComplianceLead: Bool { isPerson && reviewerRoles.contains(.complianceLead) }

  private var reviewerRoles: Set<ReviewerRole> { Set(roles.compactMap { ReviewerRole(rawValue: $0) }) }
}
