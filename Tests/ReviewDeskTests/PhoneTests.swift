import Domain
import FoundationEssentials
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite(
    "The desk on a phone, and in the reader's own time",
    .enabled("chromium, or the Python package playwright, is absent") {
      guard let python = Judge.python, FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium") else {
        return false
      }
      return try await Subprocess.run(python, ["-c", "import playwright"]).succeeded
    })
  struct Phone {
    private static let script = """
      import sys
      from playwright.sync_api import sync_playwright
      address, case, folder = sys.argv[1:4]
      faults = []
      def check(isRight, words):
        if not isRight: faults.append(words)

      def visit(browser, **settings):
        page = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB", timezone_id="Asia/Jakarta", **settings).new_page()
        page.on("pageerror", lambda e: faults.append("error: " + str(e)))
        page.goto(address + "/sign-in")
        page.fill("#email", "mei@acme.example")
        page.fill("#password", "correct horse battery")
        page.locator("form:has(#password) button").click()
        page.wait_for_url("**/queue**")
        return page

      def look(page, path, name):
        page.goto(address + path)
        if folder != "-": page.screenshot(path=f"{folder}/phone-{name}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth")
        check(wide <= 390, f"{path} is {wide} px wide")
        outside = page.evaluate('''() => [...document.querySelectorAll("main td, main p, main h1, main button, main input")]
          .filter((element) => !element.closest("details:not([open]), .pair, pre") && element.getClientRects().length)
          .map((element) => [element.textContent.slice(0, 40), element.getBoundingClientRect()])
          .filter(([, box]) => box.left < 0 || box.right > 390).map(([words]) => words)''')
        check(not outside, f"{path}: out of sight: {outside}")

      with sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = visit(browser)
        look(page, "/queue", "queue")
        rows = page.locator("table.queue tbody tr")
        check(rows.count() == 2, f"{rows.count()} rows")
        for row in rows.all():
          box, why = row.bounding_box(), row.locator(".why")
          check(box["height"] < 230, f"a row is {box['height']} px tall")
          seen = why.bounding_box()
          check(why.inner_text() and seen["x"] >= 0 and seen["x"] + seen["width"] <= 390, "the reason is out of sight")
          check(seen["y"] + seen["height"] <= box["y"] + box["height"], "the reason is outside of its row")
        look(page, case, "case")
        missing = page.locator(".missing").first
        red, green, blue = page.evaluate("e => getComputedStyle(e).color.match(/[0-9]+/g).map(Number)", missing.element_handle())
        check("description" in missing.inner_text() and red > 100 and red > 2 * max(green, blue), f"missing facts are rgb({red}, {green}, {blue})")
        for name, path in [("product", "/products/PHONE-1"), ("account", "/account"), ("policy", "/knowledge/policy"), ("packs", "/knowledge/packs")]:
          look(page, path, name)

        # Their own time, with the desk's to be pointed at.
        page.goto(address + case)
        times = page.evaluate('''() => [...document.querySelectorAll("time[data-clock]")].map((time) => [
          time.textContent, time.title,
          new Date(time.dateTime).toLocaleTimeString("en-GB", { timeZone: "Asia/Jakarta", hour: "2-digit", minute: "2-digit" })])''')
        check(len(times) > 1, "there are no times")
        for words, title, own in times:
          check(own in words and "UTC" not in words, f"{words} is not {own}")
          check(title.endswith(" UTC"), f"{title} is not in UTC")
        page.goto(address + "/account")
        check(page.locator("#hour option").nth(2).inner_text().startswith("02:00 (09:00"), "the hour of the letter is not told")
        # The next page, taken in by the script, too.
        page.goto(address + "/queue")
        page.get_by_role("button", name="Next case").click()
        page.wait_for_url("**/cases/**")
        page.get_by_text("Skip, put off, or pass on").click()
        page.locator("#skip-why").fill("I do not know this trade.")
        before = page.url
        page.get_by_role("button", name="Skip", exact=True).click()
        page.wait_for_url(lambda url: url.split("?")[0] != before.split("?")[0])
        check("UTC" not in page.locator("time[data-clock]").first.inner_text(), "a page that the script took in is in UTC")

        plain = visit(browser, java_script_enabled=False)
        plain.goto(address + case)
        check(plain.locator("time[data-clock]").first.inner_text().endswith(" UTC"), "without the script the zone is not said")
        browser.close()
      print("\\n".join(faults))
      sys.exit(1 if faults else 0)
      """

    @Test func `rows stay short and readable, what is missing is red, and times are the reader's own`() async throws {
      try await Desk.with([Waiting.shirt("PHONE-1"), Waiting.shirt("PHONE-2")]) { desk in
        try await desk.person("mei@acme.example", [.broker, .complianceLead])
        let folder = ProcessInfo.processInfo.environment["PABEAN_TEST_PICTURES"] ?? "-"
        let verdict = try await Subprocess.run(
          try #require(Judge.python),
          ["-c", Self.script, desk.address, "/cases/\(try await desk.caseID("PHONE-1"))", folder],
          deadline: .seconds(120))
        #expect(verdict.succeeded, "\(verdict)")
      }
    }
  }
}
