import Domain
import JSON

/// What a language model said when it was asked which of the candidates it would choose.
public struct SecondOpinion: Hashable, Sendable {
  /// nil: none of them.
  public var code: HSCode?
  public var reason: String
  public var model: String
  /// As the endpoint counts them, where it does.
  public var tokens: Int64

  public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    case notAnAnswer(String)
    /// It named a code that it was not asked about.
    case beyondTheCandidates(String)

    public var description: String {
      switch self {
      case .notAnAnswer(let why): "the answer cannot be read: \(why)"
      case .beyondTheCandidates(let code): "the answer names '\(code)', which is no candidate"
      }
    }
  }

  static let reasonLength = 400
  /// More than any endpoint reads and writes for one question: what it counts beyond that is a mistake.
  private static let tokensMost: Int64 = 1_000_000
  static let none = "none"

  /// - Parameter body: of the endpoint's answer, in the form of a chat completion.
  public init(body: [UInt8], to classification: Classification, model: String) throws(Failure) {
    guard let answer = try? JSONParser.parse(body) else { throw .notAnAnswer("it is not JSON") }
    guard let message = answer["choices"]?.arrayValue?.first?["message"] else {
      throw .notAnAnswer("it has no choices[0].message")
    }
    guard let content = message["content"]?.stringValue else { throw .notAnAnswer("the message has no content") }
    guard let choice = SecondOpinion.object(in: content) else { throw .notAnAnswer("its content is no JSON object") }
    guard let digits = choice["code"]?.stringValue else { throw .notAnAnswer("it names no code") }
    if digits != SecondOpinion.none {
      // Some write it with its dots.
      let wanted = HSCode(digits)
      guard let named = classification.candidates.first(where: { $0.code == wanted }) else {
        throw .beyondTheCandidates(SecondOpinion.plain(digits, length: 20))
      }
      code = named.code
    }
    reason = SecondOpinion.plain(choice["reason"]?.stringValue ?? "", length: SecondOpinion.reasonLength)
    guard !reason.isEmpty else { throw .notAnAnswer("it gives no reason") }
    self.model = model
    tokens = min(max(answer["usage"]?["total_tokens"]?.integerValue ?? 0, 0), SecondOpinion.tokensMost)
  }

  /// Models like to put a fence of backquotes around what they were asked for.
  private static func object(in content: String) -> JSONValue? {
    guard let open = content.firstIndex(of: "{"), let close = content.lastIndex(of: "}"), open < close,
      let value = try? JSONParser.parse(Array(content[open...close].utf8)), value.objectValue != nil
    else { return nil }
    return value
  }

  /// One line without control characters or marks that turn the direction of text.
  static func plain(_ text: String, length: Int) -> String {
    let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: " "
      default: scalar
      }
    }
    let words = String(String.UnicodeScalarView(scalars)).split(separator: " ")
    return String(words.joined(separator: " ").prefix(length))
  }
}

extension Classification {
  /// The opinion as evidence beside the candidate it names, or beside the best when it names none. It changes no
  /// confidence: what it says can inform a person and clear nothing.
  public func heeding(_ opinion: SecondOpinion) -> Classification {
    guard
      let place = opinion.code.map({ code in candidates.firstIndex { $0.code == code } }) ?? candidates.indices.first
    else { return self }
    let verdict = opinion.code == nil ? "would choose none of these" : "would choose this"
    var heeded = self
    heeded.candidates[place].evidence.append(
      ClassificationEvidence(
        kind: .secondOpinion, text: "A language model (\(opinion.model)) \(verdict): \(opinion.reason)",
        reference: opinion.model))
    return heeded
  }
}
