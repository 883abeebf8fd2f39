/// What a person may do at the review desk: one of the roles that cases are routed to, or one beside them.
public enum PersonRole: String, Sendable, CaseIterable {
  case broker, compliance, complianceLead = "compliance-lead", finance, logistics, legal
  /// Looks at everything and changes nothing.
  case auditor
  /// The tenant's own administrator.
  case admin
  /// Keeps the queue moving: sees everything, hands cases over, and decides none.
  case `operator`
}
