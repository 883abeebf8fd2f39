import ComplianceScreeningEngine
import Configuration
import WorkerRuntime

await ServiceProcess(name: "pabean-review-desk").run({ reader in
  reader.optional("PABEAN_DATA", .string, "the folder of reference data and knowledge")
}) { context, dataFolder in
  let data = try DataFolder(configured: dataFolder)
  let folder = ReferenceFolder(data.reference)
  let reference = try CodeReference(folder)
  let controls = try ControlsInForce(folder, reference)
  return try ReviewDesk(context, reference: reference, controls: controls, knowledgeFolder: data.knowledge).service
}
