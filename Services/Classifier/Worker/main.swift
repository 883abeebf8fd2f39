import ClassifierEngine
import Configuration
import Observability
import WorkerRuntime

await ServiceProcess(name: "pabean-classifier").run({ reader in
  reader.optional("PABEAN_DATA", .string, "the folder of reference data and knowledge")
}) { context, dataFolder in
  let data = try DataFolder(configured: dataFolder)
  let model = ClassificationModel(knowledge: try Knowledge.load(directory: data.knowledge))
  context.log.notice("model built", ["model": .string(model.version)])
  return try StageWorker.service(ClassifierHandler(model: model, log: context.log), context)
}
