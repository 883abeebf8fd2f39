import Domain
import FoundationEssentials
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  /// As `Pictures`: out to the provider, which is another site to the browser, and back.
  @Suite(
    "Signing in by a provider in a browser",
    .enabled("chromium, or the Python package axe-playwright-python, is absent") {
      guard let python = Judge.python, FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium") else {
        return false
      }
      return try await Subprocess.run(python, ["-c", "import axe_playwright_python, playwright"]).succeeded
    })
  struct ProviderInBrowser {
    private static let script = """
      import sys
      from playwright.sync_api import sync_playwright
      from axe_playwright_python.sync_playwright import Axe
      address, folder = sys.argv[1:3]
      faults = []
      rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
      names = {"en-US": "Sign in with your organisation's account", "th-TH": "เข้าสู่ระบบด้วยบัญชีขององค์กรคุณ"}
      with sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for locale, scheme in [("en-US", "light"), ("th-TH", "dark")]:
          context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme, locale=locale)
          page = context.new_page()
          page.on("console", lambda m: faults.append("console: " + m.text) if m.type == "error" and "Failed to load" not in m.text else None)
          def look(name):
            if folder != "-": page.screenshot(path=f"{folder}/{name}-{locale[:2]}-{scheme}.png")
            found = Axe().run(page, options={"runOnly": rules})
            if len(found.response["passes"]) < 10: faults.append(f"{name}: hardly anything was judged")
            for violation in found.response["violations"]:
              faults.append(f"{name} {locale}: {violation['id']} {[n['html'] for n in violation['nodes']][:3]}")
          page.goto(address + "/queue")
          look("sign-in-provider")
          # The e-mail has the focus; this way stands before it.
          page.keyboard.press("Shift+Tab")
          if page.locator(":focus").inner_text() != names[locale]: faults.append("no way to the provider by the keyboard")
          page.keyboard.press("Enter")
          page.wait_for_url("**/authorize?*")
          page.get_by_text("Mei").click()
          page.wait_for_url("**/queue")
          if "Name of mei" not in page.locator("header").inner_text(): faults.append("nobody is signed in")
          cookies = {c["name"]: c for c in context.cookies()}
          if set(cookies) != {"__Host-pabean-desk"}: faults.append(f"cookies: {sorted(cookies)}")
          if cookies["__Host-pabean-desk"]["sameSite"] != "Strict": faults.append("the session goes along from other sites")
          # Going back there is harmless.
          page.go_back()
          page.goto(address + "/account")
          if page.url != address + "/account": faults.append(f"the account page is at {page.url}")
          page.locator("form[action='/sign-out'] button").click()
          page.wait_for_url("**/sign-in")
          page.goto(address + "/sign-in/provider/callback?code=x&state=y")
          look("sign-in-provider-failed")
          context.close()
        browser.close()
      print("\\n".join(faults))
      sys.exit(1 if faults else 0)
      """

    @Test func `a person goes out to the provider by the keyboard, and comes back signed in`() async throws {
      let provider = try ScriptedProvider()
      provider.set { $0.asks = true }
      try await Desk.with([Waiting.shirt("P-1")], settings: provider.settings(desk: "{desk}")) { desk in
        try await desk.person("mei@acme.example", [.broker], hasPassword: false)
        let folder = ProcessInfo.processInfo.environment["PABEAN_TEST_PICTURES"] ?? "-"
        let verdict = try await Subprocess.run(
          try #require(Judge.python), ["-c", Self.script, desk.address, folder], deadline: .seconds(200))
        #expect(verdict.succeeded, "\(verdict)")
      }
      await provider.stop()
    }
  }
}
