import Domain

/// Something that speaks against clearing a case without the people it names: a finding, or a trigger of the policy.
public struct Control: Hashable, Sendable {
  /// One plain sentence.
  public var text: String
  /// Any one of them, or the compliance lead, answers for it.
  public var roles: [ReviewerRole]

  init(_ finding: Finding) { self.init(finding.summary, finding.roles) }

  init(_ trigger: Trigger) { self.init(trigger.reason, trigger.roles) }

  private init(_ text: String, _ roles: [ReviewerRole]) {
    self.text = text
    self.roles = roles.isEmpty ? [.broker] : roles
  }
}
