import Domain
import JSON

/// A tenant's own rules as a person wrote them.
enum OwnRulesFile {
  static func read(_ path: String) throws -> OwnRules {
    let bytes = try LocalFile.read(path)
    do throws(JSONError) {
      return try OwnRules(json: JSONCursor(try JSONParser.parse(bytes)))
    } catch {
      throw Failure("\(path) cannot be used: \(error.description)", remedy: "correct it there and try again")
    }
  }
}
