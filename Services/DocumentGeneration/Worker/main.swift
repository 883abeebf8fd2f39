import ComplianceScreeningEngine
import Configuration
import PartyLists
import WorkerRuntime

await ServiceProcess(name: "pabean-document-generation").run({ reader in
  reader.optional("PABEAN_DATA", .string, "the folder of reference data and knowledge")
}) { context, dataFolder in
  let lists = try ListsInForce(ReferenceFolder(DataFolder(configured: dataFolder).reference))
  return try StageWorker.service(
    DocumentHandler(environment: context.configuration.environment, lists: lists), context)
}
