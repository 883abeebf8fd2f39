import Domain
import JSON
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("News of the queue", .enabled(if: Judge.hasPython, "run infra/scripts/python-env.sh"))
  struct Events {
    private static let reading = """
      import http.client, json, os, resource, select, socket, sys, time, urllib.parse, urllib.request
      host, port, lim, tan, eve, case, pid, count = sys.argv[1:9]
      port, count = int(port), int(count)
      resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))

      def stream(path, **headers):
        s = socket.create_connection((host, port))
        lines = "".join(f"{name.replace('_', '-')}: {value}\\r\\n" for name, value in headers.items())
        s.sendall(f"GET {path} HTTP/1.1\\r\\nHost: {host}\\r\\n{lines}\\r\\n".encode())
        return s

      def hear(streams, wanted, seconds):
        texts = {s: b"" for s in streams}
        end = time.time() + seconds
        while time.time() < end and not all(wanted in t for t in texts.values()):
          for s in select.select([s for s in texts if wanted not in texts[s]], [], [], 0.2)[0] if len(streams) < 900 else []:
            got = s.recv(65536)
            if not got: return texts
            texts[s] += got
        return texts

      def act(key, path):
        request = urllib.request.Request(f"http://{host}:{port}{path}", method="POST", headers={"Authorization": f"Bearer {key}"})
        return json.load(urllib.request.urlopen(request))

      def browser(email, password):
        connection = http.client.HTTPConnection(host, port)
        form = urllib.parse.urlencode({"email": email, "password": password})
        connection.request("POST", "/sign-in", form, {"Content-Type": "application/x-www-form-urlencoded"})
        return connection.getresponse().getheader("Set-Cookie").split(";")[0]

      def memory():
        for line in open(f"/proc/{pid}/status"):
          if line.startswith("VmRSS"): return int(line.split()[1])

      """

    private static func run(_ desk: Desk, _ script: String, _ arguments: [String]) async throws -> Subprocess.Result {
      let port = desk.address.split(separator: ":").last.map(String.init) ?? ""
      return try await Subprocess.run(
        try #require(Judge.python), ["-c", reading + script, "127.0.0.1", port] + arguments, deadline: .seconds(60))
    }

    @Test func `are told to those of the tenant and the market alone, and end with the session`() async throws {
      let script = """
        mine, theirs = stream("/v1/review/events", Authorization=f"Bearer {lim}"), stream("/v1/review/events", Authorization=f"Bearer {eve}")
        ana, bo = stream("/events", Cookie=browser("ana@acme.example", "correct horse battery")), stream("/events", Cookie=browser("bo@acme.example", "correct horse battery"))
        streams = [mine, theirs, ana, bo]
        texts = hear(streams, b"retry: 3000", 10)
        assert all(b"retry: 3000" in t and b"text/event-stream" in t and b"no-store" in t for t in texts.values()), texts
        act(tan, f"/v1/cases/{case}/claim")
        wanted = b'{"what":"claimed","market":"SG","caseId":"' + case.encode() + b'"}'
        for s in [mine, bo]: assert wanted in hear([s], wanted, 10)[s]
        act(tan, f"/v1/cases/{case}/release")
        for s in [mine, bo]: assert b'"released"' in hear([s], b'"released"', 10)[s]
        for s in [theirs, ana]:
          heard = hear([s], b"never", 1)[s]
          assert case.encode() not in heard and b"SG" not in heard, heard
        stranger = hear([stream("/v1/review/events")], b"problem", 5)
        assert all(b"401" in t for t in stranger.values()), stranger
        """
      try await Desk.with([Waiting.shirt("E-1")], markets: ["SG", "TH"]) { desk in
        let (lim, tan) = (try await desk.key("lim", ["broker"]), try await desk.key("tan", ["broker"]))
        let eve = try await desk.key("eve", ["admin"], tenant: Installation.otherTenant)
        try await desk.person("ana@acme.example", [.broker], markets: ["TH"])
        try await desk.person("bo@acme.example", [.broker], markets: ["SG"])
        let id = try await desk.caseID("E-1")
        let verdict = try await Self.run(desk, script, [lim, tan, eve, "\(id)", "0", "0"])
        #expect(verdict.succeeded, "\(verdict)")
      }
    }

    @Test func `reach 500 who watch at once, for little memory, and a desk that stops does not wait for them`()
      async throws
    {
      let script = """
        before = memory()
        streams = [stream("/v1/review/events", Authorization=f"Bearer {lim}") for _ in range(count)]
        assert all(b"retry" in t for t in hear(streams, b"retry: 3000", 30).values())
        began = time.time()
        act(tan, f"/v1/cases/{case}/claim")
        assert all(b"claimed" in t for t in hear(streams, b"claimed", 20).values())
        print(f"{count} streams: {memory() - before} kB more, all told after {time.time() - began:.2f} s")
        assert memory() - before < 40_000, memory() - before
        os.kill(int(pid), 15)
        end = time.time() + 10
        assert all(s.recv(65536) is not None for s in streams)
        while time.time() < end and any(s.recv(65536) for s in streams): pass
        print(f"all ended after {10 - (end - time.time()):.2f} s")
        """
      try await Desk.with([Waiting.shirt("E-1")]) { desk in
        let (lim, tan) = (try await desk.key("lim", ["broker"]), try await desk.key("tan", ["broker"]))
        let id = try await desk.caseID("E-1")
        let process = try #require(desk.workers.last)
        let verdict = try await Self.run(desk, script, [lim, tan, "-", "\(id)", "\(process.pid)", "500"])
        #expect(verdict.succeeded, "\(verdict)")
        #expect(await process.waitForEnd(within: .seconds(10)) == 0)
      }
    }
  }
}
