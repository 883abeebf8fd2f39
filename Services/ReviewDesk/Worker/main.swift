import ComplianceScreeningEngine
import Configuration
import WorkerRuntime

await ServiceProcess(name: "pabean-review-desk").run({ reader in
  reader.optional("PABEAN_DATA", .string, "the folder of reference data and knowledge")
}) { context, dataFolder in
  let data = try DataFolder(configured: dataFolder)
  let folder = ReferenceFolder(data.reference)
  return try ReviewDesk(
    context, reference: try CodeReference(folder), controls: try ControlsInForce(folder),
    knowledgeFolder: data.knowledge
  ).service
}
