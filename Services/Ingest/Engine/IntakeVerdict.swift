import Domain

/// What intake makes of one submission: the thing in canonical form, or all that is wrong with it at once.
public struct IntakeVerdict<Subject: Sendable>: Sendable {
  public enum Outcome: Sendable {
    case accepted(Subject)
    case refused([ValidationIssue])
  }

  public var outcome: Outcome
  /// What the sender should know although it stops nothing: fields that were not understood, a title that says little.
  public var notices: [ValidationIssue]

  public init(_ outcome: Outcome, notices: [ValidationIssue] = []) {
    self.outcome = outcome
    self.notices = notices
  }

  public var accepted: Subject? {
    guard case .accepted(let subject) = outcome else { return nil }
    return subject
  }

  public var issues: [ValidationIssue] {
    guard case .refused(let issues) = outcome else { return [] }
    return issues
  }
}

extension IntakeVerdict: Equatable where Subject: Equatable {}
extension IntakeVerdict.Outcome: Equatable where Subject: Equatable {}

/// The issues and notices found so far.
struct IssueLog {
  private(set) var issues: [ValidationIssue] = []
  private(set) var notices: [ValidationIssue] = []

  /// A submission may be wrong in more places than anyone would read, and its report is stored.
  static let issuesMax = 100

  mutating func refuse(_ field: String, _ kind: ValidationIssue.Kind, _ problem: String, _ remedy: String) {
    guard issues.count < IssueLog.issuesMax else { return }
    issues.append(ValidationIssue(field: field, kind: kind, problem: problem, remedy: remedy))
  }

  mutating func notify(_ field: String, _ kind: ValidationIssue.Kind, _ problem: String, _ remedy: String) {
    guard notices.count < IssueLog.issuesMax else { return }
    notices.append(ValidationIssue(field: field, kind: kind, problem: problem, remedy: remedy))
  }

  func verdict<Subject: Sendable>(_ subject: Subject?) -> IntakeVerdict<Subject> {
    guard issues.isEmpty, let subject else { return IntakeVerdict(.refused(issues), notices: notices) }
    return IntakeVerdict(.accepted(subject), notices: notices)
  }
}
