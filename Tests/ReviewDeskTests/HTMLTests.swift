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

  @Test func `forms are read as browsers send them`() {
    let form = FormFields(Array("a=1+2&b=%C3%A9%26&c=&expectedVersion=7".utf8))
    #expect(form?["a"] == "1 2")
    #expect(form?["b"] == "é&")
    #expect(form?.json(["b", "c", "expectedVersion"]) == ["b": "é&", "expectedVersion": 7])
    for broken in ["a=%", "a=%2", "a=%zz", "a=%ff"] { #expect(FormFields(Array(broken.utf8)) == nil, "\(broken)") }
    #expect(FormFields(Array(String(repeating: "a=1&", count: 200).utf8)) == nil)
  }
}
