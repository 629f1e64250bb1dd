/// What languages are told by. Written for this purpose: the words every text has, the groups of three letters that one
/// language has and its neighbours have not (`_` is the edge of a word), and letters of its own.
enum LanguageTable {
    /// What a word, group or letter says.
    struct Entry {
        /// One bit for each language.
        var languages: UInt16
        let points: UInt8
    }

    static let codes = ["en", "de", "fr", "es", "it", "nl", "pt", "sv", "da", "pl", "tr"]

    static let words: [String: String] = [
        "en": """
        the of and to in is it that for was on are with as at be this have from or had by not but
        what all were when we there can an your which their if do will how about out many then them
        these so some her would make like him into has look two more write go see no way could my
        than been call who its now down did get come made may over new take only little work know
        place years live me back give most very after our just good man think say great where help
        through much before line right too mean old any same tell boy follow came want show also
        around i you please hello thanks thank order need hi dear regards don't i'm it's never still
        yet again because should don im why he she they his got been sent
        """,
        "de": """
        der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an
        werden aus er hat daß dass sie nach wird bei einer um am sind noch wie einem über einen so
        zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei hatte kann gegen vom
        können schon wenn habe seine mark ihre dann unter wir soll ich eines jahr zwei jahren diese
        dieser wieder keine seiner worden will zwischen immer was sagte gibt alle seit muß muss doch
        jetzt drei neue damit bereits da ab ihr mir mich mein meine meinen meiner bitte danke hallo
        guten tag wo warum ihnen uns unser unsere dir dich du kein bin habt fuer ueber grüße gruß
        geehrte
        """,
        "fr": """
        le la les de des du un une et est en que qui dans pour pas sur au avec ce il sont plus par
        ne se ont ou elle mais nous vous je tu ils cette été son sa ses comme tout fait être aux
        même bien sans peut y deux leur si aussi avoir mon ma mes votre vos notre nos très où quand
        donc alors bonjour merci commande j'ai c'est n'est qu'il ai suis avez chez jamais toujours
        encore après avant cela ça quel quelle pourquoi
        """,
        "es": """
        el la los las de del un una y es en que por para con no se su al lo como más pero sus le ya
        o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo
        nos durante todos uno les ni contra otros ese eso ante ellos e esto mí antes algunos qué
        unos yo otro otras otra él tanto esa estos mucho quienes nada mi mis tu te ti hola gracias
        pedido estoy está son fue he ha han tengo quiero puede usted cómo dónde
        """,
        "it": """
        il lo la i gli le di a da in con su per tra un uno una e è che non si del della dei delle
        nel nella al alla dal sono ho ha hanno come più ma se anche mi ti ci vi questo questa quello
        quella mio mia tuo suo sua loro noi voi io tu lui lei essere avere fare quando dove perché
        chi cosa molto già ancora sempre mai ordine buongiorno grazie ciao vorrei sulla alle ai dall
        dell nell un'altra quindi poi prima dopo tutto tutti
        """,
        "nl": """
        de het een en van ik te dat die in op is niet zijn met voor er aan om hij was ze ook als dan
        maar bij nog naar heb heeft hebben wordt worden door over uit tot je jij u wij we mijn uw
        onze deze dit geen wel kan kunnen wil zou moet mij hem haar hun wat waar wanneer waarom hoe
        veel meer al nu toch daar hier goedemiddag hallo bedankt dank bestelling graag groeten bent
        ben
        """,
        "pt": """
        o a os as de do da dos das um uma e é em no na nos nas que por para com não se ao à mais mas
        como foi ele ela seu sua ou ser quando muito há já está eu também só pelo pela até isso
        entre era depois sem mesmo aos ter seus quem me esse eles estão você tinha foram essa meu
        minha tem às olá obrigado obrigada pedido quero posso são num numa onde porque ainda nunca
        sempre
        """,
        "sv": """
        och att det i en jag hon som han på den med var sig för så till är men ett om hade de av
        icke mig du henne då sin nu har inte hans honom skulle hennes där min man ej vid kunde något
        från ut när efter upp vi dem vara vad över än dig kan sina här ha mot alla under någon eller
        allt mycket sedan ju denna själv detta åt utan varit hur hej tack
        """,
        "da": """
        og i jeg det at en den til er som på de med han af for ikke der var mig sig men et har om vi
        min havde ham hun nu over da fra du ud sin dem os op man hans hvor eller hvad skal selv her
        alle vil blev kunne ind når være noget hej tak bestilling også meget mange kan efter
        """,
        "pl": """
        i w na nie z do to że się jest o jak ale po co tak za od przez są dla czy był ma ja ty on
        ona my wy mnie mi już tylko być może oraz które który gdy ten ta te jego jej ich moje mój
        dzień dobry proszę dziękuję zamówienie
        """,
        "tr": """
        ve bir bu da de için ile çok ne daha gibi kadar ama var mi ben sen o biz siz olarak olan
        değil her sonra en şey ya ki diye yok nasıl neden merhaba teşekkür sipariş lütfen benim
        """,
    ]

    static let groups: [String: String] = [
        "en": """
        _th the he_ ing ng_ nd_ hat ght igh ugh ould ous _wh whi ith wit _yo you our oul uld ly_ _of
        of_ edi ay_ _sh shi ich_ ted ed_ ess ry_ ty_ _my my_ y_ ave hav as_ _we ee oo
        """,
        "de": """
        sch ch_ ich _ei ein _ge _ve ver ung ng_ cht nic ht_ _un _zu und auf _au _da das ie_ die er_
        en_ ten gen ben den hen ier eit ei eht ben _be bes ell ine ist sse rec chn lle ier hab tel
        llu nge _mö kei eis isc tig ück_ ür_ ühr für öch ück üss auß aus _wi wir tz_ stü ahl ahr ieh
        rsc _st eu zei pak aff eim
        """,
        "fr": """
        ent nt_ es_ ion _qu que ue_ les _le _de _la ait eau aux oux eux ous vou our _po ez_ ais ois
        oir _ch ell lle tte ett eme men _j' ie_ tio ée_ és_ ère ité _dé _ré _l' _d' qui nou eur
        """,
        "es": """
        _qu que ue_ ión ado ada _el _lo os_ as_ ent nte con par ara _po por _es est _ha mbi ien ció
        dad ido ida _mi ar_ er_ ado ero ndo una _un cia ia_ dos ñan iñ llo lla ues ier uen
        """,
        "it": """
        _ch che he_ zio ion one ne_ to_ ta_ re_ are ere ire ell lla _il _di ato ati _no non ent gli
        del _pe per ess con o_ i_ tto tta ggi cch zza azi ini quest all _so ono mia
        """,
        "nl": """
        _he het et_ een en_ _ee aan van _va ij_ ijn _ij oor _vo aar ard iet nie ing ver _ge oet oed
        eer ond and nde eli lij ijk _be bes tel lin cht uit _ui aat ook wor ord ede
        """,
        "pt": """
        ção ão_ ões _nã não que _qu est _co com ado nte ent _pa par ara _do do_ da_ os_ as_ _em _um
        uma ndo inh nho nha lho lha ei_ ou_ eu_ ia_ ess iss meu mai _ma mui
        """,
        "sv": """
        och för att _at _fö ör_ är_ int nte te_ ade lla den det en_ ing jag som _på på_ ill til kan
        ska åg ck_ tt_
        """,
        "da": """
        og_ _og det ikk kke ke_ _ik jeg af_ _af er_ hed ige for _fo ede nde lig at_ til ger øre ære
        _på på_ ej_
        """,
        "pl": """
        nie ie_ _ni rze prz _pr czy zy_ _cz ści ego _po wa_ owa _za ych _w_ _z_ sie się est jes ać_
        ów_ eni ani dzi
        """,
        "tr": """
        lar ler _bi bir ir_ ini ın_ nda nde ara yor _ol ola _ka eri arı lan dan _ve ve_ iyo rum şı
        ğı ım_ mı
        """,
    ]

    static let letters: [String: String] = [
        "de": "ß ä ö ü", "fr": "ç è ê à ù œ û î", "es": "ñ ¿ ¡ ó", "it": "ò ì è", "pt": "ã õ ç â", "sv": "å ä ö",
        "da": "å ø æ", "pl": "ł ą ę ś ż ź ć ń", "tr": "ş ğ ı ç ö ü", "nl": "ë ï",
    ]

    /// The table with `key` of each entry's bytes, an entry naming all languages that have it.
    static func packed<Key: Hashable>(
        _ table: [String: String],
        points: UInt8,
        key: ([UInt8]) -> Key?
    ) -> [Key: Entry] {
        var packed: [Key: Entry] = [:]
        for (language, code) in codes.enumerated() {
            for entry in (table[code] ?? "").split(whereSeparator: \.isWhitespace) {
                guard let key = key(Array(entry.utf8)) else { continue }
                packed[key, default: Entry(languages: 0, points: points)].languages |= 1 << UInt16(language)
            }
        }
        return packed
    }
}
