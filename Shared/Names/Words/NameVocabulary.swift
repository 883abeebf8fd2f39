/// The words that are known beforehand: what they weigh and which of them are one name.
struct NameVocabulary: Sendable {
  static let standard = NameVocabulary()

  let titles: Set<[UInt8]>
  let particles: Set<[UInt8]>
  let common: Set<[UInt8]>
  let places: Set<[UInt8]>
  let forms: FormPhrases
  let nativeForms: [[Unicode.Scalar]]
  private let families: [[UInt8]: [UInt16]]

  private init() {
    titles = NameVocabulary.words(PackageResources.titles_txt)
    particles = NameVocabulary.words(PackageResources.particles_txt)
    common = NameVocabulary.words(PackageResources.common_txt)
    places = NameVocabulary.words(PackageResources.places_txt)
    forms = FormPhrases(NameVocabulary.lines(PackageResources.forms_txt))
    nativeForms = NameVocabulary.lines(PackageResources.native_forms_txt)
      .flatMap { $0.split(separator: " ") }.map { Array($0.unicodeScalars) }
      .sorted { $0.count > $1.count }
    var families: [[UInt8]: [UInt16]] = [:]
    for (number, line) in NameVocabulary.lines(PackageResources.nicknames_txt).enumerated() {
      for word in line.split(separator: " ") { families[Array(word.utf8), default: []].append(UInt16(number)) }
    }
    self.families = families
  }

  /// The names that a word is a form of; `sasha` is of two.
  func families(of word: [UInt8]) -> [UInt16] { families[word] ?? [] }

  private static func words(_ file: [UInt8]) -> Set<[UInt8]> {
    Set(lines(file).flatMap { $0.split(separator: " ") }.map { Array($0.utf8) })
  }

  private static func lines(_ file: [UInt8]) -> [Substring] {
    String(decoding: file, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
  }
}
