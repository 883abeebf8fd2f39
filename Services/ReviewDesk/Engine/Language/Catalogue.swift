import JSON

/// What every phrase is in every language: `Languages/<language>.json`, by the English words. The tests hold the files
/// against the pages and against each other, so that none lacks a phrase.
public enum Catalogue {
  /// nil when there is none, or the language is English.
  static func words(for key: String, in language: Language) -> String? {
    switch language {
    case .english: nil
    case .indonesian: indonesian[key]
    case .malay: malay[key]
    case .thai: thai[key]
    case .vietnamese: vietnamese[key]
    case .chinese: chinese[key]
    }
  }

  private static let indonesian = read(PackageResources.id_json)
  private static let malay = read(PackageResources.ms_json)
  private static let thai = read(PackageResources.th_json)
  private static let vietnamese = read(PackageResources.vi_json)
  private static let chinese = read(PackageResources.zh_json)

  /// The files are part of the program and the tests read them: one that cannot be read never gets here.
  private static func read(_ bytes: [UInt8]) -> [String: String] {
    guard let object = try? JSONParser.parse(bytes).objectValue else { preconditionFailure("a catalogue is no JSON") }
    return Dictionary(
      uniqueKeysWithValues: object.members.compactMap { member in member.value.stringValue.map { (member.key, $0) } })
  }
}
