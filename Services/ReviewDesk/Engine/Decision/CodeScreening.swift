import Domain

/// What the market's rules say of a code that a person chose and the stages did not screen.
public struct CodeScreening: Hashable, Sendable {
  public var code: HSCode
  public var findings: [Finding]
  public var packVersion: String

  public init(code: HSCode, findings: [Finding], packVersion: String) {
    self.code = code
    self.findings = findings
    self.packVersion = packVersion
  }
}
