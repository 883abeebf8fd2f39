import Crypto
import Domain

/// What the classifier knows: the codes it can give, each with the words and listings that lead to it.
public struct Knowledge: Sendable {
  public let topics: [Topic]
  /// Chapters and headings, in the order of their codes.
  public let sections: [Section]
  public let words: WordLists
  /// SHA-256 over the files as read, so that a version names exactly one knowledge.
  public let version: String
  /// Fitted before; nil when it has to be fitted when the model is built.
  let calibration: Calibration?
  /// By which codes of other editions are read; nil where none were given.
  public private(set) var editions: HSEditions?
  /// SHA-256 over the files that the editions were read from; empty without them.
  private(set) var editionsVersion = ""

  /// Reads `words.txt`, `chapters/*.txt` in the order of their names, and `calibration.txt` where there is one.
  /// - Parameter nomenclature: the folder that says what became of the codes of each edition in the next; nil to know one
  ///   edition alone.
  public static func load(directory: String, nomenclature: String? = nil) throws -> Knowledge {
    let chapters = directory + "/chapters"
    let names = try TextFile.names(in: chapters).filter { $0.hasSuffix(".txt") }
    guard !names.isEmpty else { throw KnowledgeError(file: chapters, line: 0, reason: "holds no chapter files") }
    let files = try names.map { (name: $0, text: try TextFile.read(chapters + "/" + $0)) }
    let hasCalibration = try TextFile.names(in: directory).contains(CalibrationFile.name)
    var knowledge = try Knowledge(
      files: files, words: try TextFile.read(directory + "/words.txt"),
      brands: try TextFile.read(directory + "/brands.txt"),
      calibration: hasCalibration ? try TextFile.read("\(directory)/\(CalibrationFile.name)") : nil)
    if let nomenclature {
      (knowledge.editions, knowledge.editionsVersion) = try EditionFiles.load(
        nomenclature, codes: Set(knowledge.topics.map(\.code)))
    }
    return knowledge
  }

  /// - Parameter calibration: the text of `calibration.txt`.
  public init(files: [(name: String, text: String)], words: String, brands: String = "", calibration: String? = nil)
    throws
  {
    self.words = try WordLists(text: words, file: "words.txt")
    var topics: [Topic] = []
    var sections: [Section] = []
    for file in files {
      let chapter = try ChapterFile(file.text, file: file.name)
      topics += chapter.topics
      sections += chapter.sections
    }
    topics.sort { $0.code < $1.code }
    sections.sort { $0.code < $1.code }
    try Knowledge.refuseTwice(topics.map(\.code))
    try Knowledge.refuseTwice(sections.map(\.code))
    try Knowledge.add(brands, to: &topics)
    self.topics = topics
    self.sections = sections
    self.calibration = try calibration.flatMap { try CalibrationFile.read($0) }
    let others = calibration.map { [(CalibrationFile.name, $0)] } ?? []
    version =
      SHA256.hash(
        chunks: ([("words.txt", words), ("brands.txt", brands)] + others + files).flatMap {
          [Array("\($0.name)\n".utf8), Array($0.text.utf8)]
        }
      ).hex
  }

  /// Part of the knowledge: names and examples whose place passes. Titles stay.
  func keeping(_ isKept: (Int) -> Bool) -> Knowledge {
    var part = topics
    for topic in part.indices {
      part[topic].names = part[topic].names.indices.filter(isKept).map { part[topic].names[$0] }
      part[topic].examples = part[topic].examples.indices.filter(isKept).map { part[topic].examples[$0] }
    }
    return Knowledge(part, of: self)
  }

  init(_ part: [Topic], of whole: Knowledge) {
    (topics, sections, words, version, calibration) = (part, whole.sections, whole.words, whole.version, nil)
    (editions, editionsVersion) = (whole.editions, whole.editionsVersion)
  }

  /// The text of `calibration.txt` for this knowledge, fitted anew.
  public func fittedCalibration() -> String { CalibrationFile.text(Calibration(fitting: self), knowledge: version) }

  /// `code name; name` on each line: names that no chapter's author has to know. Codes not held are passed over.
  private static func add(_ brands: String, to topics: inout [Topic]) throws {
    let places = Dictionary(uniqueKeysWithValues: topics.enumerated().map { ($1.code.digits, $0) })
    for (number, line) in brands.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .enumerated()
    where !line.isEmpty && line.first != UInt8(ascii: "#") {
      let code = String(Substring(line.prefix(6)))
      guard HSCode(code)?.digits == code, line.dropFirst(6).first == UInt8(ascii: " ") else {
        throw KnowledgeError(file: "brands.txt", line: number + 1, reason: "does not start with a code of six digits")
      }
      guard let place = places[code] else { continue }
      let known = Set(topics[place].names)
      let names = line.dropFirst(7).split(separator: UInt8(ascii: ";")).map { name in
        String(Substring(name.drop { $0 == UInt8(ascii: " ") }))
      }
      topics[place].names += names.filter { !known.contains($0) }
    }
  }

  private static func refuseTwice(_ codes: [HSCode]) throws {
    for (code, next) in zip(codes, codes.dropFirst()) where code == next {
      throw KnowledgeError(file: "\(code.chapter).txt", line: 0, reason: "\(code) stands twice")
    }
  }
}

public struct KnowledgeError: Error, Hashable, Sendable, CustomStringConvertible {
  public var file: String
  public var line: Int
  public var reason: String

  public var description: String { line > 0 ? "\(file):\(line): \(reason)" : "\(file): \(reason)" }
}
