import Crypto
import Domain

/// The files `HS2017-HS2022.txt` and so on of a folder. A new edition is one more file.
enum EditionFiles {
  static func load(_ directory: String, codes: Set<HSCode>) throws -> (HSEditions?, version: String) {
    var correlations: [HSCorrelation] = []
    var read: [[UInt8]] = []
    for name in try TextFile.names(in: directory) {
      guard let (from, to) = HSCorrelationFile.editions(name: name) else {
        throw KnowledgeError(
          file: "\(directory)/\(name)", line: 0, reason: "is not named as the files here are, such as HS2017-HS2022.txt"
        )
      }
      let text = try TextFile.read("\(directory)/\(name)")
      do throws(HSCorrelationFile.FormatError) {
        correlations.append(try HSCorrelationFile.read(text, from: from, to: to))
      } catch {
        throw KnowledgeError(file: "\(directory)/\(name)", line: error.line, reason: error.reason)
      }
      read += [Array("\(name)\n".utf8), Array(text.utf8)]
    }
    do throws(HSEditions.GapError) {
      return (try HSEditions(correlations, codes: codes), SHA256.hash(chunks: read).hex)
    } catch {
      throw KnowledgeError(file: directory, line: 0, reason: error.description)
    }
  }
}
