import Glibc
import Testing

@testable import Observability

@Suite("Metrics")
struct MetricsTests {
  private let metrics = Metrics()
  private var exposition: String { String(decoding: metrics.exposition(), as: UTF8.self) }

  @Test("are exposed in order, with help and type")
  func text() {
    let cases = metrics.counter("pabean_cases_total", "Cases by lane.", labels: ["market", "lane"])
    cases.increment("TH", "auto")
    cases.increment("TH", "auto", by: 2)
    cases.increment("SG", "manual")
    metrics.gauge("pabean_queue_depth", "Messages that wait.").set(2.5)
    let latency = metrics.histogram("pabean_latency_seconds", "Time to decide.", buckets: [0.1, 1])
    latency.observe(0.1)
    latency.observe(.milliseconds(500))
    latency.observe(7)
    #expect(
      exposition == """
        # HELP pabean_cases_total Cases by lane.
        # TYPE pabean_cases_total counter
        pabean_cases_total{market="SG",lane="manual"} 1
        pabean_cases_total{market="TH",lane="auto"} 3
        # HELP pabean_latency_seconds Time to decide.
        # TYPE pabean_latency_seconds histogram
        pabean_latency_seconds_bucket{le="0.1"} 1
        pabean_latency_seconds_bucket{le="1"} 2
        pabean_latency_seconds_bucket{le="+Inf"} 3
        pabean_latency_seconds_sum 7.6
        pabean_latency_seconds_count 3
        # HELP pabean_queue_depth Messages that wait.
        # TYPE pabean_queue_depth gauge
        pabean_queue_depth 2.5

        """)
  }

  @Test("without labels exist before they change")
  func zero() {
    _ = metrics.counter("pabean_errors_total", "Errors.")
    #expect(exposition.hasSuffix("\npabean_errors_total 0\n"))
  }

  @Test("are the same when asked for again")
  func same() {
    metrics.counter("pabean_a_total", "A.").increment()
    metrics.counter("pabean_a_total", "A.").increment()
    #expect(metrics.counter("pabean_a_total", "A.").value() == 2)
  }

  @Test("escape what labels and help contain")
  func escaping() {
    metrics.gauge("pabean_a", "Back\\slash\nand \"quotes\".", labels: ["x"]).set(1, "a\\b\n\"c\"")
    #expect(exposition.contains("# HELP pabean_a Back\\\\slash\\nand \"quotes\".\n"))
    #expect(exposition.contains(#"pabean_a{x="a\\b\n\"c\""} 1"#))
  }

  @Test("stay bounded when labels do not")
  func cardinality() {
    let counter = metrics.counter("pabean_a_total", "A.", labels: ["id"])
    for number in 0..<5000 { counter.increment("\(number)") }
    #expect(exposition.split(separator: "\n").count < 1010)
    #expect(counter.value("other") == 4000)
  }

  @Test("count right from many tasks")
  func concurrency() async {
    let counter = metrics.counter("pabean_a_total", "A.")
    let histogram = metrics.histogram("pabean_b_seconds", "B.")
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<1000 {
            counter.increment()
            histogram.observe(0.001)
          }
        }
      }
    }
    #expect(counter.value() == 8000)
    #expect(exposition.contains("pabean_b_seconds_count 8000\n"))
  }

  @Test("refuse mistakes in the program")
  func mistakes() async {
    await #expect(processExitsWith: .failure) { _ = Metrics().counter("pabean_errors", "No total.") }
    await #expect(processExitsWith: .failure) { _ = Metrics().gauge("pabean-errors", "No name.") }
    await #expect(processExitsWith: .failure) { Metrics().counter("a_total", "A.", labels: ["x"]).increment() }
    await #expect(processExitsWith: .failure) {
      let metrics = Metrics()
      _ = metrics.counter("a_total", "A.")
      _ = metrics.gauge("a_total", "A.")
    }
  }

  @Test("describe the process")
  func process() throws {
    metrics.registerProcess(service: "ingest", version: "1.2.3", revision: "abc")
    #expect(exposition.contains(#"pabean_build_info{service="ingest",version="1.2.3",revision="abc"} 1"#))
    func value(_ name: String) throws -> Double {
      let line = exposition.split(separator: "\n").first { $0.hasPrefix("\(name) ") }
      return try #require(line.flatMap { Double($0.dropFirst(name.count + 1)) })
    }
    #expect(try value("process_cpu_seconds_total") > 0)
    #expect(try value("process_resident_memory_bytes") > 1_000_000)
    #expect(try value("process_open_fds") >= 3)
    #expect(try value("process_max_fds") >= 3)
    let age = Double(time(nil)) - (try value("process_start_time_seconds"))
    #expect((-2...3600).contains(age))
  }

  /// promtool is in the Debian package prometheus.
  private static let hasPromtool = system("command -v promtool > /dev/null 2>&1") == 0

  @Test(
    "pass promtool's check",
    .enabled(if: hasPromtool, "promtool is not installed: apt-get install prometheus"))
  func promtool() throws {
    metrics.registerProcess(service: "ingest", version: "1.2.3", revision: "abc")
    metrics.counter("pabean_cases_total", "Cases by lane.", labels: ["lane"]).increment("quote\" and \\ and\nline")
    metrics.gauge("pabean_outbox_oldest_seconds", "Age of the oldest.").set(.infinity)
    metrics.histogram("pabean_latency_seconds", "Time to decide.", labels: ["market"]).observe(0.3, "TH")
    let judge = try #require(popen("promtool check metrics > /dev/null", "w"))
    let bytes = metrics.exposition()
    fwrite(bytes, 1, bytes.count, judge)
    #expect(pclose(judge) == 0)
  }
}
