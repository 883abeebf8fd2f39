import Foundation

@testable import DocumentGenerationEngine

/// Reads a PDF back with programs that know nothing of how it was made.
enum Poppler {
  /// In the order in which the page was drawn.
  static func text(_ document: GeneratedDocument) throws -> String {
    try withFile(document) { try run("/usr/bin/pdftotext", ["-raw", $0, "-"]).output }
  }

  static func pages(_ document: GeneratedDocument) throws -> [String] {
    try text(document).split(separator: "\u{0C}").map(String.init)
  }

  static func properties(_ document: GeneratedDocument) throws -> String {
    try withFile(document) { try run("/usr/bin/pdfinfo", [$0]).output }
  }

  static func fonts(_ document: GeneratedDocument) throws -> [(name: String, isEmbedded: Bool)] {
    let table = try withFile(document) { try run("/usr/bin/pdffonts", [$0]).output }
    return table.split(separator: "\n").dropFirst(2).map { line in
      let words = line.split(separator: " ")
      return (String(words[0]), words[words.count - 5] == "yes")
    }
  }

  static func qpdfProblems(_ document: GeneratedDocument) throws -> (status: Int32, output: String) {
    try withFile(document) { try run("/usr/bin/qpdf", ["--check", $0]) }
  }

  static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  private static func withFile<R>(_ document: GeneratedDocument, _ body: (String) throws -> R) throws -> R {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).pdf").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(document.bytes).write(to: URL(fileURLWithPath: path))
    return try body(path)
  }
}
