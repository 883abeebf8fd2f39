import ClassifierEngine
import WorkerRuntime

/// The classifier as this machine has it: no server, only the knowledge beside the program.
enum ClassifierFiles {
  static func model() throws -> ClassificationModel { ClassificationModel(knowledge: try knowledge().knowledge) }

  static func knowledge() throws -> (directory: String, knowledge: Knowledge) {
    let data = try DataFolder(configured: try OperatorSettings.load().dataFolder)
    do {
      return (data.knowledge, try Knowledge.load(directory: data.knowledge, nomenclature: data.nomenclature))
    } catch let error as KnowledgeError {
      throw Failure("the knowledge cannot be read: \(error)")
    }
  }
}
