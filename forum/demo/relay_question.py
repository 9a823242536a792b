"""A relay question from the guides: the thread that is long enough for two pages."""

from forum.demo.shapes import Answer, Topic
from storage.discussions import ThreadKind

TOPIC = Topic(
    by="olle.brask", when=(21, "09.00"), area="Delaktighet", kind=ThreadKind.DISCUSSION,
    title="Stafettfråga från vägledarna: hur frågar ni om önskad bostad?",
    body="""
        Brukarvägledarna har en fråga till er som är handläggare:

        > När vi ansöker om bostad frågar ni vad vi behöver. Varför frågar ni inte hur vi *vill* bo?

        De vill ha ett svar från varje kommun. Jag tar med mig svaren till nästa slinga.
    """,
    answers=(
        Answer("jonas.ahlgren", (21, "09.48"), """
            Nässjö: de har rätt. Vi frågar efter behov för att lagen säger det, och sedan glömmer vi
            resten. Nu har vi lagt till frågan *Berätta om ett ställe där du har trivts*.
        """),
        Answer("ingrid.dahlby", (21, "10.31"), """
            Eksjö: vi frågar, men sent. Då är det redan en viss plats som är ledig.
        """),
        Answer("petra.lindh", (21, "13.07"), """
            Habo: vi har två gruppbostäder. Det känns oärligt att fråga när vi vet att valet är
            litet.
        """),
        Answer("olle.brask", (21, "13.40"), """
            Jag frågade gruppen om det. De säger: fråga ändå. Det är bättre att få säga det och höra
            nej än att ingen vet.
        """, quotes=(4, "Det känns oärligt att fråga när vi vet att valet är litet.")),
        Answer("petra.lindh", (21, "14.22"), "Tack. Då frågar vi."),
        Answer("amir.haddad", (20, "08.20"), """
            Jönköping: vi frågar om läge, grannar och djur. Husdjur är det som oftast avgör, och det
            som vi oftast glömde.
        """),
        Answer("karin.oberg", (20, "09.15"), """
            Tranås: vi använder bilder på olika kök, rum och gårdar. Folk pekar, sedan pratar vi.
        """),
        Answer("maria.sandell", (20, "10.02"), """
            Gislaved: vi har ingen fast fråga. Jag tar upp det med mina kollegor i veckan.
        """),
        Answer("linda.kvist", (20, "11.44"), """
            Värnamo: vi åker och tittar tillsammans före beslut. En eftermiddag, två ställen.
        """),
        Answer("hanna.tinglof", (20, "15.35"), """
            Vaggeryd: vi frågar vilka man vill bo *nära*. Det säger mer än frågan om hur man vill
            bo.
        """),
        Answer("sara.wiik", (19, "08.45"), """
            Aneby: vi är få och frågar på vårt eget sätt. Det borde stå i mallen.
        """),
        Answer("anneli.storck", (19, "09.27"), """
            Gnosjö: vi frågar efteråt, i uppföljningen. Det är alldeles för sent, det ser jag nu.
        """),
        Answer("tomas.ceder", (19, "10.10"), """
            Sävsjö: vi frågar om dygnsrytm. En nattmänniska bredvid någon som stiger upp klockan fem
            blir sällan bra.
        """),
        Answer("elin.fors", (19, "13.33"), """
            Vetlanda: vi frågar om mat. Vill du laga den själv, äta med andra eller få den serverad?
            Därifrån kommer allt annat.
        """),
        Answer("olle.brask", (18, "08.30"), """
            Det här är guld. Mullsjö har ingen i nätverket just nu, så jag ringer dit själv.
        """),
        Answer("robin.sjolin", (18, "09.50"), """
            Kan vi skriva ihop fem frågor som alla ställer? Mitt förslag:

            1. Var har du trivts?
            2. Vilka vill du bo nära?
            3. När på dygnet mår du bäst?
            4. Hur vill du äta?
            5. Vad får absolut inte saknas?
        """),
        Answer("jonas.ahlgren", (18, "10.24"), "Ja. Lägg till djuren, så tar vi dem direkt."),
        Answer("amir.haddad", (17, "08.58"), "Jönköping är med."),
        Answer("ingrid.dahlby", (17, "09.33"), "Eksjö också, och vi frågar *före* platsen."),
        Answer("karin.oberg", (16, "10.40"), """
            Jag gör bilder till de fem frågorna. De är klara till nästa träff.
        """),
        Answer("maria.sandell", (15, "08.52"), """
            Nu har vi pratat ihop oss: Gislaved ställer frågorna från nästa månad.
        """),
        Answer("helena.brandt", (14, "09.05"), """
            Jag samlar svaren i ett dokument och sätter upp frågorna på dagordningen. Tolv kommuner
            har svarat på en vecka. @olle.brask, hälsa gruppen och tacka.
        """),
        Answer("olle.brask", (13, "13.20"), """
            Jag läste upp svaren i går. Det blev tyst en stund. Sedan sa en: *De lyssnade.*
        """),
        Answer("linda.kvist", (1, "10.36"), """
            Vi har ställt de fem frågorna i tre utredningar nu. Fråga fem är den bästa. Svaren är
            aldrig dem jag gissar på.
        """),
    ),
)  # fmt: skip
