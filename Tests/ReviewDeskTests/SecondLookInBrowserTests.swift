import Domain
import FoundationEssentials
import Postgres
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  /// As `Pictures`, over the blind second look and the gold cases.
  @Suite(
    "A second look in a browser",
    .enabled("chromium, or the Python package axe-playwright-python, is absent") {
      guard let python = Judge.python, FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium") else {
        return false
      }
      return try await Subprocess.run(python, ["-c", "import axe_playwright_python, playwright"]).succeeded
    })
  struct SecondLookInBrowser {
    private static let script = """
      import sys
      from playwright.sync_api import sync_playwright
      from axe_playwright_python.sync_playwright import Axe
      address, password, case, folder = sys.argv[1:5]
      faults = []
      rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
      with sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        def enter(email, scheme, **more):
          page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme, **more)
          page.on("console", lambda m: faults.append("console: " + m.text) if m.type == "error" and "Failed to load" not in m.text else None)
          page.goto(address + "/sign-in")
          page.locator("#email").fill(email)
          page.locator("#password").fill(password)
          page.keyboard.press("Enter")
          page.wait_for_url("**/queue")
          return page
        def look(page, name, scheme):
          if folder != "-": page.screenshot(path=f"{folder}/{name}-{scheme}.png", full_page=True)
          found = Axe().run(page, options={"runOnly": rules})
          if len(found.response["passes"]) < 10: faults.append(f"{name}: hardly anything was judged")
          for violation in found.response["violations"]:
            faults.append(f"{name} {scheme}: {violation['id']} {[n['html'] for n in violation['nodes']][:3]}")
          page.set_viewport_size({"width": 640, "height": 450})
          wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
          if wide > 0: faults.append(f"{name} is {wide} px too wide at 200 %")
          page.set_viewport_size({"width": 1280, "height": 900})
        for scheme in ["light", "dark"]:
          lead = enter("lee@acme.example", scheme)
          lead.goto(address + "/cases/" + case)
          look(lead, "case-decided", scheme)
          lead.goto(address + "/quality/gold?case=" + case)
          look(lead, "gold-mark", scheme)
          lead.get_by_label("Why").fill("Knitted, of cotton: the fibre test says so")
          lead.get_by_role("button", name="Make it a gold case").click()
          lead.wait_for_url("**/quality/gold")
          look(lead, "gold", scheme)
          lead.goto(address + "/quality")
          look(lead, "quality-lead", scheme)
        # One by hand, without a script and by the keyboard alone; the other as everybody.
        for email, scheme, script in [("mei@acme.example", "light", False), ("bo@acme.example", "dark", True)]:
          page = enter(email, scheme, java_script_enabled=script)
          page.goto(address + "/quality")
          page.get_by_text("Take the next second look").click()
          page.wait_for_url("**/quality/*-*")
          text = page.locator("main").inner_text()
          if "6109" in text or "gold" in text.lower(): faults.append("the page tells what was decided: " + text)
          if script: look(page, "second-look", scheme)
          elif folder != "-": page.screenshot(path=f"{folder}/second-look-{scheme}.png", full_page=True)
          def tab_to(name):
            for _ in range(60):
              page.keyboard.press("Tab")
              if page.locator(":focus").get_attribute("name") == name: return
            faults.append(f"no way to {name} by the keyboard")
          tab_to("code")
          page.keyboard.press("Tab")
          page.keyboard.press("Tab")
          page.keyboard.press("Enter")
          page.wait_for_selector("[role=alert]")
          if script: look(page, "second-look-refused", scheme)
          tab_to("code")
          page.keyboard.type("6109.90")
          page.keyboard.press("Tab")
          page.keyboard.type("Feels like polyester")
          page.keyboard.press("Tab")
          page.keyboard.press("Enter")
          page.wait_for_url("**/quality?found=otherwise")
        browser.close()
      print("\\n".join(faults))
      sys.exit(1 if faults else 0)
      """

    @Test func `everybody can take one, in light and dark, at twice the size and without a mouse`() async throws {
      let bold = Policy(
        name: "bold",
        defaults: Policy.Settings(autoClearAt: Confidence(0.05), suggestAt: Confidence(0.02), requiredFields: []),
        requiredLists: .named([]))
      try await Desk.with([], policy: bold) { desk in
        for (email, roles) in [
          ("lee@acme.example", [.complianceLead]), ("mei@acme.example", [.broker]), ("bo@acme.example", [.compliance]),
        ] as [(String, [PersonRole])] { try await desk.person(email, roles) }
        let lee = try await Browser.signedIn(desk, email: "lee@acme.example")
        let shares = ["automatic": "100", "decided": "100", "gold": "50"]
        #expect(try await lee.post("/quality/setting", shares).status == 303)
        try await desk.submit([Waiting.shirt("B-1"), Waiting.shirt("B-2"), Waiting.shirt("B-3")], settled: 3)
        for sku in ["B-1", "B-2", "B-3"] { try await desk.reaches(.writtenBack, sku) }
        _ = try await eventually("all are drawn") {
          try await desk.pabean.count("SELECT count(*) FROM quality_check") == 3 ? true : nil
        }
        let folder = ProcessInfo.processInfo.environment["PABEAN_TEST_PICTURES"] ?? "-"
        let id = try await desk.caseID("B-1")
        let verdict = try await Subprocess.run(
          try #require(Judge.python), ["-c", Self.script, desk.address, Desk.password, "\(id)", folder],
          deadline: .seconds(200))
        #expect(verdict.succeeded, "\(verdict)")
      }
    }
  }
}
