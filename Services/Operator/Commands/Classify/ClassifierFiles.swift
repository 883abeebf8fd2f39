import ClassifierEngine
import WorkerRuntime

/// The classifier as this machine has it: no server, only the knowledge beside the program.
enum ClassifierFiles {
  static func model() throws -> ClassificationModel { ClassificationModel(knowledge: try knowledge().knowledge) }

  static func knowledge() throws -> (directory: String, knowledge: Knowledge) {
    let directory = try DataFolder(configured: try OperatorSettings.load().dataFolder).knowledge
    do {
      return (directory, try Knowledge.load(directory: directory))
    } catch let error as KnowledgeError {
      throw Failure("the knowledge cannot be read: \(error)")
    }
  }
}
