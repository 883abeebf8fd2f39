extension Policy {
  /// What a new tenant begins with: cautious thresholds, a person's eyes on what is grave when it goes wrong, and on the first
  /// of each supplier and market.
  public static let starter = Policy(
    name: "starter",
    defaults: Settings(
      autoClearAt: Confidence(millionths: 900_000), suggestAt: Confidence(millionths: 500_000),
      requiredFields: ["origin", "unitValue"]),
    triggers: [
      Trigger(
        id: "arms-and-explosives", hsPrefixes: ["36", "93"], reason: "Arms, ammunition or explosives.",
        roles: [.complianceLead]),
      Trigger(
        id: "medicines", hsPrefixes: ["30"], reason: "Medicines and pharmaceutical goods.", roles: [.compliance]),
      Trigger(
        id: "alcohol-and-tobacco", hsPrefixes: ["2203", "2204", "2205", "2206", "2208", "24"],
        reason: "Alcohol or tobacco.", roles: [.compliance]),
      Trigger(
        id: "radioactive-or-toxic-materials", materials: ["asbestos", "mercury", "uranium", "lead"],
        reason: "A material that most authorities restrict.", roles: [.compliance]),
      Trigger(
        id: "high-value", valueAbove: Money(minorUnits: 100_000, currency: .usd),
        reason: "A value of more than 1,000 US dollars, or one in another currency.", roles: [.broker, .finance]),
      Trigger(
        id: "dangerous-goods", findings: ["*battery-over-100wh*", "*lighter*", "*fireworks*"],
        reason: "Dangerous goods in transport.", roles: [.logistics]),
      Trigger(
        id: "brands", findings: ["*counterfeit-wording*"], reason: "A brand's rights may be infringed.",
        roles: [.legal]),
      Trigger(
        id: "duty-exposure", dutyPercentAbove: 50, reason: "Duty of more than half the customs value.",
        roles: [.finance]),
      Trigger(
        id: "new-supplier", isNewSupplier: true,
        reason: "Nothing of this supplier has been cleared before, or no supplier is named."),
      Trigger(id: "new-market", isNewMarket: true, reason: "Nothing has been cleared for this market before."),
    ])

  /// The same where nothing is new: for trying out, and for tests of what else holds a case.
  public static let starterWithoutNovelty: Policy = {
    var policy = starter
    policy.triggers.removeAll { $0.isNewSupplier || $0.isNewMarket }
    return policy
  }()
}

extension CurrencyCode {
  public static let usd: CurrencyCode = {
    guard let code = CurrencyCode("USD") else { preconditionFailure("USD is a currency") }
    return code
  }()
}
