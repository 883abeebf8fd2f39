import WorkerRuntime

/// `pabean up`: the whole pipeline on this machine, with a tenant and work to look at.
enum UpCommand {
  static let command = Command(
    "up", "Run the whole pipeline here, with a demo tenant and its catalogue", group: .running,
    options: [
      Option("detach", nil, "return once everything is ready, and leave it running"),
      Option("no-demo", nil, "submit no sample catalogue"),
    ],
    notes: """
      Keeps everything in .pabean (or PABEAN_STATE): servers, passwords, logs. PABEAN_DATABASE_URL and PABEAN_AMQP_URL,
      given with an administrator's rights, name servers to use instead of private ones; PABEAN_MANAGEMENT_URL then lets
      the broker's topology be imported. 'pabean down' stops what runs, 'make clean' removes it.
      """,
    isLongRunning: true
  ) { arguments, console in
    let settings = try Installation.settings()
    try settings.state.create()
    let lock = try StateLock(settings.state)
    defer { _ = lock }
    let installation = try Installation(settings)
    let interruption = Task { await Signals.termination() }
    let start = Task { try await installation.start(console, submitsDemo: !arguments.has("no-demo")) }
    let watch = Task {
      await interruption.value
      start.cancel()
    }
    defer { watch.cancel() }
    do {
      try await start.value
    } catch {
      console.clearProgress()
      try await installation.stop(console)
      throw error
    }
    if arguments.has("detach") {
      console.line("\nIt goes on in the background; 'pabean down' stops it.")
      return .success
    }
    console.line("\nRunning. Ctrl-C stops everything.")
    let guardian = Task { await installation.reportEnds(console) }
    await interruption.value
    guardian.cancel()
    console.line("")
    try await installation.stop(console)
    return .success
  }
}

/// `pabean down`: the services first, so that they finish what they have in hand, then the servers.
enum DownCommand {
  static let command = Command(
    "down", "Stop what 'pabean up' left running", group: .running,
    notes: "Nothing is lost: the next 'pabean up' goes on from here. 'make clean' removes what is kept in .pabean."
  ) { _, console in
    let settings = try Installation.settings()
    guard LocalFile.exists(settings.state.path) else {
      console.line("Nothing runs here: there is no \(settings.state.shownPath).")
      return .success
    }
    let lock = try StateLock(settings.state)
    defer { _ = lock }
    try await Installation(settings).stop(console)
    return .success
  }
}
