import ComplianceScreeningEngine
import Configuration
import WorkerRuntime

await ServiceProcess(name: "pabean-review-desk").run({ reader in
  reader.optional("PABEAN_DATA", .string, "the folder of reference data and knowledge")
}) { context, dataFolder in
  let data = try DataFolder(configured: dataFolder)
  let controls = try ControlsInForce(ReferenceFolder(data.reference))
  return try ReviewDesk(context, controls: controls, knowledgeFolder: data.knowledge).service
}
