import ComplianceScreeningEngine
import Domain
import Testing

/// Goods that must not pass, as sellers name them who know no rule, with a code that says nothing about them.
struct SellerWordingTests {
  /// In each of the six markets.
  static let everywhere: [(rule: String, titles: [String])] = [
    ("battery-over-100wh", ["移动电源 50000毫安 3.7V", "户外电源 1000瓦时 220V", "Jump starter 40000mAh 3.7V"]),
    (
      "offensive-weapon",
      ["弹簧刀 折叠", "蝴蝶刀 真刃", "Tactical throwing knives set of 3", "Expandable baton steel", "OTF knife automatic"]
    ),
    ("blade-weapon", ["开山刀 户外"]), ("gun", ["电击棒 强光", "气枪 合金", "Diving speargun"]),
    ("magnet-toy", ["巴克球 216颗", "Magnetic building tiles for kids"]),
    ("drone", ["无人机 航拍 4K", "DJI Mini with camera", "四轴飞行器"]),
    ("radio", ["Baofeng UV-5R", "433MHz RF remote control module", "对讲机 一对", "LoRa module 915MHz", "UHF RFID reader"]),
    ("cosmetic", ["美白面霜", "Retinol night cream", "Eyelash glue", "口红 套装"]),
    ("supplement", ["Weight loss tea detox", "胶原蛋白粉", "Ashwagandha capsules"]),
    ("medicine", ["布洛芬缓释胶囊", "Tretinoin cream 0.05%", "Hyaluronic acid filler 2 ml injection"]),
    ("heat-massage-oil", ["Self-heating massage oil", "发热按摩油"]),
    ("e-cigarette", ["IQOS heat stick", "Elf Bar 5000", "电子烟 一次性", "Refillable pod system"]),
    ("plants", ["Tomato seeds heirloom 100 pcs", "Bonsai tree seeds", "向日葵种子"]),
    ("animal-products", ["牛肉干 500g", "Frozen pork belly", "腊肠", "燕窝 礼盒"]),
    ("live-animal", ["Live nightcrawler worms"]), ("alcohol", ["茅台酒 500ml", "Plum wine umeshu", "IPA beer 24 cans"]),
    ("tobacco", ["香烟 一条"]), ("fireworks", ["烟花爆竹"]),
    ("cites", ["Caiman crocodilus watch strap", "海马干", "Guaiacum officinale resin"]),
    ("cites-banned", ["象牙手镯", "穿山甲鳞片", "Astrochelys radiata", "Psittacus erithacus feathers", "Elephant tusk"]),
    ("counterfeit-wording", ["高仿 香奈儿 包", "Gucci belt AAA quality", "Cartier love bracelet 1:1"]),
    ("counterfeit-price", ["Louis Vuitton monogram handbag", "劳力士 手表"]),
    ("hazardous-chemical", ["Poppers isobutyl nitrite", "Nitrous oxide cream chargers"]),
  ]

  /// In one market, in its language.
  static let somewhere: [(rule: String, titles: [String])] = [
    ("ID-used-clothing", ["Celana jeans bekas import", "Baju second import", "二手衣服 批发", "Preloved dress"]),
    ("PH-used-clothing", ["Used jeans grade A", "Thrifted Levi's 501"]),
    ("VN-used-consumer-goods", ["二手衣服 批发", "Preloved dress"]), ("ID-e-cigarette", ["Pod sekali pakai"]),
    ("VN-e-cigarette", ["Pod dùng một lần vị dâu"]), ("TH-e-cigarette", ["พอตใช้แล้วทิ้ง"]),
    ("VN-battery-over-100wh", ["Trạm sạc di động 600Wh"]), ("ID-battery-over-100wh", ["Stasiun daya portabel 1000Wh"]),
    ("TH-heat-massage-oil", ["น้ำมันนวดสมุนไพรสูตรร้อน"]), ("ID-heat-massage-oil", ["Minyak pijat hangat herbal"]),
    ("VN-heat-massage-oil", ["Dầu nóng xoa bóp thảo dược"]), ("ID-gun", ["Alat kejut listrik"]),
    ("VN-gun", ["Dùi cui điện tự vệ"]), ("ID-cosmetic", ["Krim pemutih wajah", "Sabun muka"]),
    ("VN-cosmetic", ["Sữa rửa mặt"]), ("MY-medicine", ["Ubat kurus"]), ("ID-plants", ["Benih cabai"]),
    ("PH-plants", ["Buto ng gulay"]), ("VN-animal-products", ["Thịt bò khô", "Lạp xưởng"]),
    ("TH-animal-products", ["หมูแผ่น"]), ("TH-counterfeit-wording", ["กระเป๋าแบรนด์เนม เกรดมิลเลอร์"]),
    ("VN-counterfeit-wording", ["Giày Nike rep 1:1"]), ("ID-counterfeit-wording", ["Jam tangan Rolex KW"]),
  ]

  /// Goods that carry a rule's word as a colour, a picture or a shape.
  static let harmless = [
    "Whiskey barrel shaped planter", "Whisky tumbler glass", "Cigarette jeans", "Sword lily artificial flower",
    "Cigar box guitar strap", "Shotgun shell shaped keyring", "Sword fern artificial",
    "Bluetooth logo sticker", "Cocaine bear film poster", "Crossbow board game book", "Firework print umbrella",
    "Bird nest swing chair cover", "Tas kulit warna coklat tembakau", "Túi da màu nâu thuốc lá", "Váy màu ngà",
    "กระเป๋าสีน้ำตาลยาสูบ", "ชุดเดรสสีงาช้าง", "พวงกุญแจรูปปืน", "烟草棕色皮包", "红酒色窗帘", "种子图案贴纸", "燕窝炖盅 陶瓷", "冰箱贴",
    "Magnet peti sejuk", "Nam châm dán tủ lạnh", "Bekas abuk rokok", "Bag na kulay tabako",
    "Second hand for quartz watch",
  ]

  @Test(arguments: everywhere.indices) func `goods are known by what sellers call them, in English and Chinese`(
    _ index: Int
  ) {
    let (rule, titles) = Self.everywhere[index]
    for title in titles {
      for market in Fixtures.fullMarkets {
        let found = Fixtures.screen(Fixtures.product(title), market).findings.map(\.ruleID)
        #expect(found.contains("\(market)-\(rule)"), "\(market): \(title): \(found)")
      }
    }
  }

  @Test(arguments: somewhere.indices) func `goods are known by what sellers call them in a market's language`(
    _ index: Int
  ) {
    let (rule, titles) = Self.somewhere[index]
    for title in titles {
      let finding = Fixtures.screen(Fixtures.product(title), String(rule.prefix(2))).finding(rule)
      #expect(finding?.blocksClearance == true, "\(title)")
    }
  }

  @Test(arguments: Fixtures.fullMarkets) func `a colour, a picture or a shape is not the thing`(_ market: String) {
    for title in Self.harmless {
      let screening = Fixtures.screen(Fixtures.product(title), market)
      #expect(screening.blocking.isEmpty, "\(market): \(title): \(screening.blocking)")
    }
  }

  @Test func `a luxury brand is a copy at the price of a copy only`() {
    var watch = Fixtures.product("Rolex watch")
    #expect(Fixtures.screen(watch, "MY").finding("MY-counterfeit-price")?.effect == .review)
    watch.unitValue = Fixtures.money("9000.00 USD")
    #expect(Fixtures.screen(watch, "MY").finding("MY-counterfeit-price") == nil)
  }
}
