/// What a column's name means.
enum ProductColumns {
  enum Target: Equatable, Sendable {
    case field(String)
    case attribute(String)

    var name: String {
      switch self {
      case .field(let name), .attribute(let name): name
      }
    }
  }

  static func target(_ name: String) -> Target? {
    for prefix in ["attribute:", "attr:", "attribute.", "attr.", "attribute_", "attr_"] {
      guard name.lowercased().hasPrefix(prefix) else { continue }
      let attribute = CleanText.clean(String(name.dropFirst(prefix.count)))
      return attribute.isEmpty ? nil : .attribute(attribute)
    }
    let key = plain(name)
    if let field = fields[key] { return .field(field) }
    for base in ["title", "description"] where key.hasPrefix(base) {
      if let language = LanguageTag.known(String(key.dropFirst(base.count))) { return .field("\(base)_\(language)") }
    }
    return nil
  }

  /// Lower case without spaces and signs: `Title (TH)` is `titleth`, `Weight [kg]` is `weightkg`.
  private static func plain(_ name: String) -> String {
    RawRecord.normalised(name.lowercased().filter { !"()[]:/*#".contains($0) })
  }

  private static let fields: [String: String] = {
    var fields: [String: String] = [:]
    for line in synonyms.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      let field = String(parts[0])
      fields[plain(field)] = field
      for name in parts.dropFirst().joined().split(separator: ",") {
        fields[plain(CleanText.clean(String(name)))] = field
      }
    }
    return fields
  }()

  private static let synonyms = """
    sku: item number, item no, item code, product code, article number, stock code, kode barang, kode produk
    sku: kod produk, รหัสสินค้า, mã sản phẩm, mã hàng, 货号, 商品编码
    title: titles, name, product name, item name, product, nama, nama barang, nama produk, ชื่อสินค้า
    title: tên sản phẩm, tên hàng, 品名, 商品名称, 产品名称, pangalan
    description: descriptions, long description, details, deskripsi, keterangan, penerangan, รายละเอียด
    description: mô tả, 描述, 商品描述
    materials: material, composition, fabric, bahan, วัสดุ, chất liệu, 材质, 材料, 成分, materyal
    ingredients: ingredient, komposisi, ramuan, ส่วนประกอบ, thành phần, 配料, sangkap
    intendedUse: use, usage, purpose, kegunaan, การใช้งาน, công dụng, 用途
    category: categories, category path, product type, kategori, หมวดหมู่, danh mục, 类别, 分类, kategorya
    attributes: properties, specifications, specs, atribut, 属性, 规格
    images: image, image url, image urls, image link, pictures, gambar, รูปภาพ, hình ảnh, 图片
    origin: country of origin, origin country, made in, coo, negara asal, asal, ประเทศต้นกำเนิด, xuất xứ
    origin: nước xuất xứ, 原产国, 原产地, 产地
    price: unit value, unit price, value, declared value, customs value, harga, ราคา, giá, đơn giá, 价格, 单价
    price: presyo
    currency: currency code, price currency, mata uang, mata wang, สกุลเงิน, tiền tệ, 币种, 货币
    weight: berat, น้ำหนัก, trọng lượng, khối lượng, 重量, timbang
    weightUnit: weight uom, weight unit of measure, satuan berat
    weight_g: weight grams, weight in g, berat g, 重量g, 重量克
    weight_kg: weight kgs, weight in kg, berat kg, 重量kg, 重量公斤
    weight_lb: weight lbs
    weight_oz:
    netWeight: net wt, berat bersih, 净重
    netWeight_g: net weight grams
    netWeight_kg:
    netWeightUnit:
    grossWeight: gross wt, berat kotor, 毛重
    grossWeight_g: gross weight grams
    grossWeight_kg:
    grossWeightUnit:
    gtin: ean, ean13, upc, barcode, kode batang, บาร์โค้ด, mã vạch, 条码, 条形码
    brand: brand name, merek, jenama, ยี่ห้อ, แบรนด์, thương hiệu, nhãn hiệu, 品牌, tatak
    supplier: vendor, pemasok, pembekal, ผู้จัดจำหน่าย, nhà cung cấp, 供应商
    manufacturer: maker, produsen, pengilang, ผู้ผลิต, nhà sản xuất, 制造商, 生产商
    variantOf: parent, parent sku, variant of
    hsCode: hs, hts, hts code, tariff code, commodity code, supplied code, ahtn, kode hs, kod hs, พิกัด
    hsCode: mã hs, 海关编码, hs编码
    markets: market, destinations, destination markets, pasar, ตลาด, thị trường, 市场, 目的国
    """
}
