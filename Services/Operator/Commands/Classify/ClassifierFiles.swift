import ClassifierEngine
import WorkerRuntime

/// The classifier as this machine has it: no server, only the knowledge beside the program.
enum ClassifierFiles {
  static func model() throws -> ClassificationModel {
    do {
      let settings = try OperatorSettings.load()
      return ClassificationModel(
        knowledge: try Knowledge.load(directory: try DataFolder(configured: settings.dataFolder).knowledge))
    } catch let error as KnowledgeError {
      throw Failure("the knowledge cannot be read: \(error)")
    }
  }
}
