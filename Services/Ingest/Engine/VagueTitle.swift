import Domain

/// Finds titles that say nothing: no tariff officer could tell from `gift` or `item 123` what is in the box.
enum VagueTitle {
  /// Refuses such a product unless another of its fields says what it is; then the sender is told.
  static func check(_ product: Product, _ log: inout IssueLog) {
    let ignored = [product.sku, product.brand, product.gtin?.digits].compactMap(\.self)
    guard product.titles.allSatisfy({ saysNothing($0.text, ignoring: ignored) }) else { return }
    let problem = "The title \(quoted(product.title)) does not say what the product is."
    let remedy =
      "Say what it is, what it is made of and what it is for, such as 'women's handbag of cow leather with zip'."
    if isDescribedElsewhere(product, ignoring: ignored) {
      log.notify("/title", .vague, problem, remedy)
    } else {
      log.refuse("/title", .vague, problem, remedy)
    }
  }

  static func saysNothing(_ title: String, ignoring ignored: [String] = []) -> Bool {
    let words = informativeWords(title, ignoring: ignored)
    return words.isEmpty || (words.count == 1 && genericNouns.contains(words[0]))
  }

  private static func isDescribedElsewhere(_ product: Product, ignoring ignored: [String]) -> Bool {
    // The first lines say it or nothing does, and the cost stays small.
    let texts =
      product.descriptions.map { String($0.text.unicodeScalars.prefix(500)) } + [product.intendedUse].compactMap(\.self)
    if texts.contains(where: { informativeWords($0, ignoring: ignored).count >= 2 }) { return true }
    return product.categoryPath.contains { !saysNothing($0, ignoring: ignored) }
      || product.categoryPath.count > 1 && product.categoryPath.contains { !informativeWords($0).isEmpty }
      || !(product.materials + product.ingredients).isEmpty
        && !informativeWords(product.title, ignoring: ignored).isEmpty
  }

  /// The words that are left when codes, numbers, sizes, colours, fillers, brand and SKU are taken away.
  static func informativeWords(_ text: String, ignoring ignored: [String] = []) -> [String] {
    let ignoredWords = Set(ignored.flatMap { words($0) })
    return words(text).filter { !ignoredWords.contains($0) }.map(withoutCode).flatMap(unspaced)
      .filter { $0.utf8.count > 1 && !emptyWords.contains($0) }
  }

  /// `SKX007` is a code and says nothing; of `shampoo250ml` the letters are left.
  private static func withoutCode(_ word: String) -> String {
    guard word.utf8.contains(where: NumberText.isDigit) else { return word }
    let letters = word.filter { !($0.isASCII && $0.isNumber) }
    return letters.count >= 6 ? letters : ""
  }

  private static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    for scalar in text.lowercased().unicodeScalars {
      if isWordPart(scalar) {
        word.unicodeScalars.append(scalar)
      } else if scalar == "'" || scalar == "’" {
        continue
      } else if !word.isEmpty {
        words.append(word)
        word = ""
      }
    }
    return word.isEmpty ? words : words + [word]
  }

  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) }
    let properties = scalar.properties
    return properties.isAlphabetic || properties.numericType != nil || properties.generalCategory == .nonspacingMark
      || properties.generalCategory == .spacingMark
  }

  /// Thai and Chinese write no spaces: the known empty words are cut out of the run, and the rest counts as one word.
  private static func unspaced(_ word: String) -> [String] {
    guard let first = word.unicodeScalars.first, isUnspaced(first) else { return [word] }
    var rest = word[...]
    var kept = ""
    while !rest.isEmpty {
      if let empty = unspacedEmptyWords.first(where: { rest.hasPrefix($0) }) {
        rest = rest.dropFirst(empty.count)
      } else {
        kept.append(rest.removeFirst())
      }
    }
    return kept.isEmpty ? [] : [kept]
  }

  private static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
    (0x0E00...0x0EFF).contains(scalar.value) || (0x3040...0x30FF).contains(scalar.value)
      || (0x3400...0x9FFF).contains(scalar.value)
  }

  private static let unspacedEmptyWords = emptyWords.filter { $0.unicodeScalars.first.map(isUnspaced) ?? false }
    .sorted { ($0.count, $0) > ($1.count, $1) }

  /// Words that say nothing of what a thing is: fillers, colours, sizes, and nouns that fit everything.
  private static let emptyWords = wordSet(
    """
    a an and the of for with in on to by or from new hot sale best cheap top quality high good nice cute beautiful
    lovely popular latest original genuine authentic official premium luxury brand branded unbranded generic other others
    misc miscellaneous various assorted mixed random general standard normal regular default custom customized
    personalized private own test testing dummy placeholder example tbd tba na none null unknown untitled unspecified
    nil
    good goods item items product products sample samples gift gifts present presents article articles stuff thing
    things merchandise commodity commodities cargo parcel parcels package packages shipment order orders supplies
    material materials equipment accessory accessories part parts spare spares component components set sets kit kits pack
    packs piece pieces pcs pc unit units lot lots bundle bundles box boxes carton cartons pair pairs dozen bag
    personal effects belongings household use daily necessities consumer free promo promotion promotional promotional
    freebie souvenir souvenirs no number nr model type style design version variant option code ref sku size color
    colour details see photo picture description below above as per invoice
    black white red blue green yellow pink purple orange brown grey gray beige navy silver gold multicolor multicolour
    multi
    xs s m l xl xxl xxxl small medium large mini big petite tall short long plus one onesize years year months month old
    uk eu us cm mm inch kg g ml
    for him her men women man woman kids kid adult adults boy boys girl girls baby unisex mens womens mens ladies

    barang produk item hadiah contoh sampel kado bingkisan paket aneka macam lain lainnya umum serba baru
    murah terbaik asli keperluan perlengkapan peralatan aksesori aksesoris bagian suku cadang buah pcs unit jenis warna ukuran
    untuk dan dari dengan yang merek hitam putih merah biru hijau kuning tes percobaan kebutuhan pribadi
    barangan hadiahan cenderamata pelbagai alatan bahagian alat ganti kegunaan harian dan untuk

    สินค้า ของขวัญ ตัวอย่าง สิ่งของ ของ ของฝาก ของใช้ อุปกรณ์ อะไหล่ ชิ้นส่วน ผลิตภัณฑ์ เบ็ดเตล็ด ทั่วไป ใหม่ ชุด ชิ้น อัน
    พัสดุ สีดำ สีขาว สีแดง ส่วนตัว อื่นๆ อื่น ทดสอบ

    hàng hóa hoá sản phẩm quà tặng mẫu thử đồ vật dụng phụ kiện tùng linh bộ cái chiếc mới khác loại món
    kiện bưu tổng hợp cá nhân và cho của thiết bị mặt vật đen trắng đỏ xanh

    产品 商品 货物 物品 礼物 礼品 赠品 样品 样本 东西 用品 配件 零件 附件 其他 其它 杂项 日用品 新款 新品 套装 一个 一件 件 个 套 测试 包裹 通用
    產品 貨物 禮物 禮品 贈品 樣品 黑色 白色 红色 蓝色 的

    regalo kalakal bagay produkto paninda halimbawa pasalubong gamit mga iba ibang bago para sa ng ang at padala itim
    puti pula aytem
    """)

  /// Nouns that alone leave the chapter of the tariff open; with any other word they count.
  private static let genericNouns = wordSet(
    """
    clothes clothing garment garments apparel wear shirt shirts dress top tops pants trousers jacket coat shoe shoes
    footwear hat cap bags toy toys tool tools food foods snack snacks drink drinks beverage medicine medicines drug drugs
    chemical chemicals cosmetic cosmetics makeup cream oil powder liquid gel supplement supplements vitamins
    electronics electronic electrical device devices machine machines machinery gadget gadgets appliance appliances
    component hardware software furniture decoration decor ornament ornaments jewelry jewellery textile textiles fabric
    plastic plastics metal wood rubber glass paper leather book books document documents stationery toolset case cover
    holder stand adapter cable battery lamp light sensor pump valve filter motor spareparts sport sports
    baju pakaian sepatu tas mainan makanan minuman obat kosmetik elektronik mesin alat perabot kain buku pakaian kasut
    beg ubat pakaian
    áo quần giày túi thuốc
    เสื้อผ้า เสื้อ รองเท้า กระเป๋า ของเล่น อาหาร ขนม ยา เครื่องสำอาง เครื่องจักร
    衣服 服装 鞋子 鞋 包 玩具 食品 零食 药品 化妆品 电子产品 机器 工具
    damit sapatos laruan pagkain gamot
    """)

  private static func wordSet(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: \.isWhitespace).map { CleanText.clean(String($0)) })
  }
}
