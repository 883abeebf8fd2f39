import Dispatch
import Glibc
import JSON
import TestSupport

/// Measures the pipeline against the least that its guarantees cost (a bare relay) and against what others build it
/// with (Celery), on servers of its own, in one run. It judges nothing by its exit status.
@main
enum Benchmarks {
  static func main() async {
    let options: Options
    do throws(Options.Invalid) {
      options = try Options(Array(CommandLine.arguments.dropFirst()))
    } catch {
      note(error.description)
      exit(64)
    }
    let run = Task { try await measure(options) }
    let signals = [SIGINT, SIGTERM].map { interrupt(on: $0) { run.cancel() } }
    do {
      let report = try await run.value
      print(options.isJSON ? report.json.text : report.table)
    } catch {
      note("stopped: \(error)")
      exit(1)
    }
    withExtendedLifetime(signals) {}
  }

  /// Whatever happens, the servers are stopped.
  private static func measure(_ options: Options) async throws -> Report {
    let folder = "\(Repository.root)/.pabean/bench"
    var alone = Report()
    if options.parts.contains(.screening) { try ScreeningCost().measure(&alone) }
    if options.parts.contains(.learners) {
      let environment = PeerEnvironment(folder: folder, requirements: .peers)
      try await environment.prepare()
      try await Learners(folder: folder, environment: environment).measure(&alone)
    }
    if options.parts.contains(.names) {
      let environment = PeerEnvironment(folder: folder, requirements: .names)
      try await NamesPeer(folder: folder, environment: environment).measure(&alone)
    }
    if options.parts.contains(.desk) { try await DeskBench.open(in: folder, options).measure(&alone) }
    if options.parts.isSubset(of: [.screening, .learners, .names, .desk]) { return alone }
    let flow = try await measureFlow(options, folder)
    return Report(rows: flow.rows + alone.rows)
  }

  private static func measureFlow(_ options: Options, _ folder: String) async throws -> Report {
    let servers = try await Bench.startServers(in: folder)
    let result: Result<Report, any Error>
    do {
      let bench = try await Bench.open(on: servers, folder: folder, options)
      result = await Result.capturing { try await bench.run() }
      await bench.close()
    } catch {
      result = .failure(error)
    }
    try? await Task { try await servers.stop() }.value
    // Gigabytes of rows that nobody will read; after a failure the logs are of use.
    if case .success = result { _ = try? await Subprocess.run("rm", ["-rf", servers.directory]) }
    return try result.get()
  }

  private static func interrupt(on signal: Int32, _ action: @escaping @Sendable () -> Void) -> any DispatchSourceSignal
  {
    Glibc.signal(signal, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: signal)
    source.setEventHandler(handler: action)
    source.resume()
    return source
  }
}

/// Progress, apart from the report.
func note(_ text: String) {
  _ = Array((text + "\n").utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

extension Result where Failure == any Error {
  static func capturing(_ body: () async throws -> Success) async -> Self {
    do { return .success(try await body()) } catch { return .failure(error) }
  }
}
