import CLinux
import ClassifierEngine
import Configuration
import HTTP
import Observability
import WorkerRuntime

await ServiceProcess(name: "pabean-classifier").run({ reader in
  ClassifierSettings(
    dataFolder: reader.optional("PABEAN_DATA", .string, "the folder of reference data and knowledge"),
    opinions: SecondOpinions.Settings.read(&reader))
}) { context, settings in
  // Large arrays come and go while the model is built; kept for reuse, they would be a quarter of the memory at its peak.
  _ = mallopt(malloc_returns_from, 4 << 20)
  let data = try DataFolder(configured: settings.dataFolder)
  let model = ClassificationModel(
    knowledge: try Knowledge.load(directory: data.knowledge, nomenclature: data.nomenclature))
  context.log.notice("model built", ["model": .string(model.version)])
  let opinions = settings.opinions.map { settings in
    SecondOpinions(
      settings: settings, client: HTTPClient(policy: .any), metrics: context.metrics, log: context.log)
  }
  return try StageWorker.service(ClassifierHandler(model: model, opinions: opinions, log: context.log), context)
}
