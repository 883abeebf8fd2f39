import ClassifierEngine
import Domain

/// The real knowledge and the model built from it, once for all tests.
enum SharedModel {
  private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/")
  static let directory = root + "/Services/Classifier/Knowledge"
  static let nomenclature = root + "/Shared/ReferenceData/nomenclature"

  static let knowledge: Knowledge = {
    do { return try Knowledge.load(directory: directory, nomenclature: nomenclature) } catch { fatalError("\(error)") }
  }()

  /// Every twentieth, for what is checked code by code.
  static let someTopics = knowledge.topics.indices.filter { $0 % 20 == 0 }.map { knowledge.topics[$0] }

  /// The real knowledge of some chapters alone: quick to build.
  static func knowledge(ofChapters chapters: [String]) throws -> Knowledge {
    try Knowledge(
      files: chapters.map { (name: "\($0).txt", text: try SharedData.read("\(directory)/chapters/\($0).txt")) },
      words: try SharedData.read("\(directory)/words.txt"),
      calibration: try SharedData.read("\(directory)/calibration.txt"))
  }

  static let model = ClassificationModel(knowledge: knowledge)
  static let singapore = Market("SG")!

  static func product(_ title: String, category: String = "") -> Product {
    LabelledListings.product(title: title, category: category, market: singapore)
  }

  static func classify(_ title: String, category: String = "") -> Classification {
    model.classify(product(title, category: category), market: singapore)
  }
}
