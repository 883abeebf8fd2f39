/// The languages of the console.
public enum Language: String, Sendable, CaseIterable {
  case english = "en"
  case indonesian = "id"
  case malay = "ms"
  case thai = "th"
  case vietnamese = "vi"
  case chinese = "zh"

  /// As pages name it (BCP 47).
  public var tag: String { self == .chinese ? "zh-Hans" : rawValue }

  /// As those who speak it call it.
  public var ownName: String {
    switch self {
    case .english: "English"
    case .indonesian: "Bahasa Indonesia"
    case .malay: "Bahasa Melayu"
    case .thai: "ไทย"
    case .vietnamese: "Tiếng Việt"
    case .chinese: "简体中文"
    }
  }

  /// What the browser asks for (RFC 9110, 12.5.4): the best that there is, or English.
  public init(accepting header: String?) {
    var best: (language: Language, weight: Int)?
    for range in (header ?? "").split(separator: ",").prefix(20) {
      let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
      guard let primary = parts.first?.split(separator: "-").first.map(String.init),
        let language = Language(primary: primary)
      else { continue }
      let weight = Language.weight(parts.dropFirst().first { $0.hasPrefix("q=") }.map { String($0.dropFirst(2)) })
      if weight > (best?.weight ?? 0) { best = (language, weight) }
    }
    self = best?.language ?? .english
  }

  /// `in` is what Java programs still call Indonesian.
  private init?(primary: String) {
    if let language = Language(rawValue: primary == "in" ? "id" : primary) { self = language } else { return nil }
  }

  /// In thousandths.
  private static func weight(_ text: String?) -> Int {
    guard let text else { return 1000 }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = parts.first.flatMap({ Int($0) }), (0...1).contains(whole) else { return 0 }
    let digits = parts.count > 1 ? parts[1].prefix(3) : ""
    let padded = digits + String(repeating: "0", count: 3 - digits.count)
    return min(1000, whole * 1000 + (Int(padded) ?? 0))
  }
}
