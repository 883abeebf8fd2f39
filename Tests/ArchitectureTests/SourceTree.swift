import FoundationEssentials
import JSON
import TestSupport

/// The package as its manifest declares it, and the sources as they are.
struct SourceTree: Sendable {
  struct Target: Sendable {
    var name: String
    var type: String
    var path: String
    var dependencies: Set<String>
    var files: [SourceFile]
  }

  let targets: [Target]

  private static let loading = Task { try await read() }

  /// Read once for all tests.
  static func load() async throws -> SourceTree { try await loading.value }

  private static func read() async throws -> SourceTree {
    // A scratch folder of its own: the manifest is read while the package's own build folder may be locked.
    let scratch = "/tmp/pabean-manifest-\(UInt32.random(in: 0 ... .max))"
    let result = try await Subprocess.run(
      "swift", ["package", "--package-path", Repository.root, "--scratch-path", scratch, "dump-package"])
    try? FileManager.default.removeItem(atPath: scratch)
    guard result.succeeded else { throw Failure(description: "\(result)") }
    let manifest = try JSONParser.parse(Array(result.stdout.utf8))
    return SourceTree(targets: try (manifest["targets"]?.arrayValue ?? []).map(Target.init))
  }

  struct Failure: Error { let description: String }

  func target(_ name: String) -> Target? { targets.first { $0.name == name } }

  var products: [Target] { targets.filter { $0.type != "test" && $0.type != "system" && !$0.path.hasPrefix("Tests/") } }
}

extension SourceTree.Target {
  init(_ json: JSONValue) throws {
    name = json["name"]?.stringValue ?? ""
    type = json["type"]?.stringValue ?? ""
    path = json["path"]?.stringValue ?? ""
    dependencies = Set(
      (json["dependencies"]?.arrayValue ?? []).compactMap { dependency in
        (dependency["byName"] ?? dependency["target"])?.arrayValue?.first?.stringValue
      })
    let excluded = (json["exclude"]?.arrayValue ?? []).compactMap(\.stringValue)
    let sources = json["sources"]?.arrayValue?.compactMap(\.stringValue)
    let root = path
    files = try SourceFile.all(under: root).filter { file in
      let inside = file.path.dropFirst(root.count + 1)
      let isExcluded = excluded.contains { inside == $0 || inside.hasPrefix("\($0)/") }
      let isSource = sources?.contains { inside == $0 || inside.hasPrefix("\($0)/") } ?? true
      return !isExcluded && isSource
    }
  }
}

struct SourceFile: Sendable {
  /// From the root of the repository.
  var path: String
  var text: String

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// What stands after `import`, whatever stands before it.
  var imports: Set<String> {
    Set(
      lines.compactMap { line in
        let words = line.split(separator: " ")
        guard let index = words.firstIndex(of: "import"), words.count > index + 1,
          words[..<index].allSatisfy({ $0.hasPrefix("@") || $0 == "public" || $0 == "internal" || $0 == "private" })
        else { return nil }
        // Programs in other languages stand in our sources as text; their modules begin with a small letter.
        let module = words[index + 1].prefix { $0 != "." }
        return module.first?.isUppercase == true ? String(module) : nil
      })
  }

  /// Without comments of whole lines.
  var code: [Substring] { lines.filter { !$0.drop { $0 == " " }.hasPrefix("//") } }

  static func all(under folder: String) throws -> [SourceFile] {
    let root = "\(Repository.root)/\(folder)"
    guard FileManager.default.fileExists(atPath: root) else { return [] }
    return try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".swift") }.sorted().map {
      SourceFile(path: "\(folder)/\($0)", text: try String(contentsOfFile: "\(root)/\($0)", encoding: .utf8))
    }
  }
}
