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

  /// Reads `words.txt` and `chapters/*.txt` under the directory, in the order of their names.
  public static func load(directory: String) throws -> Knowledge {
    let chapters = directory + "/chapters"
    let names = try TextFile.names(in: chapters).filter { $0.hasSuffix(".txt") }
    guard !names.isEmpty else { throw KnowledgeError(file: chapters, line: 0, reason: "holds no chapter files") }
    let files = try names.map { (name: $0, text: try TextFile.read(chapters + "/" + $0)) }
    return try Knowledge(files: files, words: try TextFile.read(directory + "/words.txt"))
  }

  public init(files: [(name: String, text: String)], words: String) throws {
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
    self.topics = topics
    self.sections = sections
    version =
      SHA256.hash(
        chunks: ([("words.txt", words)] + files).flatMap { [Array("\($0.name)\n".utf8), Array($0.text.utf8)] }
      ).hex
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
