import Contracts
import Domain
import FoundationEssentials
import JSON
import Postgres
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  /// As `Pictures`, over the pages around the cases.
  @Suite(
    "The pages around the cases in a browser",
    .enabled("chromium, or the Python package axe-playwright-python, is absent") {
      guard let python = Judge.python, FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium") else {
        return false
      }
      return try await Subprocess.run(python, ["-c", "import axe_playwright_python, playwright"]).succeeded
    })
  struct PagesInBrowser {
    private static let script = """
      import json, sys
      from playwright.sync_api import sync_playwright
      from axe_playwright_python.sync_playwright import Axe
      address, key, folder = sys.argv[1:4]
      views = [view.split() for view in sys.argv[4].split(",")]
      pages = dict(pair.split("=", 1) for pair in sys.argv[5:])
      faults = []
      rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
      # Drawn words that reach out of their drawing, or stand on others.
      clipped = '''() => [...document.querySelectorAll("svg.drawing")].flatMap((svg) => {
        const whole = svg.getBoundingClientRect();
        const words = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
        const out = words.filter(([, box]) => box.left < whole.left - 1 || box.right > whole.right + 1);
        const over = words.filter(([, box], index) => words.slice(index + 1).some(([, next]) =>
          box.left < next.right - 1 && next.left < box.right - 1 && box.top < next.bottom - 2 && next.top < box.bottom - 2));
        return [...out, ...over].map(([text]) => text);
      })'''
      # Words in Latin letters where a reader of Chinese should find none: neither codes nor what somebody wrote.
      foreign = '''() => {
        const given = "[lang=en], [dir=auto], script, style, code, pre, textarea, .code, .digest, .sku, .who, .brand, kbd";
        const known = new RegExp("Pabean|SHA-256|acme|cotton|启用人 test|表：[a-z ]+|engine/missing-list|"
          + "[A-Z]{2}-[a-z0-9-]+|[a-z]+(-MY)?@[0-9.]+|hs[0-9.]+[0-9a-f]+", "g");
        const found = [];
        const judge = (text, element) => {
          if (!element.closest(given) && /[A-Za-z]{2}[a-z]/.test(text.replace(known, ""))) found.push(text.trim().slice(0, 80));
        };
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) judge(walk.currentNode.data, walk.currentNode.parentElement);
        for (const name of ["aria-label", "placeholder", "title", "alt"])
          for (const element of document.querySelectorAll(`[${name}]`)) judge(element.getAttribute(name), element);
        for (const word of Object.values(document.getElementById("news")?.dataset ?? {})) judge(word, document.body);
        judge(document.title, document.body);
        return found;
      }'''
      with sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for locale, scheme in views:
          page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme, locale=locale)
          page.on("console", lambda m: faults.append("console: " + m.text) if m.type == "error" else None)
          page.goto(address + "/sign-in")
          page.locator("summary").click()
          page.locator("#key").fill(key)
          page.keyboard.press("Enter")
          page.wait_for_url("**/queue")
          for name, path in pages.items():
            answer = page.goto(address + path)
            if answer.status != 200: faults.append(f"{path}: {answer.status}")
            if len(answer.body()) > 150_000: faults.append(f"{path}: {len(answer.body())} bytes")
            tag = page.evaluate("document.documentElement.lang")
            if tag[:2] != locale[:2]: faults.append(f"{path} is in {tag}, not in {locale}")
            for words in page.evaluate(clipped): faults.append(f"{name} {locale}: '{words}' is clipped or covered")
            if locale == "zh-CN": faults += [f"{name}: '{words}' is not in Chinese" for words in page.evaluate(foreign)]
            if folder != "-": page.screenshot(path=f"{folder}/{name}-{locale[:2]}-{scheme}.png", full_page=True)
            if locale in ["id-ID", "ms-MY"]: continue
            found = Axe().run(page, options={"runOnly": rules})
            if len(found.response["passes"]) < 10: faults.append(f"{name}: hardly anything was judged")
            for violation in found.response["violations"]:
              faults.append(f"{name} {locale} {scheme}: {violation['id']} {[n['html'] for n in violation['nodes']][:3]}")
          page.set_viewport_size({"width": 640, "height": 450})
          for name, path in pages.items() if scheme == "light" else []:
            page.goto(address + path)
            if folder != "-": page.screenshot(path=f"{folder}/{name}-{locale[:2]}-200.png")
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 0: faults.append(f"{path} is {wide} px too wide at 200 % in {locale}")
          page.close()
        # Without a mouse: from the dashboard to a code, and a draft that is refused.
        page = browser.new_page(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
        page.goto(address + "/sign-in")
        page.get_by_text("Sign in with a key", exact=True).click()
        page.get_by_label("Your key").fill(key)
        page.keyboard.press("Enter")
        page.wait_for_url("**/queue")
        def tab_to(words):
          for _ in range(60):
            page.keyboard.press("Tab")
            focused = page.locator(":focus")
            if focused.count() and words in (focused.inner_text() or focused.get_attribute("name") or ""): return
            if focused.count() and focused.get_attribute("name") == words: return
          faults.append(f"no way to {words} by the keyboard on {page.url}")
        tab_to("Knowledge")
        page.keyboard.press("Enter")
        page.wait_for_url("**/knowledge")
        tab_to("Codes")
        page.keyboard.press("Enter")
        page.wait_for_url("**/knowledge/codes")
        tab_to("q")
        page.keyboard.type("cotton t-shirt")
        page.keyboard.press("Enter")
        page.wait_for_url("**/knowledge/codes?q=*")
        tab_to("6109.10")
        page.keyboard.press("Enter")
        page.wait_for_url("**/knowledge/codes/610910")
        page.goto(address + "/knowledge/policy/draft")
        tab_to("text")
        page.keyboard.press("Control+a")
        page.keyboard.type("{")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=alert]")
        if "Line 1" not in page.locator("[role=alert]").inner_text(): faults.append("the draft's fault names no line")
        browser.close()
      print("\\n".join(faults))
      sys.exit(1 if faults else 0)
      """

    @Test(arguments: [
      "en-US light,en-US dark,id-ID light,ms-MY light", "th-TH light,vi-VN light,zh-CN light,zh-CN dark",
    ])
    func `everybody can use them in every language, in light and dark, at twice the size and without a mouse`(
      views: String
    ) async throws {
      let products =
        (1...6).map { SampleProducts.cotton(sku: "CLEAR-\($0)", markets: ["SG", "MY"]) } + [
          Waiting.with("GUM-07", ["title": "Peppermint chewing gum pellets, bottle of 60", "markets": ["SG", "MY"]]),
          Waiting.with("KNF-12", ["title": "Folding pocket knife, stainless steel blade 8 cm", "markets": ["SG"]]),
        ]
      try await Desk.with([], policy: Desk.everyday, markets: ["SG", "MY"]) { desk in
        try await desk.submit(products, settled: 15)
        let key = try await desk.key("mei.tan", ["broker", "compliance", "compliance-lead"])
        try await desk.pabean.publish(
          [SampleProducts.shipment("ORDER-7", lines: [("CLEAR-1", 3), ("GUM-07", 10)])], ids: ["s"], kind: .shipment)
        let shipment = try await desk.pabean.shipment("ORDER-7", reaches: .waiting).id
        for (sku, request) in [
          ("CLEAR-2", ["action": "override", "code": "6109.90", "reason": "Half of it is polyester, says the label"]),
          ("KNF-12", ["action": "reject", "reason": "A knife of eight centimetres"]),
        ] as [(String, JSONValue)] { _ = try await desk.decide(sku, request, key: key) }
        try await History.write(to: desk)
        let draft = try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          var policy = Policy.starter
          policy.name = "a draft"
          policy.defaults.autoClearAt = Confidence(0.99)
          return try PolicyStore.add(policy, by: .person("lee"), at: Instant(microseconds: 1_760_000_000_000_000), tx)
        }
        let folder = ProcessInfo.processInfo.environment["PABEAN_TEST_PICTURES"] ?? "-"
        let pages = [
          "dashboard=/dashboard", "product=/products/GUM-07", "shipments=/shipments", "shipment=/shipments/\(shipment)",
          "replay=/cases/\(try await desk.caseID("GUM-07"))/replay", "knowledge=/knowledge",
          "chapters=/knowledge/codes", "code=/knowledge/codes/610910", "found=/knowledge/codes?q=cotton",
          "rulings=/knowledge/rulings", "precedents=/knowledge/precedents", "lists=/knowledge/lists",
          "packs=/knowledge/packs", "pack=/knowledge/packs/SG", "policy=/knowledge/policy",
          "policy-version=/knowledge/policy/versions/\(draft)?last=100", "policy-draft=/knowledge/policy/draft",
          "rules=/knowledge/rules", "quality=/quality",
        ]
        let verdict = try await Subprocess.run(
          try #require(Judge.python), ["-c", Self.script, desk.address, key, folder, views] + pages,
          deadline: .seconds(280))
        #expect(verdict.succeeded, "\(verdict)")
      }
    }
  }
}

/// Five weeks of figures, as a desk that is in use has them.
private enum History {
  static func write(to desk: Desk) async throws {
    try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
      try tx.executeScript(
        """
        INSERT INTO desk_figure (day, market, measure, key, count, total)
        SELECT current_date - d, m.market, f.measure, f.key, greatest(0, f.count + (d * 7 + length(f.key) * 3) % 11 - 5), f.total
        FROM generate_series(1, 34) d, (VALUES ('SG'), ('MY')) AS m (market), (VALUES
          ('lane', 'auto', 60, 0), ('lane', 'exception', 18, 0), ('lane', 'manual', 6, 0),
          ('reason', 'finding', 9, 0), ('reason', 'belowAutoClear', 12, 0), ('reason', 'trigger', 6, 0),
          ('reason', 'tooVague', 6, 0), ('duty', 'clear SGD', 60, 4310000), ('duty', 'held SGD', 20, 1870000),
          ('description', 'clear', 80, 0), ('confidence', '9', 60, 57600000), ('confidence', '6', 20, 13000000),
          ('decision', 'approved', 16, 0), ('decision', 'overridden', 6, 0), ('chapter', '61', 12, 2),
          ('chapter', '85', 8, 4), ('chapter', '33', 6, 1), ('judged', '9', 12, 11), ('stated', '9', 12, 11400000),
          ('judged', '6', 6, 4), ('stated', '6', 6, 3900000), ('judged', '3', 6, 2), ('stated', '3', 6, 2100000),
          ('wait', '38', 6, 0), ('wait', '44', 9, 0), ('wait', '50', 7, 0), ('wait', '58', 6, 0),
          ('handling', '20', 6, 0), ('handling', '23', 9, 0), ('handling', '27', 6, 0), ('delivery', '6', 40, 0),
          ('delivery', '9', 20, 0), ('overturned', 'auto-cleared', 6, 0)) AS f (measure, key, count, total)
        ON CONFLICT DO NOTHING;
        INSERT INTO desk_figure (day, market, measure, key, count, total)
        SELECT current_date - d, 'SG', 'description', 'vague', CASE WHEN d < 7 THEN 24 ELSE 4 END, 0
        FROM generate_series(1, 34) d ON CONFLICT DO NOTHING;
        INSERT INTO desk_figure_day (day, counted_at, milliseconds)
        SELECT current_date - d, now(), 3 FROM generate_series(1, 34) d ON CONFLICT DO NOTHING
        """)
    }
  }
}
