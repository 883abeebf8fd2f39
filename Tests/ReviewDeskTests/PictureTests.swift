import Domain
import FoundationEssentials
import JSON
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  /// A real browser opens the pages: axe-core judges whether everybody can use them, and the pictures can be kept
  /// (PABEAN_TEST_PICTURES names a folder).
  @Suite(
    "The pages in a browser",
    .enabled("chromium, or the Python package axe-playwright-python, is absent") {
      guard let python = Judge.python, FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium") else {
        return false
      }
      return try await Subprocess.run(python, ["-c", "import axe_playwright_python, playwright"]).succeeded
    })
  struct Pictures {
    private static let script = """
      import json, sys
      from playwright.sync_api import sync_playwright
      from axe_playwright_python.sync_playwright import Axe
      address, email, password, case, folder, welcome = sys.argv[1:7]
      faults = []
      rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
      views = [("en-US", "light"), ("en-US", "dark"), ("id-ID", "light"), ("ms-MY", "light"), ("th-TH", "light"),
               ("th-TH", "dark"), ("vi-VN", "light"), ("zh-CN", "light")]
      with sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for locale, scheme in views:
          page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme, locale=locale)
          page.on("console", lambda m: faults.append("console: " + m.text) if m.type == "error" else None)
          def look(name):
            if folder != "-":
              page.screenshot(path=f"{folder}/{name}-{locale[:2]}-{scheme}.png", full_page=name.startswith("case"))
            found = Axe().run(page, options={"runOnly": rules})
            if len(found.response["passes"]) < 10: faults.append(f"{name}: hardly anything was judged")
            for violation in found.response["violations"]:
              faults.append(f"{name} {locale} {scheme}: {violation['id']} {[n['html'] for n in violation['nodes']][:3]}")
          def in_language():
            tag = page.evaluate("document.documentElement.lang")
            if tag[:2] != locale[:2]: faults.append(f"{page.url} is in {tag}, not in {locale}")
          page.goto(address + "/welcome/" + welcome)
          look("welcome")
          page.goto(address + "/")
          look("sign-in")
          in_language()
          page.locator("summary").click()
          look("sign-in-key")
          page.locator("#email").fill(email)
          page.locator("#password").fill(password)
          page.keyboard.press("Enter")
          page.wait_for_url("**/queue")
          look("queue")
          in_language()
          page.locator("form[action='/next'] button").click()
          page.wait_for_url("**/cases/*")
          if page.frame_locator("iframe").locator("form[action$='/release']").count() != 1:
            faults.append("the page does not show who has the case")
          page.goto(address + "/queue")
          look("queue-held")
          page.goto(address + "/account")
          look("account")
          in_language()
          if locale == "en-US":
            page.goto(address + "/queue?q=a&kind=belowAutoClear")
            page.get_by_text("Views", exact=True).click()
            page.get_by_label("Keep what is shown as").fill("Not sure enough " + scheme)
            page.get_by_role("button", name="Keep").click()
            page.wait_for_url("**/queue?view=*")
            page.get_by_text("Views", exact=True).click()
            look("queue-views")
            page.get_by_role("link", name="Decide these together").click()
            look("bulk")
            page.get_by_label("Approve its best candidate").check()
            page.get_by_role("button", name="Show what would happen").click()
            look("bulk-preview")
            page.goto(address + "/queue")
            page.keyboard.press("?")
            look("keys")
            page.keyboard.press("Escape")
          page.goto(address + "/cases/" + case)
          page.locator(".hand-over > summary").click()
          look("case")
          in_language()
          page.frame_locator("iframe").get_by_role("button").click()
          page.wait_for_url("**/cases/" + case)
          page.set_viewport_size({"width": 640, "height": 450})
          for path in ["/queue", "/account", "/queue?kind=belowAutoClear", "/bulk?q=a", "/cases/" + case]:
            page.goto(address + path)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 0: faults.append(f"{path} is {wide} px too wide at 200 % in {locale}")
          look("case-200")
          page.close()
        browser.close()
      print("\\n".join(faults))
      sys.exit(1 if faults else 0)
      """

    @Test func `everybody can use the pages in every language, in light and dark and at twice the size`() async throws {
      try await Desk.with(Catalogue.products, policy: Desk.everyday) { desk in
        let key = try await desk.key("mei.tan", ["broker", "compliance", "logistics"])
        let shown = "EAR-2291"
        let question = "What is the battery's rated energy in watt-hours, and is it built in?"
        _ = try await desk.decide(shown, ["action": "ask", "question": .string(question)], key: key)
        let id = try await desk.caseID(shown)
        _ = try await desk.post("/v1/cases/\(id)/answer", ["answer": "Built in, 0.2 Wh each; case 1.5 Wh."], key: key)
        let reader = try await desk.person("mei.tan@acme.example", [.broker, .compliance, .logistics])
        let guest = try await desk.person("ana@acme.example", [.broker], hasPassword: false)
        let welcome = try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          let soon = Instant(microseconds: 4_000_000_000_000_000)
          return try People.invite(guest.id, until: soon, at: Instant(microseconds: 0), tx)
        }
        let folder = ProcessInfo.processInfo.environment["PABEAN_TEST_PICTURES"] ?? "-"
        let verdict = try await Subprocess.run(
          try #require(Judge.python),
          ["-c", Self.script, desk.address, reader.email, Desk.password, id.description, folder, welcome],
          deadline: .seconds(280))
        #expect(verdict.succeeded, "\(verdict)")
      }
    }
  }
}

/// What a small shop might send.
private enum Catalogue {
  private static func product(
    _ sku: String, _ title: String, _ price: String, _ more: [String: JSONValue] = [:]
  ) -> JSONValue {
    var object = JSONObject([
      ("sku", .string(sku)), ("title", .string(title)), ("price", .string(price)), ("currency", "USD"),
      ("origin", "CN"), ("weight", "120 g"), ("markets", ["SG"]),
    ])
    for (name, value) in more.sorted(by: { $0.key < $1.key }) { object[name] = value }
    return .object(object)
  }

  static let products = [
    product(
      "EAR-2291", "True wireless earbuds with charging case, Bluetooth 5.3, lithium battery", "38.90",
      [
        "category": "Electronics > Audio > Earphones", "materials": "ABS 80%, silicone 20%", "brand": "Sonara",
        "weight": "62 g",
        "description": "In-ear headphones with microphone; radio transmitter 2.4 GHz; case with lithium-ion cell.",
        "intendedUse": "Listening to music and telephone calls", "supplier": "Shenzhen Sonara Audio Co Ltd",
      ]),
    product("GUM-07", "Peppermint chewing gum pellets, bottle of 60", "4.20", ["weight": "90 g"]),
    product("VAPE-3", "Disposable vape pen 600 puffs mango", "9.90"),
    product(
      "TH-118", "", "7.50",
      ["title": ["th": "ครีมบำรุงผิวหน้าผสมว่านหางจระเข้ 50 มล."], "category": "Beauty > Skin care"]),
    product(
      "VN-204", "", "85.00",
      ["title": ["vi": "Áo dài lụa tơ tằm thêu hoa sen"], "materials": "silk 100%"]),
    product("KNF-12", "Folding pocket knife, stainless steel blade 8 cm", "14.00"),
    product("WIN-9", "Red wine Cabernet Sauvignon 750 ml", "22.00"),
    product("WATCH-1", "Men's automatic wristwatch, sapphire glass, gold plated", "2450.00"),
    product("ADP-200", "Multi purpose adapter unit model X200 assembly", "12.00", ["weight": "90 g"]),
    product("TOY-55", "Wooden puzzle for children, 24 pieces", "6.00", ["materials": "wood 100%"]),
  ]
}
