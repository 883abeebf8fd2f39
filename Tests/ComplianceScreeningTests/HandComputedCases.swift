import Domain

/// Figures worked out by hand from the rates of the packs and the tariffs, each with its working.
enum HandComputedCases {
  static let all: [HandComputedTests.Case] = indonesia + singapore + malaysia + thailand + vietnam + philippines + basic

  private typealias Case = HandComputedTests.Case
  private typealias Amounts = HandComputedTests.Amounts

  private static let indonesia: [Case] = [
    // Goods 3 × 16,500 = 49,500. To USD 3 no duty. Tax 11 % of 49,500 = 5,445. Total 5,445.
    Case(
      "ID parcel of exactly USD 3", "ID", "392690", "3.00 USD", freight: "0.00 USD", insurance: "0.00 USD",
      on: "2026-05-01",
      expecting: Amounts(
        value: "49500.00 IDR", duty: "0.00 IDR", excise: "0.00 IDR", tax: "5445.00 IDR", total: "5445.00 IDR")),
    // Goods 3.01 × 16,500 = 49,665. Duty 7.5 % = 3,724.875, to 4,000. Tax 11 % of 53,389.875 = 5,872.88625, to
    // 5,872. Total 9,872.
    Case(
      "ID parcel one cent above USD 3", "ID", "392690", "3.01 USD", freight: "0.00 USD", insurance: "0.00 USD",
      on: "2026-05-01",
      expecting: Amounts(
        value: "49665.00 IDR", duty: "4000.00 IDR", excise: "0.00 IDR", tax: "5872.00 IDR", total: "9872.00 IDR")),
    // Goods 1,500 × 16,500 = 24,750,000. Duty 15 % = 3,712,500, to 3,713,000. Tax 11 % of 28,462,500 = 3,130,875.
    // Total 6,843,875.
    Case(
      "ID watch of exactly USD 1,500", "ID", "910211", "1500.00 USD", freight: "0.00 USD", insurance: "0.00 USD",
      on: "2026-05-01",
      expecting: Amounts(
        value: "24750000.00 IDR", duty: "3713000.00 IDR", excise: "0.00 IDR", tax: "3130875.00 IDR",
        total: "6843875.00 IDR")),
    // Goods 1,500.01 × 16,500 = 24,750,165. Duty 10 % = 2,475,016.5, to 2,476,000. Tax 11 % of 27,225,181.5 =
    // 2,994,769.965, to 2,994,769. Total 5,470,769.
    Case(
      "ID watch one cent above USD 1,500, by the tariff", "ID", "910211", "1500.01 USD", freight: "0.00 USD",
      insurance: "0.00 USD", on: "2026-05-01",
      expecting: Amounts(
        value: "24750165.00 IDR", duty: "2476000.00 IDR", excise: "0.00 IDR", tax: "2994769.00 IDR",
        total: "5470769.00 IDR")),
    // Goods 20 × 16,500 = 330,000. Freight 82,500. Insurance 1,650. CIF 414,150. Duty 15 % = 62,122.5, to 63,000.
    // Tax 11 % of 476,272.5 = 52,389.975, to 52,389. Total 115,389.
    Case(
      "ID cosmetics parcel", "ID", "330499", "20.00 USD", freight: "5.00 USD", insurance: "0.10 USD", on: "2026-05-01",
      expecting: Amounts(
        value: "414150.00 IDR", duty: "63000.00 IDR", excise: "0.00 IDR", tax: "52389.00 IDR", total: "115389.00 IDR")),
    // Goods 300 × 16,500 = 4,950,000. Freight 660,000. CIF 5,610,000. Duty 25 % = 1,402,500, to 1,403,000. Tax 11
    // % of 7,012,500 = 771,375. Total 2,174,375.
    Case(
      "ID bicycle parcel", "ID", "871200", "300.00 USD", freight: "40.00 USD", insurance: "0.00 USD", on: "2026-05-01",
      expecting: Amounts(
        value: "5610000.00 IDR", duty: "1403000.00 IDR", excise: "0.00 IDR", tax: "771375.00 IDR",
        total: "2174375.00 IDR")),
    // Goods 18.5 × 16,500 = 305,250. Freight 70,125. Insurance 3,300. CIF 378,675. Duty 15 % = 56,801.25, to
    // 57,000. Tax 11 % of 435,476.25 = 47,902.3875, to 47,902. Total 104,902.
    Case(
      "ID steel pan parcel", "ID", "732393", "18.50 USD", freight: "4.25 USD", insurance: "0.20 USD", on: "2026-05-01",
      expecting: Amounts(
        value: "378675.00 IDR", duty: "57000.00 IDR", excise: "0.00 IDR", tax: "47902.00 IDR", total: "104902.00 IDR")),
    // Goods 100 × 16,500 = 1,650,000. Freight 5 % = 82,500. Insurance 0.5 % of 1,732,500 = 8,662.5. CIF
    // 1,741,162.5. Duty 25 % = 435,290.625, to 436,000. Tax 11 % of 2,176,453.125 = 239,409.84375, to 239,409.
    // Total 675,409.
    Case(
      "ID T-shirt, formal, with the defaults for Vietnam", "ID", "61091010", "100.00 USD", from: "VN", on: "2026-05-01",
      [.consignment(.formal)],
      expecting: Amounts(
        value: "1741162.50 IDR", duty: "436000.00 IDR", excise: "0.00 IDR", tax: "239409.00 IDR", total: "675409.00 IDR"
      )),
    // Goods 100 × 16,500 = 1,650,000. Freight 5 % = 82,500. Insurance 0.5 % of 1,732,500 = 8,662.5. CIF
    // 1,741,162.5. Duty 0 %. Tax 11 % of 1,741,162.5 = 191,527.875, to 191,527. Total 191,527.
    Case(
      "ID T-shirt, formal, under ATIGA", "ID", "61091010", "100.00 USD", from: "VN", on: "2026-05-01",
      [.consignment(.formal), .programme("ATIGA")],
      expecting: Amounts(
        value: "1741162.50 IDR", duty: "0.00 IDR", excise: "0.00 IDR", tax: "191527.00 IDR", total: "191527.00 IDR")),
    // Goods 100 × 15,634 = 1,563,400. Duty 30 % = 469,020, to 470,000. Tax 11 % of 2,032,420 = 223,566.2, to
    // 223,566. Total 693,566.
    Case(
      "ID shoes in the time when parcels bore the tariff", "ID", "64041190", "100.00 USD", freight: "0.00 USD",
      insurance: "0.00 USD", on: "2024-02-28",
      expecting: Amounts(
        value: "1563400.00 IDR", duty: "470000.00 IDR", excise: "0.00 IDR", tax: "223566.00 IDR", total: "693566.00 IDR"
      )),
    // Goods 100 × 16,500 = 1,650,000. Duty 10 % = 165,000 and 2 kg × 450 = 900: 165,900, up to 166,000. Tax 11 %
    // of 1,815,900 = 199,749. Total 365,749.
    Case(
      "ID compound duty", "ID", "392690", "100.00 USD", freight: "0.00 USD", insurance: "0.00 USD", on: "2026-05-01",
      [.consignment(.formal), .dutyRate("10 % + 450/kg"), .quantity(.kilogram, "2")],
      expecting: Amounts(
        value: "1650000.00 IDR", duty: "166000.00 IDR", excise: "0.00 IDR", tax: "199749.00 IDR", total: "365749.00 IDR"
      )),
    // Goods 100 × 16,500 = 1,650,000. Duty 10 % = 165,000 or 2 kg × 90,000 = 180,000: the higher. Tax 11 % of
    // 1,830,000 = 201,300. Total 381,300.
    Case(
      "ID mixed duty, the higher", "ID", "392690", "100.00 USD", freight: "0.00 USD", insurance: "0.00 USD",
      on: "2026-05-01", [.consignment(.formal), .dutyRate("10 % or 90000/kg"), .quantity(.kilogram, "2")],
      expecting: Amounts(
        value: "1650000.00 IDR", duty: "180000.00 IDR", excise: "0.00 IDR", tax: "201300.00 IDR", total: "381300.00 IDR"
      )),
    // Goods 20 × 16,500 = 330,000. Duty 3.96 l × 14,000 = 55,440, up to 56,000.
    Case(
      "ID beer by the litre, whose excise is not known", "ID", "22030011", "20.00 USD", freight: "0.00 USD",
      insurance: "0.00 USD", on: "2026-05-01", [.quantity(.litre, "3.96")],
      expecting: Amounts(value: "330000.00 IDR", duty: "56000.00 IDR")),
  ]

  private static let singapore: [Case] = [
    // Total 0.
    Case(
      "SG of exactly S$400", "SG", "392690", "400.00 SGD", freight: "0.00 SGD", insurance: "0.00 SGD", on: "2026-05-01",
      expecting: Amounts(value: "400.00 SGD", duty: "0.00 SGD", excise: "0.00 SGD", tax: "0.00 SGD", total: "0.00 SGD")),
    // Duty 0 %. Tax 9 % of 400.01 = 36.0009, to 36. Total 36.
    Case(
      "SG one cent above S$400", "SG", "392690", "400.01 SGD", freight: "0.00 SGD", insurance: "0.00 SGD",
      on: "2026-05-01",
      expecting: Amounts(
        value: "400.01 SGD", duty: "0.00 SGD", excise: "0.00 SGD", tax: "36.00 SGD", total: "36.00 SGD")),
    // Duty 0 %. Tax 8 % of 500 = 40. Total 40.
    Case(
      "SG at the 8 % of 2023", "SG", "392690", "500.00 SGD", freight: "0.00 SGD", insurance: "0.00 SGD",
      on: "2023-06-30",
      expecting: Amounts(
        value: "500.00 SGD", duty: "0.00 SGD", excise: "0.00 SGD", tax: "40.00 SGD", total: "40.00 SGD")),
    // Duty 0 %. Tax 7 % of 500 = 35. Total 35.
    Case(
      "SG at the 7 % of 2022", "SG", "392690", "500.00 SGD", freight: "0.00 SGD", insurance: "0.00 SGD",
      on: "2022-12-31",
      expecting: Amounts(
        value: "500.00 SGD", duty: "0.00 SGD", excise: "0.00 SGD", tax: "35.00 SGD", total: "35.00 SGD")),
    // Freight 10. CIF 110. Tax 9 % of the 100 alone = 9. Total 9.
    Case(
      "SG low value from a registered seller", "SG", "392690", "100.00 SGD", freight: "10.00 SGD",
      insurance: "0.00 SGD", on: "2026-05-01", [.sellerIsRegistered(true)],
      expecting: Amounts(value: "110.00 SGD", duty: "0.00 SGD", excise: "0.00 SGD", tax: "9.00 SGD", total: "9.00 SGD")),
    // Duty 0 %. Tax 9 % of 100 = 9. Total 9.
    Case(
      "SG small parcel with a full declaration", "SG", "392690", "100.00 SGD", freight: "0.00 SGD",
      insurance: "0.00 SGD", on: "2026-05-01", [.consignment(.formal)],
      expecting: Amounts(value: "100.00 SGD", duty: "0.00 SGD", excise: "0.00 SGD", tax: "9.00 SGD", total: "9.00 SGD")),
    // Freight 5. CIF 35. Pure alcohol 7.92 l × 5 % = 0.396 l. Duty 0.396 × 16 = 6.336, to 6.34. Excise 0.396 × 60
    // = 23.76. Tax 9 % of 65.1 = 5.859, to 5.86. Total 35.96.
    Case(
      "SG beer, 24 tins of 0.33 l at 5 %", "SG", "220300", "30.00 SGD", freight: "5.00 SGD", insurance: "0.00 SGD",
      on: "2026-05-01", [.quantity(.litreOfAlcohol, "0.396")],
      expecting: Amounts(value: "35.00 SGD", duty: "6.34 SGD", excise: "23.76 SGD", tax: "5.86 SGD", total: "35.96 SGD")
    ),
    // Pure alcohol 3.75 l. Duty 3.75 × 16 = 60. Excise 3.75 × 60 = 225; duties payable 285. Tax 9 % of 1,285 =
    // 115.65. Total 400.65.
    Case(
      "SG stout, 75 l at 5 %, the authority's own example", "SG", "220300", "1000.00 SGD", freight: "0.00 SGD",
      insurance: "0.00 SGD", on: "2026-05-01", [.quantity(.litreOfAlcohol, "3.75")],
      expecting: Amounts(
        value: "1000.00 SGD", duty: "60.00 SGD", excise: "225.00 SGD", tax: "115.65 SGD", total: "400.65 SGD")),
    // Duty 0 %. Pure alcohol 0.0975 l. Excise 0.0975 × 88 = 8.58. Tax 9 % of 48.58 = 4.3722, to 4.37. Total 12.95.
    Case(
      "SG wine, 0.75 l at 13 %", "SG", "220421", "40.00 SGD", freight: "0.00 SGD", insurance: "0.00 SGD",
      on: "2026-05-01", [.quantity(.litreOfAlcohol, "0.0975")],
      expecting: Amounts(value: "40.00 SGD", duty: "0.00 SGD", excise: "8.58 SGD", tax: "4.37 SGD", total: "12.95 SGD")),
    // Duty 0 %. Pure alcohol 0.28 l. Excise 0.28 × 88 = 24.64. Tax 9 % of 84.64 = 7.6176, to 7.62. Total 32.26.
    Case(
      "SG whisky, 0.7 l at 40 %", "SG", "220830", "60.00 SGD", freight: "0.00 SGD", insurance: "0.00 SGD",
      on: "2026-05-01", [.quantity(.litreOfAlcohol, "0.28")],
      expecting: Amounts(value: "60.00 SGD", duty: "0.00 SGD", excise: "24.64 SGD", tax: "7.62 SGD", total: "32.26 SGD")
    ),
    // Goods 400 × 1.3 = 520. Freight and insurance 24.5 % = 127.4. CIF 647.4. Duty 0 %. Tax 9 % of 647.4 = 58.266,
    // to 58.27. Total 58.27.
    Case(
      "SG from the United States with the flat share", "SG", "392690", "400.00 USD", from: "US", on: "2026-05-01",
      expecting: Amounts(
        value: "647.40 SGD", duty: "0.00 SGD", excise: "0.00 SGD", tax: "58.27 SGD", total: "58.27 SGD")),
    // Goods 300 × 1.5 = 450. Freight and insurance 5 % = 22.5. CIF 472.5. Duty 0 %. Tax 9 % of 472.5 = 42.525, to
    // 42.53. Total 42.53.
    Case(
      "SG from Malaysia with the flat share", "SG", "392690", "300.00 EUR", from: "MY", on: "2026-05-01",
      expecting: Amounts(
        value: "472.50 SGD", duty: "0.00 SGD", excise: "0.00 SGD", tax: "42.53 SGD", total: "42.53 SGD")),
  ]

  private static let malaysia: [Case] = [
    // Freight 50. CIF 500. Tax 10 % of the 450 alone = 45. Total 45.
    Case(
      "MY of exactly RM500", "MY", "392690", "450.00 MYR", freight: "50.00 MYR", insurance: "0.00 MYR",
      on: "2026-05-01",
      expecting: Amounts(
        value: "500.00 MYR", duty: "0.00 MYR", excise: "0.00 MYR", tax: "45.00 MYR", total: "45.00 MYR")),
    // Total 0.
    Case(
      "MY low value from a seller that is not registered", "MY", "392690", "450.00 MYR", freight: "0.00 MYR",
      insurance: "0.00 MYR", on: "2026-05-01", [.sellerIsRegistered(false)],
      expecting: Amounts(value: "450.00 MYR", duty: "0.00 MYR", excise: "0.00 MYR", tax: "0.00 MYR", total: "0.00 MYR")),
    // Total 0.
    Case(
      "MY in the last days of the full relief", "MY", "392690", "450.00 MYR", freight: "0.00 MYR",
      insurance: "0.00 MYR", on: "2023-12-31",
      expecting: Amounts(value: "450.00 MYR", duty: "0.00 MYR", excise: "0.00 MYR", tax: "0.00 MYR", total: "0.00 MYR")),
    // Duty 0 %. Tax 10 % of 600 = 60. Total 60.
    Case(
      "MY phone above RM500 with its tax rate stated", "MY", "851713", "600.00 MYR", freight: "0.00 MYR",
      insurance: "0.00 MYR", on: "2026-05-01", [.taxRate("10")],
      expecting: Amounts(
        value: "600.00 MYR", duty: "0.00 MYR", excise: "0.00 MYR", tax: "60.00 MYR", total: "60.00 MYR")),
    // Duty 20 % = 200. Tax 10 % of 1,200 = 120. Total 320.
    Case(
      "MY garment with both rates stated", "MY", "610910", "1000.00 MYR", freight: "0.00 MYR", insurance: "0.00 MYR",
      on: "2026-05-01", [.dutyRate("20 %"), .taxRate("10")],
      expecting: Amounts(
        value: "1000.00 MYR", duty: "200.00 MYR", excise: "0.00 MYR", tax: "120.00 MYR", total: "320.00 MYR")),
    // Duty 5 % = 50. Excise 10 % of 1,050 = 105. Tax 10 % of 1,155 = 115.5. Total 270.5.
    Case(
      "MY playing cards with excise", "MY", "950440", "1000.00 MYR", freight: "0.00 MYR", insurance: "0.00 MYR",
      on: "2026-05-01", [.dutyRate("5 %"), .taxRate("10")],
      expecting: Amounts(
        value: "1000.00 MYR", duty: "50.00 MYR", excise: "105.00 MYR", tax: "115.50 MYR", total: "270.50 MYR")),
    // Duty 0 %. Tax 0 % of 600 = 0. Total 0.
    Case(
      "MY books bear no sales tax", "MY", "490199", "600.00 MYR", freight: "0.00 MYR", insurance: "0.00 MYR",
      on: "2026-05-01", [.dutyRate("0 %")],
      expecting: Amounts(value: "600.00 MYR", duty: "0.00 MYR", excise: "0.00 MYR", tax: "0.00 MYR", total: "0.00 MYR")),
  ]

  private static let thailand: [Case] = [
    // Total 0.
    Case(
      "TH on the last day without VAT on small parcels", "TH", "610910", "1400.00 THB", freight: "0.00 THB",
      insurance: "0.00 THB", on: "2024-07-04",
      expecting: Amounts(value: "1400.00 THB", duty: "0.00 THB", excise: "0.00 THB", tax: "0.00 THB", total: "0.00 THB")
    ),
    // Tax 7 % of 1,400 = 98. Total 98.
    Case(
      "TH on the first day with VAT on small parcels", "TH", "610910", "1400.00 THB", freight: "0.00 THB",
      insurance: "0.00 THB", on: "2024-07-05",
      expecting: Amounts(
        value: "1400.00 THB", duty: "0.00 THB", excise: "0.00 THB", tax: "98.00 THB", total: "98.00 THB")),
    // Tax 7 % of 1,500 = 105. Total 105.
    Case(
      "TH of exactly THB 1,500 in 2025", "TH", "610910", "1500.00 THB", freight: "0.00 THB", insurance: "0.00 THB",
      on: "2025-12-31",
      expecting: Amounts(
        value: "1500.00 THB", duty: "0.00 THB", excise: "0.00 THB", tax: "105.00 THB", total: "105.00 THB")),
    // Duty 30 % = 450.003, to 450. Tax 7 % of 1,950.01 = 136.5007, to 136.5. Total 586.5.
    Case(
      "TH one satang above THB 1,500 in 2025", "TH", "610910", "1500.01 THB", freight: "0.00 THB",
      insurance: "0.00 THB", on: "2025-12-31",
      expecting: Amounts(
        value: "1500.01 THB", duty: "450.00 THB", excise: "0.00 THB", tax: "136.50 THB", total: "586.50 THB")),
    // Goods 85 × 32 = 2,720. Freight 384. Insurance 1 % of 2,720 = 27.2. CIF 3,131.2. Duty 30 % = 939.36. Tax 7 %
    // of 4,070.56 = 284.9392, to 284.94. Total 1,224.3.
    Case(
      "TH shoes", "TH", "640411", "85.00 USD", freight: "12.00 USD", on: "2026-05-01",
      expecting: Amounts(
        value: "3131.20 THB", duty: "939.36 THB", excise: "0.00 THB", tax: "284.94 THB", total: "1224.30 THB")),
    // Goods 49.99 × 32 = 1,599.68. Freight 192. Insurance 16. CIF 1,807.68. Duty 20 % = 361.536, to 361.54. Tax 7
    // % of 2,169.22 = 151.8454, to 151.85. Total 513.39.
    Case(
      "TH handbag", "TH", "420222", "49.99 USD", freight: "6.00 USD", insurance: "0.50 USD", on: "2026-05-01",
      expecting: Amounts(
        value: "1807.68 THB", duty: "361.54 THB", excise: "0.00 THB", tax: "151.85 THB", total: "513.39 THB")),
    // Goods 120 × 37 = 4,440. Insurance 44.4. CIF 4,484.4. Duty 5 % = 224.22. Tax 7 % of 4,708.62 = 329.6034, to
    // 329.6. Total 553.82.
    Case(
      "TH watch", "TH", "910211", "120.00 EUR", freight: "0.00 EUR", insurance: "1.20 EUR", from: "DE",
      on: "2026-05-01",
      expecting: Amounts(
        value: "4484.40 THB", duty: "224.22 THB", excise: "0.00 THB", tax: "329.60 THB", total: "553.82 THB")),
    // Goods 300 × 32 = 9,600. Freight 320. Insurance 96. CIF 10,016. Duty 0 %. Tax 7 % of 10,016 = 701.12. Total
    // 701.12.
    Case(
      "TH phone", "TH", "851713", "300.00 USD", freight: "10.00 USD", insurance: "3.00 USD", on: "2026-05-01",
      expecting: Amounts(
        value: "10016.00 THB", duty: "0.00 THB", excise: "0.00 THB", tax: "701.12 THB", total: "701.12 THB")),
    // Goods 100 × 32 = 3,200. Freight 256. Insurance 32. CIF 3,488. Duty 0 %. Tax 7 % of 3,488 = 244.16. Total
    // 244.16.
    Case(
      "TH shirt from Vietnam under ATIGA", "TH", "610910", "100.00 USD", freight: "8.00 USD", insurance: "1.00 USD",
      from: "VN", on: "2026-05-01", [.programme("ATIGA")],
      expecting: Amounts(
        value: "3488.00 THB", duty: "0.00 THB", excise: "0.00 THB", tax: "244.16 THB", total: "244.16 THB")),
    // Duty 30 % = 300. Tax 10 % of 1,300 = 130. Total 430.
    Case(
      "TH with the statute's VAT stated", "TH", "610910", "1000.00 THB", freight: "0.00 THB", insurance: "0.00 THB",
      on: "2026-11-20", [.taxRate("10")],
      expecting: Amounts(
        value: "1000.00 THB", duty: "300.00 THB", excise: "0.00 THB", tax: "130.00 THB", total: "430.00 THB")),
  ]

  private static let vietnam: [Case] = [
    // Goods 40 × 26,000 = 1,040,000. Freight 130,000. Insurance 10,400. CIF 1,180,400. Duty 25 % = 295,100. Tax 8
    // % of 1,475,500 = 118,040. Total 413,140.
    Case(
      "VN handbag", "VN", "420222", "40.00 USD", freight: "5.00 USD", insurance: "0.40 USD", on: "2026-05-01",
      expecting: Amounts(
        value: "1180400 VND", duty: "295100 VND", excise: "0 VND", tax: "118040 VND", total: "413140 VND")),
    // Goods 250 × 26,000 = 6,500,000. Freight 260,000. Insurance 65,000. CIF 6,825,000. Duty 0 %. Tax 8 % of
    // 6,825,000 = 546,000. Total 546,000.
    Case(
      "VN phone", "VN", "851713", "250.00 USD", freight: "10.00 USD", insurance: "2.50 USD", on: "2026-05-01",
      expecting: Amounts(value: "6825000 VND", duty: "0 VND", excise: "0 VND", tax: "546000 VND", total: "546000 VND")),
    // Goods 15 × 26,000 = 390,000. Freight 52,000. CIF 442,000. Duty 10 % = 44,200. Tax 5 % of 486,200 = 24,310.
    // Total 68,510.
    Case(
      "VN toys at 5 % with the duty stated", "VN", "950300", "15.00 USD", freight: "2.00 USD", insurance: "0.00 USD",
      on: "2026-05-01", [.dutyRate("10 %")],
      expecting: Amounts(value: "442000 VND", duty: "44200 VND", excise: "0 VND", tax: "24310 VND", total: "68510 VND")),
    // Duty 35 % = 350,000. Excise 65 % of 1,350,000 = 877,500. Tax 10 % of 2,227,500 = 222,750. Total 1,450,250.
    Case(
      "VN beer under special consumption tax", "VN", "220300", "1000000 VND", freight: "0 VND", insurance: "0 VND",
      on: "2026-05-01", [.dutyRate("35 %")],
      expecting: Amounts(
        value: "1000000 VND", duty: "350000 VND", excise: "877500 VND", tax: "222750 VND", total: "1450250 VND")),
    // Duty 35 % = 350,000. Excise 70 % of 1,350,000 = 945,000. Tax 10 % of 2,295,000 = 229,500. Total 1,524,500.
    Case(
      "VN beer in 2027", "VN", "220300", "1000000 VND", freight: "0 VND", insurance: "0 VND", on: "2027-02-01",
      [.dutyRate("35 %")],
      expecting: Amounts(
        value: "1000000 VND", duty: "350000 VND", excise: "945000 VND", tax: "229500 VND", total: "1524500 VND")),
    // Duty 20 % = 100,000. Excise 40 % of 600,000 = 240,000. Tax 10 % of 840,000 = 84,000. Total 424,000.
    Case(
      "VN playing cards", "VN", "950440", "500000 VND", freight: "0 VND", insurance: "0 VND", on: "2026-05-01",
      [.dutyRate("20 %")],
      expecting: Amounts(
        value: "500000 VND", duty: "100000 VND", excise: "240000 VND", tax: "84000 VND", total: "424000 VND")),
    // Total 0.
    Case(
      "VN express goods on the last day of the relief", "VN", "610910", "1000000 VND", freight: "0 VND",
      insurance: "0 VND", on: "2025-02-17",
      expecting: Amounts(value: "1000000 VND", duty: "0 VND", excise: "0 VND", tax: "0 VND", total: "0 VND")),
    // Duty 20 % = 200,000.
    Case(
      "VN express goods the day after, when the VAT of the time is not in the pack", "VN", "610910", "1000000 VND",
      freight: "0 VND", insurance: "0 VND", on: "2025-02-18",
      expecting: Amounts(value: "1000000 VND", duty: "200000 VND", excise: "0 VND")),
    // Goods 37.77 × 26,000 = 982,020. Freight 86,580. Insurance 10,660. CIF 1,079,260. Duty 0 %. Tax 8 % of
    // 1,079,260 = 86,340.8, to 86,341. Total 86,341.
    Case(
      "VN shirt from Malaysia under ATIGA", "VN", "610910", "37.77 USD", freight: "3.33 USD", insurance: "0.41 USD",
      from: "MY", on: "2026-05-01", [.programme("ATIGA")],
      expecting: Amounts(value: "1079260 VND", duty: "0 VND", excise: "0 VND", tax: "86341 VND", total: "86341 VND")),
    // Goods 12.5 × 26,000 = 325,000. Freight 39,000. Insurance 3,900. CIF 367,900. Duty 20 % = 73,580. Tax 8 % of
    // 441,480 = 35,318.4, to 35,318. Total 108,898.
    Case(
      "VN lipstick", "VN", "330410", "12.50 USD", freight: "1.50 USD", insurance: "0.15 USD", on: "2026-05-01",
      expecting: Amounts(value: "367900 VND", duty: "73580 VND", excise: "0 VND", tax: "35318 VND", total: "108898 VND")
    ),
    // Goods 12.5 × 26,000 = 325,000. Freight 39,000. Insurance 3,900. CIF 367,900. Duty 0 %. Tax 8 % of 367,900 =
    // 29,432. Total 29,432.
    Case(
      "VN lipstick under ACFTA", "VN", "330410", "12.50 USD", freight: "1.50 USD", insurance: "0.15 USD",
      on: "2026-05-01", [.programme("ACFTA")],
      expecting: Amounts(value: "367900 VND", duty: "0 VND", excise: "0 VND", tax: "29432 VND", total: "29432 VND")),
    // Goods 80 × 30,000 = 2,400,000. Freight 270,000. Insurance 24,000. CIF 2,694,000. Duty 2.2 % = 59,268. Tax 8
    // % of 2,753,268 = 220,261.44, to 220,261. Total 279,529.
    Case(
      "VN perfume from France under EVFTA", "VN", "33030000", "80.00 EUR", freight: "9.00 EUR", insurance: "0.80 EUR",
      from: "FR", on: "2026-05-01", [.programme("EVFTA")],
      expecting: Amounts(
        value: "2694000 VND", duty: "59268 VND", excise: "0 VND", tax: "220261 VND", total: "279529 VND")),
    // Goods 60 × 26,000 = 1,560,000. Freight 130,000. CIF 1,690,000. Duty 5 % = 84,500. Tax 8 % of 1,774,500 =
    // 141,960. Total 226,460.
    Case(
      "VN earphone amplifier from Korea under AKFTA", "VN", "85184090", "60.00 USD", freight: "5.00 USD",
      insurance: "0.00 USD", from: "KR", on: "2026-05-01", [.programme("AKFTA")],
      expecting: Amounts(
        value: "1690000 VND", duty: "84500 VND", excise: "0 VND", tax: "141960 VND", total: "226460 VND")),
  ]

  private static let philippines: [Case] = [
    // Total 0.
    Case(
      "PH of exactly PHP 10,000", "PH", "610910", "10000.00 PHP", freight: "0.00 PHP", insurance: "0.00 PHP",
      on: "2026-05-01",
      expecting: Amounts(
        value: "10000.00 PHP", duty: "0.00 PHP", excise: "0.00 PHP", tax: "0.00 PHP", total: "0.00 PHP")),
    // Duty 15 % = 1,500.0015, to 1,500. Stamp 30. Courier's brokerage 700, in the base alone. Tax 12 % of
    // 12,230.01 = 1,467.6012, to 1,467.6. Total 2,997.6.
    Case(
      "PH one centavo above PHP 10,000", "PH", "610910", "10000.01 PHP", freight: "0.00 PHP", insurance: "0.00 PHP",
      on: "2026-05-01",
      expecting: Amounts(
        value: "10000.01 PHP", duty: "1500.00 PHP", excise: "0.00 PHP", tax: "1467.60 PHP", total: "2997.60 PHP")),
    // Goods 300 × 58 = 17,400. Freight 580. Insurance 2 % of 17,400 = 348. CIF 18,328. Duty 0 %. Stamp 30.
    // Courier's brokerage 700, in the base alone. Tax 12 % of 19,058 = 2,286.96. Total 2,316.96.
    Case(
      "PH phone by informal entry", "PH", "851713", "300.00 USD", freight: "10.00 USD", on: "2026-05-01",
      expecting: Amounts(
        value: "18328.00 PHP", duty: "0.00 PHP", excise: "0.00 PHP", tax: "2286.96 PHP", total: "2316.96 PHP")),
    // Goods 250 × 58 = 14,500. Freight 1,160. Insurance 290. CIF 15,950. Duty 15 % = 2,392.5. Stamp 30. Courier's
    // brokerage 700, in the base alone. Tax 12 % of 19,072.5 = 2,288.7. Total 4,711.2.
    Case(
      "PH shoes by informal entry", "PH", "640411", "250.00 USD", freight: "20.00 USD", insurance: "5.00 USD",
      on: "2026-05-01",
      expecting: Amounts(
        value: "15950.00 PHP", duty: "2392.50 PHP", excise: "0.00 PHP", tax: "2288.70 PHP", total: "4711.20 PHP")),
    // Freight 500. Insurance 240. CIF 12,740. Duty 7 % = 891.8. Excise 20 % of 12,740 = 2,548. Stamp 30. Courier's
    // brokerage 700, in the base alone. Tax 12 % of 16,909.8 = 2,029.176, to 2,029.18. Total 5,498.98.
    Case(
      "PH perfume with excise", "PH", "330300", "12000.00 PHP", freight: "500.00 PHP", insurance: "240.00 PHP",
      on: "2026-05-01", [.dutyRate("7 %")],
      expecting: Amounts(
        value: "12740.00 PHP", duty: "891.80 PHP", excise: "2548.00 PHP", tax: "2029.18 PHP", total: "5498.98 PHP")),
    // Freight 3,000. Insurance 1,200. CIF 64,200. Duty 15 % = 9,630. Brokerage 4,700, in the base alone. Stamp
    // 280. Processing 250. Tax 12 % of 79,060 = 9,487.2.
    Case(
      "PH formal entry before the fees of 2025, by air", "PH", "610910", "60000.00 PHP", freight: "3000.00 PHP",
      insurance: "1200.00 PHP", on: "2025-03-01",
      expecting: Amounts(value: "64200.00 PHP", duty: "9630.00 PHP", excise: "0.00 PHP", tax: "9487.20 PHP")),
    // Freight 3,000. Insurance 1,200. CIF 64,200. Duty 15 % = 9,630.
    Case(
      "PH formal entry after them, when the fees in the base are not known", "PH", "610910", "60000.00 PHP",
      freight: "3000.00 PHP", insurance: "1200.00 PHP", on: "2026-05-01",
      expecting: Amounts(value: "64200.00 PHP", duty: "9630.00 PHP", excise: "0.00 PHP")),
  ]

  private static let basic: [Case] = [
    // Total 0.
    Case(
      "BN of exactly BND 400", "BN", "392690", "400.00 BND", freight: "0.00 BND", insurance: "0.00 BND",
      on: "2026-05-01",
      expecting: Amounts(value: "400.00 BND", duty: "0.00 BND", excise: "0.00 BND", tax: "0.00 BND", total: "0.00 BND")),
    // Duty 5 % = 20.05. Tax 0 % of 421.05 = 0. Total 20.05.
    Case(
      "BN above it, with the duty stated", "BN", "392690", "401.00 BND", freight: "0.00 BND", insurance: "0.00 BND",
      on: "2026-05-01", [.dutyRate("5 %")],
      expecting: Amounts(
        value: "401.00 BND", duty: "20.05 BND", excise: "0.00 BND", tax: "0.00 BND", total: "20.05 BND")),
    // Goods 40 × 4,000 = 160,000. Duty 7 % = 11,200. Tax 10 % of 171,200 = 17,120. Total 28,320.
    Case(
      "KH below the relief that is not confirmed", "KH", "392690", "40.00 USD", freight: "0.00 USD",
      insurance: "0.00 USD", on: "2026-05-01", [.dutyRate("7 %")],
      expecting: Amounts(
        value: "160000.00 KHR", duty: "11200.00 KHR", excise: "0.00 KHR", tax: "17120.00 KHR", total: "28320.00 KHR")),
    // Goods 99.99 × 4,000 = 399,960. Freight 10 % = 39,996. Insurance 1 % of 399,960 = 3,999.6. CIF 443,955.6, to
    // 443,956. Duty 15 % = 66,593.4, to 66,593. Tax 10 % of 510,549 = 51,054.9, to 51,055. Total 117,648.
    Case(
      "KH with the assumed freight and insurance", "KH", "392690", "99.99 USD", on: "2026-05-01", [.dutyRate("15 %")],
      expecting: Amounts(
        value: "443956.00 KHR", duty: "66593.00 KHR", excise: "0.00 KHR", tax: "51055.00 KHR", total: "117648.00 KHR")),
    // Goods 100 × 21,500 = 2,150,000. Duty 5 % = 107,500. Tax 10 % of 2,257,500 = 225,750. Total 333,250.
    Case(
      "LA with the duty stated", "LA", "392690", "100.00 USD", freight: "0.00 USD", insurance: "0.00 USD",
      on: "2026-05-01", [.dutyRate("5 %")],
      expecting: Amounts(
        value: "2150000.00 LAK", duty: "107500.00 LAK", excise: "0.00 LAK", tax: "225750.00 LAK", total: "333250.00 LAK"
      )),
    // Goods 100 × 2,100 = 210,000. Freight 10 % = 21,000. Insurance 1 % of 210,000 = 2,100. CIF 233,100. Duty 5 %
    // = 11,655. Tax 5 % of 244,755 = 12,237.75, to 12,238. Total 23,893.
    Case(
      "MM with the assumed freight and insurance", "MM", "392690", "100.00 USD", on: "2026-05-01", [.dutyRate("5 %")],
      expecting: Amounts(
        value: "233100.00 MMK", duty: "11655.00 MMK", excise: "0.00 MMK", tax: "12238.00 MMK", total: "23893.00 MMK")),
    // Duty 2.5 % = 2.5. Tax 2.5 % of 102.5 = 2.5625, to 2.56. Total 5.06.
    Case(
      "TL with the duty stated", "TL", "392690", "100.00 USD", freight: "0.00 USD", insurance: "0.00 USD",
      on: "2026-05-01", [.dutyRate("2.5 %")],
      expecting: Amounts(value: "100.00 USD", duty: "2.50 USD", excise: "0.00 USD", tax: "2.56 USD", total: "5.06 USD")),
    // Freight 4.44. Insurance 0.33. CIF 38.1. Duty 2.5 % = 0.9525, to 0.95. Tax 2.5 % of 39.05 = 0.97625, to 0.98.
    // Total 1.93.
    Case(
      "TL with an odd value", "TL", "392690", "33.33 USD", freight: "4.44 USD", insurance: "0.33 USD", on: "2026-05-01",
      [.dutyRate("2.5 %")],
      expecting: Amounts(value: "38.10 USD", duty: "0.95 USD", excise: "0.00 USD", tax: "0.98 USD", total: "1.93 USD")),
  ]
}
