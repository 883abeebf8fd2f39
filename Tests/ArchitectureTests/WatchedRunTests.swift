import TestSupport
import Testing

/// What `make test` does when a test hangs.
@Suite struct WatchedRunTests {
  private func watch(_ script: String) async throws -> Subprocess.Result {
    let log = "/tmp/watched-\(UInt64.random(in: .min ... .max)).log"
    let run = """
      trap 'rm -f "$1"' EXIT
      : >"$1"; infra/scripts/watched.sh "$1" 6 sh -c "$2"
      """
    return try await Subprocess.run(
      "env", ["--chdir", Repository.root, "bash", "-c", run, "bash", log, script], deadline: .seconds(120))
  }

  @Test func `a run that says nothing more is ended with its children, and names what has no end`() async throws {
    let result = try await watch(
      """
      echo '◇ Test "ends" started.'; echo '✔ Test "ends" passed after 1 seconds.'
      echo '◇ Test "hangs" started.'; echo '◇ Test case passing 1 argument x to hangs() started.'
      sleep 987; printf 'never %s' said
      """)
    #expect(result.status == 75, "\(result)")
    #expect(result.stdout.contains(#"  Test "hangs""#) && !result.stdout.contains(#"  Test "ends""#), "\(result)")
    #expect(result.stdout.contains("sleep 987") && !result.stdout.contains("never said"), "\(result)")
    #expect(try await Subprocess.run("pgrep", ["--full", "^sleep 987"]).status == 1)
  }

  @Test func `a run that has said how it went and does not end counts as it said`() async throws {
    let passed = try await watch("echo '✔ Test run with 1 test passed after 1 seconds.'; sleep 986; true")
    #expect(passed.status == 0, "\(passed)")
    let failed = try await watch("echo '✘ Test run with 1 test failed after 1 seconds.'; sleep 986; true")
    #expect(failed.status == 1, "\(failed)")
  }

  @Test func `a run that ends gives its status and shows what it said but for the beginnings`() async throws {
    let result = try await watch("echo '◇ Test a() started.'; echo '✘ Test a() failed after 1 seconds.'; exit 3")
    #expect(result.status == 3, "\(result)")
    #expect(result.stdout == "✘ Test a() failed after 1 seconds.\n", "\(result)")
  }

  @Test func `a run that has ended before its silence is noticed gives its own status`() async throws {
    let result = try await watch("echo '✘ Test a() failed.'; touch --date='1 minute ago' /proc/self/fd/1; exit 3")
    #expect(result.status == 3 && result.stdout == "✘ Test a() failed.\n", "\(result)")
  }
}
