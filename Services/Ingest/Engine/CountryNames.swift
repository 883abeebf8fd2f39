import Domain

/// Country codes and the names that trade writes for them.
enum CountryNames {
  static func code(_ text: String) -> CountryCode? {
    let key = key(text)
    if key.utf8.count == 2, let code = CountryCode(key.uppercased()) { return code }
    for prefix in prefixes where key.hasPrefix(prefix) {
      if let code = named[String(key.dropFirst(prefix.count))] { return code }
    }
    return named[key]
  }

  /// Lower case without marks, so that `CÔTE D'IVOIRE`, `Viet Nam` and `Korea, South` are found however they are written.
  private static func key(_ text: String) -> String {
    var key = ""
    for scalar in text.lowercased().unicodeScalars {
      switch scalar {
      case " ", ".", ",", "'", "’", "-", "(", ")", "_": continue
      default: key.unicodeScalars.append(scalar)
      }
    }
    return key.hasPrefix("the") && key.utf8.count > 6 ? String(key.dropFirst(3)) : key
  }

  private static let prefixes = [
    "madein", "productof", "originof", "buatan", "dibuatdi", "sảnxuấttại", "ผลิตใน", "gawasa", "中国制造", "产自",
  ]

  private static let named: [String: CountryCode] = {
    var named: [String: CountryCode] = [:]
    for line in table.split(separator: "\n") {
      let parts = line.split(separator: ":")
      guard parts.count == 2, let code = CountryCode(String(parts[0])) else { continue }
      for name in parts[1].split(separator: ";") { named[key(String(name))] = code }
    }
    return named
  }()

  private static let table = """
    AD:AND;Andorra
    AE:ARE;United Arab Emirates;UAE;Emirates;Dubai;Uni Emirat Arab
    AF:AFG;Afghanistan
    AG:ATG;Antigua and Barbuda
    AL:ALB;Albania
    AM:ARM;Armenia
    AO:AGO;Angola
    AR:ARG;Argentina
    AT:AUT;Austria;Österreich
    AU:AUS;Australia;Úc;ออสเตรเลีย;澳大利亚
    AZ:AZE;Azerbaijan
    BA:BIH;Bosnia and Herzegovina;Bosnia
    BB:BRB;Barbados
    BD:BGD;Bangladesh;孟加拉国;บังกลาเทศ
    BE:BEL;Belgium;Belgia
    BF:BFA;Burkina Faso
    BG:BGR;Bulgaria
    BH:BHR;Bahrain
    BI:BDI;Burundi
    BJ:BEN;Benin
    BN:BRN;Brunei;Brunei Darussalam;文莱;บรูไน
    BO:BOL;Bolivia
    BR:BRA;Brazil;Brasil;巴西
    BS:BHS;Bahamas
    BT:BTN;Bhutan
    BW:BWA;Botswana
    BY:BLR;Belarus
    BZ:BLZ;Belize
    CA:CAN;Canada;Kanada;加拿大;แคนาดา
    CD:COD;Democratic Republic of the Congo;DR Congo;Congo Kinshasa
    CF:CAF;Central African Republic
    CG:COG;Congo;Congo Brazzaville;Republic of the Congo
    CH:CHE;Switzerland;Swiss;Schweiz;瑞士
    CI:CIV;Côte d'Ivoire;Cote d'Ivoire;Ivory Coast
    CL:CHL;Chile;Chili
    CM:CMR;Cameroon
    CN:CHN;China;PRC;PR China;People's Republic of China;Mainland China;China Mainland;Tiongkok;Cina;Trung Quốc;จีน;中国;中國;中华人民共和国
    CO:COL;Colombia
    CR:CRI;Costa Rica
    CU:CUB;Cuba
    CV:CPV;Cape Verde;Cabo Verde
    CY:CYP;Cyprus
    CZ:CZE;Czechia;Czech Republic
    DE:DEU;Germany;Deutschland;Jerman;Đức;เยอรมนี;德国
    DJ:DJI;Djibouti
    DK:DNK;Denmark
    DM:DMA;Dominica
    DO:DOM;Dominican Republic
    DZ:DZA;Algeria
    EC:ECU;Ecuador
    EE:EST;Estonia
    EG:EGY;Egypt;Mesir
    ER:ERI;Eritrea
    ES:ESP;Spain;España;Spanyol;Tây Ban Nha;西班牙
    ET:ETH;Ethiopia
    FI:FIN;Finland
    FJ:FJI;Fiji
    FM:FSM;Micronesia
    FR:FRA;France;Prancis;Perancis;Pháp;ฝรั่งเศส;法国
    GA:GAB;Gabon
    GB:GBR;UK;United Kingdom;Great Britain;Britain;England;Scotland;Wales;Northern Ireland;Inggris;Anh;อังกฤษ;英国
    GD:GRD;Grenada
    GE:GEO;Georgia
    GH:GHA;Ghana
    GL:GRL;Greenland
    GM:GMB;Gambia
    GN:GIN;Guinea
    GQ:GNQ;Equatorial Guinea
    GR:GRC;Greece;Yunani
    GT:GTM;Guatemala
    GW:GNB;Guinea-Bissau
    GY:GUY;Guyana
    HK:HKG;Hong Kong;Hongkong;Hong Kong SAR;香港;ฮ่องกง
    HN:HND;Honduras
    HR:HRV;Croatia
    HT:HTI;Haiti
    HU:HUN;Hungary
    ID:IDN;Indonesia;อินโดนีเซีย;印度尼西亚;印尼
    IE:IRL;Ireland;Irlandia
    IL:ISR;Israel
    IN:IND;India;Ấn Độ;อินเดีย;印度
    IQ:IRQ;Iraq
    IR:IRN;Iran;Islamic Republic of Iran
    IS:ISL;Iceland
    IT:ITA;Italy;Italia;Itali;Ý;อิตาลี;意大利
    JM:JAM;Jamaica
    JO:JOR;Jordan
    JP:JPN;Japan;Jepang;Jepun;Nhật Bản;Hapon;ญี่ปุ่น;日本
    KE:KEN;Kenya
    KG:KGZ;Kyrgyzstan
    KH:KHM;Cambodia;Kamboja;Kemboja;Campuchia;กัมพูชา;柬埔寨
    KI:KIR;Kiribati
    KM:COM;Comoros
    KN:KNA;Saint Kitts and Nevis
    KP:PRK;North Korea;Korea North;DPRK;Democratic People's Republic of Korea;Korea Utara;朝鲜
    KR:KOR;South Korea;Korea South;Korea;Republic of Korea;Korea Republic of;Korea Selatan;Hàn Quốc;เกาหลีใต้;韩国;韓國
    KW:KWT;Kuwait
    KY:CYM;Cayman Islands
    KZ:KAZ;Kazakhstan
    LA:LAO;Laos;Lao PDR;Lao;Lào;ลาว;老挝
    LB:LBN;Lebanon
    LC:LCA;Saint Lucia
    LI:LIE;Liechtenstein
    LK:LKA;Sri Lanka;斯里兰卡
    LR:LBR;Liberia
    LS:LSO;Lesotho
    LT:LTU;Lithuania
    LU:LUX;Luxembourg
    LV:LVA;Latvia
    LY:LBY;Libya
    MA:MAR;Morocco
    MC:MCO;Monaco
    MD:MDA;Moldova
    ME:MNE;Montenegro
    MG:MDG;Madagascar
    MH:MHL;Marshall Islands
    MK:MKD;North Macedonia;Macedonia
    ML:MLI;Mali
    MM:MMR;Myanmar;Burma;เมียนมา;缅甸
    MN:MNG;Mongolia
    MO:MAC;Macao;Macau;澳门
    MR:MRT;Mauritania
    MT:MLT;Malta
    MU:MUS;Mauritius
    MV:MDV;Maldives
    MW:MWI;Malawi
    MX:MEX;Mexico;México;Meksiko;墨西哥
    MY:MYS;Malaysia;มาเลเซีย;马来西亚
    MZ:MOZ;Mozambique
    NA:NAM;Namibia
    NE:NER;Niger
    NG:NGA;Nigeria
    NI:NIC;Nicaragua
    NL:NLD;Netherlands;Holland;Belanda;Hà Lan;荷兰
    NO:NOR;Norway
    NP:NPL;Nepal
    NR:NRU;Nauru
    NZ:NZL;New Zealand;Selandia Baru;新西兰
    OM:OMN;Oman
    PA:PAN;Panama
    PE:PER;Peru
    PG:PNG;Papua New Guinea
    PH:PHL;Philippines;Pilipinas;Filipina;ฟิลิปปินส์;菲律宾
    PK:PAK;Pakistan
    PL:POL;Poland;Polandia
    PR:PRI;Puerto Rico
    PS:PSE;Palestine
    PT:PRT;Portugal
    PW:PLW;Palau
    PY:PRY;Paraguay
    QA:QAT;Qatar
    RO:ROU;Romania
    RS:SRB;Serbia
    RU:RUS;Russia;Russian Federation;Rusia;Nga;俄罗斯
    RW:RWA;Rwanda
    SA:SAU;Saudi Arabia;Arab Saudi
    SB:SLB;Solomon Islands
    SC:SYC;Seychelles
    SD:SDN;Sudan
    SE:SWE;Sweden;Swedia
    SG:SGP;Singapore;Singapura;สิงคโปร์;新加坡
    SI:SVN;Slovenia
    SK:SVK;Slovakia
    SL:SLE;Sierra Leone
    SM:SMR;San Marino
    SN:SEN;Senegal
    SO:SOM;Somalia
    SR:SUR;Suriname
    SS:SSD;South Sudan
    ST:STP;Sao Tome and Principe
    SV:SLV;El Salvador
    SY:SYR;Syria;Syrian Arab Republic
    SZ:SWZ;Eswatini;Swaziland
    TD:TCD;Chad
    TG:TGO;Togo
    TH:THA;Thailand;Thái Lan;ไทย;ประเทศไทย;泰国
    TJ:TJK;Tajikistan
    TL:TLS;Timor-Leste;East Timor;Timor Leste
    TM:TKM;Turkmenistan
    TN:TUN;Tunisia
    TO:TON;Tonga
    TR:TUR;Turkey;Türkiye;Turkiye;Turki;土耳其
    TT:TTO;Trinidad and Tobago
    TV:TUV;Tuvalu
    TW:TWN;Taiwan;Chinese Taipei;Taiwan Province of China;Đài Loan;ไต้หวัน;台湾;台灣
    TZ:TZA;Tanzania
    UA:UKR;Ukraine
    UG:UGA;Uganda
    US:USA;United States;United States of America;America;Amerika;Amerika Serikat;Mỹ;Hoa Kỳ;สหรัฐอเมริกา;美国
    UY:URY;Uruguay
    UZ:UZB;Uzbekistan
    VA:VAT;Vatican;Holy See
    VC:VCT;Saint Vincent and the Grenadines
    VE:VEN;Venezuela
    VN:VNM;Vietnam;Viet Nam;Việt Nam;Socialist Republic of Vietnam;เวียดนาม;越南
    VU:VUT;Vanuatu
    WS:WSM;Samoa
    YE:YEM;Yemen
    ZA:ZAF;South Africa;Afrika Selatan
    ZM:ZMB;Zambia
    ZW:ZWE;Zimbabwe
    """
}
