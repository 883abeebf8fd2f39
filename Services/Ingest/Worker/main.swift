import WorkerRuntime

await ServiceProcess(name: "pabean-ingest").run({ reader in IngestSettings.read(&reader) }) { context, settings in
  let rules = IntakeRules(markets: context.configuration.markets)
  let handler = IngestHandler(environment: context.configuration.environment, rules: rules)
  let api = IntakeAPI(context, settings, rules: rules)
  var service = try StageWorker.service(handler, context, routes: api.routes(), limits: IntakeAPI.limits)
  let close = service.close
  service.close = {
    await api.dispatch.finish(within: .seconds(5))
    await close()
  }
  return service
}
