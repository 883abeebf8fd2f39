import ComplianceScreeningEngine
import WorkerRuntime

await ServiceProcess(name: "pabean-review-desk").run({ reader in DeskSettings.read(&reader) }) { context, settings in
  let data = try DataFolder(configured: settings.dataFolder)
  let folder = ReferenceFolder(data.reference)
  let reference = try CodeReference(folder)
  let controls = try ControlsInForce(folder, reference)
  return try ReviewDesk(
    context, settings, reference: reference, controls: controls, knowledgeFolder: data.knowledge
  ).service
}
