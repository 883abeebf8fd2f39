import WorkerRuntime

await ServiceProcess(name: "pabean-document-generation").run({ _ in }) { context, _ in
  try StageWorker.service(DocumentHandler(environment: context.configuration.environment), context)
}
