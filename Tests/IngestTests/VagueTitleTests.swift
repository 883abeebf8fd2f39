import Domain
import IngestEngine
import JSON
import Testing

@Suite struct VagueTitleTests {
  @Test(arguments: [
    "goods", "Sample", "GIFT!", "item 123", "TS-1", "Acme", "Acme TS-1", "12345", "spare parts", "new product", "test",
    "black, xl", "red 42", "accessories", "shirt", "Toys", "set of 3 pcs", "---", "N/A", "as per invoice",
    "free sample",
    "barang", "hadiah", "contoh produk", "pakaian", "barangan", "aneka barang", "สินค้า", "ของขวัญ", "สินค้าตัวอย่าง",
    "hàng hóa", "quà tặng", "phụ kiện", "sản phẩm mới", "商品", "礼物", "样品", "日用品", "玩具", "regalo", "produkto",
    "mga gamit", "SKX007", "product123",
  ])
  func `a title that says nothing is refused with what to add`(title: String) throws {
    let verdict = try read(#"{"brand": "Acme", "title": "\#(title)"}"#)
    #expect(summary(verdict) == ["/title vague"], "\(title)")
    #expect(verdict.issues.first?.remedy.contains("what it is made of") == true)
  }

  @Test(arguments: [
    "Cotton shirt", "Laptop", "Banana chips", "phone case", "Wireless mouse M185", "men's leather shoes",
    "sepatu kulit",
    "kipas angin", "เสื้อยืดผ้าฝ้าย", "áo thun cotton", "纯棉T恤", "保温杯", "tsinelas", "gift wrapping paper",
    "sample tubes of glass",
    "toy car", "Shampoo", "5G smartphone", "shampoo250ml",
  ])
  func `a title that names a product is accepted`(title: String) throws {
    #expect(try read(#"{"brand": "Acme", "title": "\#(title)"}"#).issues == [], "\(title)")
  }

  @Test func `a poor title is told, not refused, where another field says what it is`() throws {
    for field in [
      #""description": "Insulated bottle of stainless steel""#, #""category": "Kitchen > Vacuum flasks""#,
      #""intendedUse": "keeping drinks warm""#,
    ] {
      let verdict = try read(#"{"title": "TS-1", \#(field)}"#)
      #expect(verdict.accepted != nil, "\(field)")
      #expect(verdict.notices.map(\.kind) == [.vague])
    }
  }

  @Test func `a poor title beside a poor description is refused`() throws {
    #expect(
      summary(try read(#"{"title": "gift", "description": "a nice gift", "category": "Gifts"}"#)) == ["/title vague"])
  }

  @Test func `one good language is enough`() throws {
    #expect(try read(#"{"title": null, "titles": {"en": "item 5", "vi": "bình giữ nhiệt"}}"#).accepted != nil)
  }
}
