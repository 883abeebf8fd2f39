import Domain

/// What a person set for themselves, and what others set for them.
public struct Account: Hashable, Sendable {
  public var email: String
  public var roles: [PersonRole]
  /// Empty means all.
  public var markets: [Market]
  /// nil is as the browser asks.
  public var language: Language?
  public var wish: NoticeWish
  /// New cases are urgent from here on.
  public var risk: Int64
  /// In UTC.
  public var digestHour: Int64

  public init(
    email: String, roles: [PersonRole], markets: [Market], language: Language?, wish: NoticeWish, risk: Int64,
    digestHour: Int64
  ) {
    self.email = email
    self.roles = roles
    self.markets = markets
    self.language = language
    self.wish = wish
    self.risk = risk
    self.digestHour = digestHour
  }

  /// As the account page sends it; nil where no page of ours would.
  public func changed(by form: FormFields) -> Account? {
    guard let language = form["language"], language == "auto" || Language(rawValue: language) != nil,
      let wish = form["letters"].flatMap({ NoticeWish(rawValue: $0) }),
      let risk = form["risk"].flatMap({ Int64($0) }), (0...100).contains(risk),
      let hour = form["hour"].flatMap({ Int64($0) }), (0..<24).contains(hour)
    else { return nil }
    var changed = self
    changed.language = Language(rawValue: language)
    changed.wish = wish
    changed.risk = risk
    changed.digestHour = hour
    return changed
  }
}

extension PersonRole {
  var words: Phrase {
    switch self {
    case .broker: "broker"
    case .compliance: "compliance"
    case .complianceLead: "compliance lead"
    case .finance: "finance"
    case .logistics: "logistics"
    case .legal: "legal"
    case .auditor: "auditor"
    case .admin: "administrator"
    case .operator: "operator"
    }
  }
}
