import Domain
import IngestEngine
import JSON
import Testing

@Suite struct ProductCSVTests {
  private func read(_ text: String) throws -> (rows: [ProductCSV.Row], notices: [ValidationIssue]) {
    var table = ProductCSV()
    var rows: [ProductCSV.Row] = []
    try table.read(Array(text.utf8)) { rows.append($0) }
    try table.finish { rows.append($0) }
    return (rows, table.notices)
  }

  private func product(_ row: ProductCSV.Row?) throws -> Product? {
    guard case .product(let json) = row?.content else { return nil }
    return ProductIntake(knownMarkets: markets).read(json).accepted
  }

  @Test func `a table becomes products`() throws {
    let (rows, notices) = try read(
      """
      SKU,Product Name,Title (TH),Material,Country of Origin,Unit Price,Currency,Weight (kg),Barcode,HS Code,Markets,Attribute: Colour
      A-1,"Shirt, knitted",เสื้อ,"60% cotton, 40% wool",China,12.50,USD,0.25,4006381333931,6109.10,"SG;MY",red

      """)
    #expect(notices == [])
    #expect(rows.map(\.line) == [2])
    let product = try #require(try product(rows.first))
    #expect(product.titles == [LocalizedText("Shirt, knitted"), LocalizedText("เสื้อ", language: "th")])
    #expect(product.materials.count == 2)
    #expect(product.netWeightGrams == 250)
    #expect(product.attributes == [Attribute("Colour", "red")])
    #expect(product.markets.map(\.code) == ["MY", "SG"])
  }

  @Test(arguments: [
    "kode barang;nama barang;bahan;negara asal;harga;mata uang;pasar",
    "รหัสสินค้า;ชื่อสินค้า;วัสดุ;ประเทศต้นกำเนิด;ราคา;สกุลเงิน;ตลาด",
    "Mã sản phẩm;Tên sản phẩm;Chất liệu;Xuất xứ;Giá;Tiền tệ;Thị trường",
    "货号;商品名称;材质;原产国;单价;币种;市场",
  ])
  func `headers are known in the languages of the markets`(header: String) throws {
    let (rows, notices) = try read("\(header)\nA;Sepatu kulit;kulit;CN;5;USD;SG\n")
    #expect(notices == [])
    let product = try #require(try product(rows.first))
    #expect(product.materials == [Component("kulit")])
    #expect(product.origin?.code == "CN")
    #expect(product.unitValue?.description == "5.00 USD")
  }

  @Test func `a bad row is reported and the others are read`() throws {
    let (rows, _) = try read("sku,title\nA,\"x\"y\nB,Cotton shirt,extra\nC,Cotton shirt\n")
    #expect(rows.map(\.line) == [2, 3, 4])
    let malformed = rows.map { row in if case .malformed = row.content { true } else { false } }
    #expect(malformed == [true, true, false])
  }

  @Test func `an unknown column is told once`() throws {
    let (rows, notices) = try read("sku,title,Buyer memo\nA,x,1\nB,y,2\n")
    #expect(notices.map(\.field) == ["Buyer memo"])
    guard case .product(let json) = rows[0].content else { return #expect(Bool(false)) }
    #expect(json.objectValue?.keys == ["sku", "title"])
  }

  @Test(arguments: ["", "title,price\nx,1\n", "sku,SKU\n1,2\n", "sku,name,title\n1,2,3\n"])
  func `a header that cannot be used is refused`(text: String) {
    #expect(throws: ProductCSV.Failure.self) { try read(text) }
  }

  @Test func `columns of attributes join a column of pairs`() throws {
    let (rows, _) = try read("sku,title,markets,attributes,attr:size\nA,Cotton shirt,SG,colour: red; fit: slim,M\n")
    #expect(try product(rows.first)?.attributes == [.init("colour", "red"), .init("fit", "slim"), .init("size", "M")])
  }
}
