import Domain
import JSON

/// What a team's chat is told: grave cases alone, in a form that Slack, Mattermost, Rocket.Chat and Google Chat take.
public struct ChatMessage: Hashable, Sendable {
  public static let usualRisk: Int64 = 70

  public let text: String

  /// nil where there is nothing that a team must know at once.
  /// - Parameter risk: new cases are told from here on.
  public init?(_ news: ReviewNews, risk: Int64, link: String?) {
    let lead: String
    switch news.happening {
    case .held where news.subject.riskScore >= risk: lead = "New case, risk \(news.subject.riskScore)"
    case .escalated: lead = "Escalated"
    case .opinionsDiffer: lead = "Two people decided differently"
    case .decisionDropped: lead = "A decision was dropped"
    case .deliveryFailed: lead = "Not delivered"
    default: return nil
    }
    let why = news.details["reason"]?.stringValue ?? news.subject.reason ?? ""
    let product = "\(news.subject.title) (\(news.subject.sku), \(news.subject.market.code))"
    let parts = [lead, product, why, link ?? ""].filter { !$0.isEmpty }
    text = ChatMessage.harmless(parts.joined(separator: " · "))
  }

  public var json: JSONValue { ["text": .string(text)] }

  /// In angle brackets, chats take commands such as calling everybody; and line breaks could look like another message.
  private static func harmless(_ text: String) -> String {
    text.prefix(1000).reduce(into: "") { harmless, character in
      switch character {
      case "&": harmless += "&amp;"
      case "<": harmless += "&lt;"
      case ">": harmless += "&gt;"
      // Full width, which calls nobody.
      case "@": harmless += "＠"
      default: harmless.append(character.isNewline ? " " : character)
      }
    }
  }
}
