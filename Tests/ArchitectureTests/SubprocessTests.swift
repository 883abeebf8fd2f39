import TestSupport
import Testing

@Suite struct SubprocessTests {
  @Test func `gives back the status and both outputs`() async throws {
    let result = try await Subprocess.run("sh", ["-c", "echo out; echo err >&2; exit 7"])
    #expect(result.status == 7)
    #expect(result.stdout == "out\n")
    #expect(result.stderr == "err\n")
  }

  @Test func `passes arguments, environment and input as they are`() async throws {
    let script = #"printf '%s|%s|' "$1" "$ADDED"; cat"#
    let result = try await Subprocess.run(
      "sh", ["-c", script, "sh", "a  'b' $c"], environment: ["ADDED": "x y"], stdin: Array("in\nput".utf8))
    #expect(result.stdout == "a  'b' $c|x y|in\nput")
  }

  @Test func `carries more than a pipe holds, both ways`() async throws {
    let input = [UInt8](repeating: 65, count: 1_000_000)
    let result = try await Subprocess.run("sh", ["-c", "tee /dev/stderr"], stdin: input)
    #expect(result.stdout.utf8.count == 1_000_000)
    #expect(result.stderr.utf8.count == 1_000_000)
  }

  @Test func `a program that ignores a large input is no failure`() async throws {
    #expect(try await Subprocess.run("true", stdin: [UInt8](repeating: 65, count: 1_000_000)).succeeded)
  }

  @Test func `a program ended by a signal has a status above 128`() async throws {
    #expect(try await Subprocess.run("sh", ["-c", "kill -9 $$"]).status == 137)
  }

  @Test func `a program that is not there is a failure to start`() async {
    await #expect(throws: Subprocess.Failure.cannotStart(command: "no-such-program", errno: 2)) {
      try await Subprocess.run("no-such-program")
    }
  }

  @Test(arguments: ["sleep 600", "exec >&- 2>&-; sleep 600", "sleep 600 & wait"])
  func `after its deadline a program and its children are killed`(script: String) async {
    let clock = ContinuousClock()
    let began = clock.now
    await #expect(throws: Subprocess.Failure.deadlineExceeded(command: "sh", after: .milliseconds(200))) {
      try await Subprocess.run("sh", ["-c", script], deadline: .milliseconds(200))
    }
    #expect(clock.now - began < .seconds(300))
  }
}
