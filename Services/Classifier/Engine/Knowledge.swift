import Crypto
import Domain

/// What the classifier knows: the codes it can give, each with the words and listings that lead to it.
public struct Knowledge: Sendable {
  public let topics: [Topic]
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
    for file in files { topics += try ChapterFile.topics(file.text, file: file.name) }
    topics.sort { $0.code < $1.code }
    for (topic, next) in zip(topics, topics.dropFirst()) where topic.code == next.code {
      throw KnowledgeError(file: "\(topic.code.chapter).txt", line: 0, reason: "\(topic.code) stands twice")
    }
    self.topics = topics
    version =
      SHA256.hash(
        chunks: ([("words.txt", words)] + files).flatMap { [Array("\($0.name)\n".utf8), Array($0.text.utf8)] }
      ).hex
  }
}

/// One six-digit code, in our own words.
public struct Topic: Sendable, Hashable {
  /// How often sellers ship it; a weak prior, so that the common reading of a short title wins.
  public enum Frequency: String, Sendable, CaseIterable { case daily, common, rare }

  public var code: HSCode
  public var title: String
  public var frequency: Frequency
  /// What sellers call it, in any language.
  public var names: [String]
  /// What decides for this code, and where its look-alikes go.
  public var note: String
  /// Listings as sellers write them.
  public var examples: [String]
}

public struct KnowledgeError: Error, Hashable, Sendable, CustomStringConvertible {
  public var file: String
  public var line: Int
  public var reason: String

  public var description: String { line > 0 ? "\(file):\(line): \(reason)" : "\(file): \(reason)" }
}
