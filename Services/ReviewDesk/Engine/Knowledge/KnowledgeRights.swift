import Domain

/// Who may change what the desk decides by. Everybody who is signed in may read it.
public struct KnowledgeRights: Sendable {
  private let reviewer: Reviewer

  public init(_ reviewer: Reviewer) { self.reviewer = reviewer }

  /// Whoever answers for what the classifier learns.
  public var mayKeepPrecedents: Bool { holds([.broker, .compliance, .complianceLead]) }

  public var mayDraft: Bool { holds([.compliance, .complianceLead, .admin]) }

  public var mayActivate: Bool { holds([.complianceLead, .admin]) }

  /// Whoever knows which cases are gold is not tried by them.
  public var maySeeGold: Bool { mayActivate || holds([.auditor]) || reviewer.roles.contains(Reviewer.readOnly) }

  public func requireSeeingGold() throws(Refusal) {
    guard maySeeGold else {
      throw Refusal(.forbidden, "Gold cases are shown to the compliance lead, administrators and auditors.")
    }
  }

  public func requireGold() throws(Refusal) {
    guard mayActivate else {
      throw Refusal(.forbidden, "Gold cases are kept by the compliance lead or an administrator.")
    }
  }

  public func requireKeepingPrecedents() throws(Refusal) {
    guard mayKeepPrecedents else {
      throw Refusal(.forbidden, "Precedents are kept by brokers, compliance and the compliance lead.")
    }
  }

  public func requireSecondLooks() throws(Refusal) {
    guard mayKeepPrecedents else {
      throw Refusal(.forbidden, "Second looks are taken by brokers, compliance and the compliance lead.")
    }
  }

  public func requireDrafting() throws(Refusal) {
    guard mayDraft else {
      throw Refusal(.forbidden, "Drafts are written by compliance, the compliance lead or an administrator.")
    }
  }

  /// Nobody puts into force what they wrote themselves; what was in force before was looked at by two people then.
  public func requireActivating(_ version: RulesVersion, inForce: Int64?) throws(Refusal) {
    guard mayActivate else {
      throw Refusal(.forbidden, "Versions are put into force by the compliance lead or an administrator.")
    }
    guard version.number != inForce else { throw Refusal(.conflict, "This version is in force already.") }
    guard version.wasInForce || version.createdBy != reviewer.actor else {
      throw Refusal(.forbidden, "You wrote this version. Somebody else has to put it into force.")
    }
  }

  private func holds(_ roles: [PersonRole]) -> Bool {
    reviewer.isPerson && roles.contains { reviewer.roles.contains($0.rawValue) }
  }
}
