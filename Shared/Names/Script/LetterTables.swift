/// Letters of the alphabets that are read one by one, as passports and lists usually spell them in Latin.
enum LetterTables {
  static func latin(_ scalar: Unicode.Scalar) -> String? { table[scalar] }

  private static let table: [Unicode.Scalar: String] = {
    var table: [Unicode.Scalar: String] = [:]
    for line in [cyrillic, greek, hebrew, arabic] {
      for pair in line.split(separator: " ") {
        let scalars = Array(pair.unicodeScalars)
        guard let letter = scalars.first else { continue }
        table[letter] = String(String.UnicodeScalarView(scalars.dropFirst()))
      }
    }
    return table
  }()

  private static let cyrillic = """
    аa бb вv гg дd еe ёe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu яya іi їi \
    єe ґg ўu јj љlj њnj ћc ђdj џdz ќk ѓg ѕz ѐe ѝi қk ғg ңn өo ұu үu һh әa ҳh ҷj ӣi ӯu ӑa ӗe ҫs ӳu ҡk ҙz ӧo ӱu ӹy ӓa
    """

  private static let greek = """
    αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo άa έe ήi ίi όo ύy ώo ϊi ϋy ΐi ΰy
    """

  private static let hebrew = """
    אa בb גg דd הh וv זz חh טt יy כk ךk לl מm םm נn ןn סs ע פp ףp צts ץts קk רr שsh תt
    """

  private static let arabic = """
    اa أa إi آa ٱa بb تt ثth جj حh خkh دd ذdh رr زz سs شsh صs ضd طt ظz ع غgh فf قq كk لl مm نn هh وw يy ىa ةa ء ئy ؤw \
    پp چch ژzh گg کk یy ےe ۀa ہh ھh ںn ٹt ڈd ڑr ېe ۍi ټt ډd ړr ږzh ښsh ڼn ڭng ۇu ۆo ۈu ۋv ەe ێe ڕr ڵl ڤv ۃa ﷲallah
    """
}
