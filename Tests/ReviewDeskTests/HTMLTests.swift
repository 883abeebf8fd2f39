import Domain
import JSON
import ReviewDeskEngine
import Testing

@Suite struct HTMLTests {
  @Test func `text and attribute values cannot become markup`() {
    let evil = "\"><script>'&\u{0}"
    let html = HTML.element("a", .init("title", evil)) { evil }.source
    let escaped = "&quot;&gt;&lt;script&gt;&#39;&amp;\u{FFFD}"
    #expect(html == "<a title=\"\(escaped)\">\(escaped)</a>")
  }

  @Test func `marks that turn the direction of text are shown instead of obeyed`() {
    #expect(HTML.text("61\u{202E}09\u{2066}").source == "61⟨U+202E⟩09⟨U+2066⟩")
    #expect(HTML.text("\u{61C}").source == "⟨U+061C⟩")
    #expect(HTML.text("ไทย\u{200B}ខ្មែរ").source == "ไทย\u{200B}ខ្មែរ")
  }

  @Test func `a time stands by itself, as the desk says it and as a script reads it`() throws {
    let at = try #require(Instant("2026-11-20T22:07:00Z"))
    let html = HTML.element("p", [], [.phrase("withdrawn \(at)"), .phrase("by \("<b>")")])
    let time = "<time data-clock datetime=\"2026-11-20T22:07:00.000000Z\">20 Nov 2026, 22:07 UTC</time>"
    #expect(html.source == "<p>withdrawn \(time)by &lt;b&gt;</p>")
    #expect(
      HTML.element("i", .init("title", says: "withdrawn \(at)")).source
        == "<i title=\"withdrawn 20 Nov 2026, 22:07 UTC\"></i>")
  }

  @Test func `forms are read as browsers send them`() {
    let form = FormFields(Array("a=1+2&b=%C3%A9%26&c=&expectedVersion=7".utf8))
    #expect(form?["a"] == "1 2")
    #expect(form?["b"] == "é&")
    #expect(form?.json(["b", "c", "expectedVersion"]) == ["b": "é&", "expectedVersion": 7])
    for broken in ["a=%", "a=%2", "a=%zz", "a=%ff"] { #expect(FormFields(Array(broken.utf8)) == nil, "\(broken)") }
    #expect(FormFields(Array(String(repeating: "a=1&", count: 200).utf8)) == nil)
  }
}
