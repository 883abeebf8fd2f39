import Domain
import FoundationEssentials
import JSON
import Postgres
import TestSupport
import Testing

extension ReviewDeskTests {
  /// A real browser with the script on (PABEAN_TEST_PICTURES names a folder for pictures).
  @Suite(
    "The desk by keyboard",
    .enabled("chromium, or the Python package playwright, is absent") {
      guard let python = Judge.python, FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium") else {
        return false
      }
      return try await Subprocess.run(python, ["-c", "import playwright"]).succeeded
    })
  struct Keyboard {
    private static let opening = """
      import os, re, sys, time
      from playwright.sync_api import sync_playwright, expect
      address, folder, pid = sys.argv[1:4]
      more = sys.argv[4:]
      faults = []
      expect.set_options(timeout=15_000)

      def visit(browser, scheme="light"):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        page.on("dialog", lambda d: (faults.append("a dialog opened: " + d.message), d.dismiss()))
        page.on("pageerror", lambda e: faults.append("error: " + str(e)))
        page.on("console", lambda m: faults.append("console: " + m.text) if m.type == "error" and "Failed to load resource" not in m.text else None)
        return page

      def tab_to(page, wanted, most=80):
        for _ in range(most):
          if page.evaluate("w => document.activeElement && document.activeElement.matches(w)", wanted): return
          page.keyboard.press("Tab")
        raise AssertionError("no way by keyboard to " + wanted)

      def sign_in(page, email):
        page.goto(address + "/")
        tab_to(page, "#email")
        page.keyboard.type(email)
        page.keyboard.press("Tab")
        page.keyboard.type("correct horse battery")
        page.keyboard.press("Enter")
        page.wait_for_url("**/queue**")

      def picture(page, name):
        if folder != "-": page.screenshot(path=f"{folder}/{name}.png", full_page=True)

      # Playwright's own way to wait evaluates text, which the desk's policy forbids.
      def until(page, condition, arg=None):
        end = time.time() + 15
        while time.time() < end:
          try:
            if page.evaluate(condition, arg): return
          except Exception as error:
            if "context was destroyed" not in str(error): raise
          time.sleep(0.05)
        raise AssertionError("never: " + condition)

      def at_case(page, other_than=None):
        until(page, "other => /^.cases.[0-9a-f-]{36}$/.test(location.pathname) && location.pathname !== other && !document.querySelector('main[inert]')", other_than)
        return page.evaluate("location.pathname")

      def looked_ahead(page):
        until(page, "() => performance.getEntriesByType('resource').some(e => e.name.includes('/upcoming?besides=' + location.pathname.split('/')[2]))")

      with sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])

      """
    private static let closing = """

        browser.close()
      print("\\n".join(faults))
      sys.exit(1 if faults else 0)
      """

    private static func run(_ desk: Desk, _ script: String, _ arguments: [String] = []) async throws
      -> Subprocess.Result
    {
      let folder = ProcessInfo.processInfo.environment["PABEAN_TEST_PICTURES"] ?? "-"
      let pid = desk.workers.last.map { "\($0.pid)" } ?? "-"
      let indented = script.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
        .joined(separator: "\n")
      return try await Subprocess.run(
        try #require(Judge.python), ["-c", opening + indented + closing, desk.address, folder, pid] + arguments,
        deadline: .seconds(120))
    }

    private static var policy: Policy {
      var policy = Desk.cautious
      policy.review.undoSeconds = 60
      return policy
    }

    @Test func `a broker's morning: sign in, filter, decide, override, undo, ask, skip, one case after another`()
      async throws
    {
      let script = """
        page = visit(browser)
        sign_in(page, "mei@acme.example")
        page.keyboard.press("/")
        page.keyboard.type("morning-")
        page.keyboard.press("Enter")
        expect(page.locator("table.queue tbody tr")).to_have_count(6)
        expect(page.locator(".sum")).to_contain_text("6 of them as asked")
        picture(page, "queue-filtered")
        page.keyboard.press("j")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement === document.querySelectorAll('.queue .product a')[1]")
        page.keyboard.press("?")
        expect(page.locator("dialog#keys")).to_be_visible()
        picture(page, "keys")
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        first = at_case(page)
        page.evaluate("window.isSame = true")
        looked_ahead(page)
        page.keyboard.press("2")
        assert page.evaluate("document.querySelectorAll('input[name=code][type=radio]')[1].checked")
        page.keyboard.press("1")
        page.keyboard.press("a")
        second = at_case(page, first)
        expect(page.locator(".notice form.undo")).to_contain_text("You approved")
        assert page.evaluate("window.isSame") is True, "the page was loaded whole"
        looked_ahead(page)
        picture(page, "case-after-decision")
        page.keyboard.press("o")
        page.keyboard.type("6110.20")
        page.keyboard.press("Tab")
        page.keyboard.type("It is knitted and has long sleeves.")
        page.keyboard.press("Control+Enter")
        third = at_case(page, second)
        expect(page.locator(".notice form.undo")).to_contain_text("You chose 6110.20")
        page.keyboard.press("z")
        until(page, "p => location.pathname === p && !document.querySelector('main[inert]')", second)
        expect(page.locator("#override-code")).to_be_visible()
        page.keyboard.press("i")
        page.keyboard.type("Which fibre is it?")
        page.keyboard.press("Control+Enter")
        at_case(page, second)
        expect(page.locator(".notice")).to_contain_text("Saved.")
        now = page.evaluate("location.pathname")
        page.keyboard.press("s")
        page.keyboard.type("I do not know this trade.")
        page.keyboard.press("Enter")
        fourth = at_case(page, now)
        page.keyboard.press("e")
        page.keyboard.type("It may be a uniform.")
        page.keyboard.press("Enter")
        fifth = at_case(page, fourth)
        page.keyboard.press("r")
        page.keyboard.type("The seller withdrew it.")
        page.keyboard.press("Control+Enter")
        until(page, "p => location.pathname !== p && !document.querySelector('main[inert]')", fifth)
        # What is typed is text, and never a key.
        page.goto(address + "/queue?q=morning-")
        page.keyboard.press("/")
        page.keyboard.type("n?z")
        assert page.evaluate("document.activeElement.value").endswith("n?z") and "/queue" in page.url
        page.keyboard.press("Escape")
        # Whoever does not want single keys turns them off.
        page.keyboard.press("?")
        page.keyboard.press("Space") if page.evaluate("document.activeElement.type === 'checkbox'") else page.locator("dialog input").press("Space")
        page.keyboard.press("Escape")
        before = page.url
        page.keyboard.press("n")
        page.wait_for_timeout(300)
        assert page.url == before
        """
      try await Desk.with((1...6).map { Waiting.shirt("MORNING-\($0)") }, policy: Self.policy) { desk in
        try await desk.person("mei@acme.example", [.broker])
        let verdict = try await Self.run(desk, script)
        #expect(verdict.succeeded, "\(verdict)")
        #expect(try await desk.pabean.count("SELECT count(*) FROM information_request") == 1)
        #expect(try await desk.pabean.count("SELECT count(*) FROM pending_decision") == 2)
        #expect(
          try await desk.pabean.count("SELECT count(*) FROM case_arrangement WHERE escalated_at IS NOT NULL") == 1)
      }
    }

    @Test func `a code is found by words and taken by keyboard, and a heading opens`() async throws {
      let script = """
        page = visit(browser)
        sign_in(page, "mei@acme.example")
        page.keyboard.press("n")
        at_case(page)
        page.keyboard.press("o")
        page.keyboard.type("wooden spoon")
        expect(page.locator("#found li").first).to_be_visible()
        picture(page, "codes-found")
        page.keyboard.press("Tab")
        code = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("Enter")
        assert page.locator("#override-code").input_value() == code and code.startswith("4419"), code
        assert page.evaluate("document.activeElement.id") == "override-reason"
        expect(page.locator("#found li")).to_have_count(0)
        page.locator("#override-code").fill("4202")
        expect(page.locator("#found a.code").first).to_have_text("4202")
        page.locator("#found a.code").first.press("Enter")
        assert page.locator("#override-code").input_value() == "4202"
        expect(page.locator("#found li").nth(1)).to_be_visible()
        page.locator("#override-code").fill("99 99 99")
        expect(page.locator("#found .empty")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("q")
        page.wait_for_url("**/queue**")
        """
      try await Desk.with([Waiting.shirt("FIND-1")]) { desk in
        try await desk.person("mei@acme.example", [.broker])
        let verdict = try await Self.run(desk, script)
        #expect(verdict.succeeded, "\(verdict)")
      }
    }

    @Test func `two who look at one case: each sees at once what the other does`() async throws {
      let script = """
        mei, tan = visit(browser), visit(browser, "dark")
        sign_in(mei, "mei@acme.example")
        sign_in(tan, "tan@acme.example")
        case = "/cases/" + more[0]
        mei.goto(address + case)
        tan.goto(address + case)
        line = mei.frame_locator("iframe.presence").locator("p")
        expect(line).to_contain_text("Nobody has this case in hand")
        tan.frame_locator("iframe.presence").get_by_role("button", name="Take it").press("Enter")
        expect(line).to_contain_text("Name of tan has this case in hand")
        mei.keyboard.press("a")
        expect(mei.locator("[role=alert]")).to_contain_text("Name of tan has this case in hand")
        until(tan, "() => document.readyState === 'complete' && !document.querySelector('main[inert]')")
        tan.keyboard.press("a")
        expect(mei.locator("#news")).to_contain_text("This case has changed")
        picture(mei, "case-changed")
        picture(tan, "queue-dark")
        queue = visit(browser)
        sign_in(queue, "mei@acme.example")
        expect(queue.locator(".sum")).to_contain_text("1 case waits")
        expect(queue.locator("td.in-hand").first).to_contain_text("Name of tan")
        tan.frame_locator("iframe.presence").get_by_role("button", name="Let it go").press("Enter")
        expect(queue.locator("td.in-hand").first).to_have_text("")
        """
      try await Desk.with([Waiting.shirt("RACE-1"), Waiting.shirt("RACE-2")]) { desk in
        try await desk.person("mei@acme.example", [.broker])
        try await desk.person("tan@acme.example", [.broker])
        let verdict = try await Self.run(desk, script, ["\(try await desk.caseID("RACE-1"))"])
        #expect(verdict.succeeded, "\(verdict)")
        #expect(try await desk.pabean.count("SELECT count(*) FROM decision") == 1)
      }
    }

    @Test func `a session that ended in the middle of a decision loses nothing that was typed`() async throws {
      let script = """
        page = visit(browser)
        sign_in(page, "mei@acme.example")
        page.keyboard.press("n")
        case = at_case(page)
        page.keyboard.press("o")
        page.keyboard.type("6110.20")
        page.keyboard.press("Tab")
        page.keyboard.type("It has long sleeves, says the picture.")
        page.context.clear_cookies()
        page.keyboard.press("Control+Enter")
        expect(page.locator("#news")).to_contain_text("Your session is over")
        picture(page, "session-over")
        assert page.locator("#override-reason").input_value() == "It has long sleeves, says the picture."
        other = page.context.new_page()
        sign_in(other, "mei@acme.example")
        other.close()
        page.get_by_role("button", name="I have signed in").press("Enter")
        expect(page.locator("#news")).to_contain_text("You are signed in again")
        page.locator("#override-reason").press("Control+Enter")
        until(page, "p => location.pathname !== p", case)
        """
      try await Desk.with([Waiting.shirt("S-1")]) { desk in
        try await desk.person("mei@acme.example", [.broker])
        let verdict = try await Self.run(desk, script)
        #expect(verdict.succeeded, "\(verdict)")
        #expect(try await desk.pabean.count("SELECT count(*) FROM decision WHERE kind = 'overridden'") == 1)
      }
    }

    @Test func `a desk that is killed in the middle of a decision loses nothing, and decides once`() async throws {
      let script = """
        page = visit(browser)
        sign_in(page, "mei@acme.example")
        page.keyboard.press("n")
        case = at_case(page)
        page.keyboard.press("r")
        page.keyboard.type("The seller withdrew it.")
        os.kill(int(pid), 9)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#news")).to_contain_text("The desk did not answer")
        assert page.locator("#reject-reason").input_value() == "The seller withdrew it."
        import urllib.request
        end = time.time() + 30
        while time.time() < end:
          try:
            urllib.request.urlopen(address + "/healthz")
            break
          except OSError: time.sleep(0.1)
        page.locator("#reject-reason").press("Control+Enter")
        until(page, "p => location.pathname !== p", case)
        """
      try await Desk.with([Waiting.shirt("K-1")]) { desk in
        try await desk.person("mei@acme.example", [.broker])
        let process = try #require(desk.workers.last)
        let port = desk.address.split(separator: ":").last.flatMap { Int($0) }
        async let successor: RunningProcess? = {
          guard await process.waitForEnd(within: .seconds(60)) != nil else { return nil }
          return try desk.pabean.start(service: "review-desk", httpPort: port)
        }()
        let verdict = try await Self.run(desk, script)
        #expect(verdict.succeeded, "\(verdict)")
        #expect(try await desk.pabean.count("SELECT count(*) FROM decision WHERE kind = 'rejected'") == 1)
        if let successor = try await successor { await desk.pabean.stop([successor]) }
      }
    }

    @Test func `what sellers and colleagues write stays text with the script on`() async throws {
      let script = """
        hostile = more[0]
        page = visit(browser)
        sign_in(page, "mei@acme.example")
        for path in ["/queue?q=", "/queue?q=" + more[1], "/bulk?q=" + more[1], "/queue?view=" + more[1]]:
          page.goto(address + path)
          assert page.evaluate("window.isOwned") is None
          assert page.locator("main img, main script, main b").count() == 0, path
          assert "\\u202e" not in page.locator("body").inner_text(), path
        page.goto(address + "/queue?q=")
        page.get_by_text("Views", exact=True).press("Enter")
        page.get_by_label("Keep what is shown as").fill(hostile.replace("\\u202e", ""))
        page.keyboard.press("Enter")
        page.wait_for_url("**/queue?view=*")
        page.keyboard.press("n")
        first = at_case(page)
        looked_ahead(page)
        page.keyboard.press("i")
        page.keyboard.type(hostile)
        page.keyboard.press("Control+Enter")
        second = at_case(page, first)
        page.keyboard.press("o")
        page.keyboard.type("6110.20")
        page.keyboard.press("Tab")
        page.keyboard.type(hostile)
        page.keyboard.press("Control+Enter")
        until(page, "p => location.pathname !== p && !document.querySelector('main[inert]')", second)
        for path in [first, second, "/queue?q="]:
          page.goto(address + path)
          assert page.evaluate("window.isOwned") is None, path
          assert page.locator("main img, main script, main b").count() == 0, path
        picture(page, "queue-hostile")
        """
      let hostile = "<img src=x onerror=window.isOwned=1><script>window.isOwned=1</script>\"'=cmd|\u{202E}0199016"
      let products = (1...2).map {
        Waiting.with(
          "<b>H-\($0)\"'", ["title": .string(hostile), "brand": .string(hostile), "intendedUse": .string(hostile)])
      }
      try await Desk.with(products) { desk in
        try await desk.person("mei@acme.example", [.broker])
        let encoded = "%3Cimg%20src%3Dx%20onerror%3Dwindow.isOwned%3D1%3E%22%27%E2%80%AE"
        let verdict = try await Self.run(desk, script, [hostile, encoded])
        #expect(verdict.succeeded, "\(verdict)")
      }
    }
  }
}
