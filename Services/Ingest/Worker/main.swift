import WorkerRuntime

await ServiceProcess(name: "pabean-ingest").run({ reader in IngestSettings.read(&reader) }) { context, settings in
  let rules = IntakeRules(markets: context.configuration.markets)
  let handler = IngestHandler(environment: context.configuration.environment, rules: rules)
  return try StageWorker.service(handler, context)
}
