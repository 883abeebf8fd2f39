import ClassifierEngine
import Domain

/// The real knowledge and the model built from it, once for all tests.
enum SharedModel {
  static let directory: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    return parts.joined(separator: "/") + "/Services/Classifier/Knowledge"
  }()

  static let knowledge: Knowledge = {
    do { return try Knowledge.load(directory: directory) } catch { fatalError("\(error)") }
  }()

  static let model = ClassificationModel(knowledge: knowledge)
  static let singapore = Market("SG")!

  static func product(_ title: String, category: String = "") -> Product {
    LabelledListings.product(title: title, category: category, market: singapore)
  }

  static func classify(_ title: String, category: String = "") -> Classification {
    model.classify(product(title, category: category), market: singapore, precedents: [])
  }
}
