"""What the managers discuss, in their network and in the work group under it."""

from forum.demo.shapes import Answer, Topic
from storage.discussions import ThreadKind

TOPICS = (
    Topic(
        by="helena.brandt", when=(6, "08.30"), area="Prioritering",
        kind=ThreadKind.NOTICE, on_top=20,
        title="Tre förslag till vårt gemensamma arbete: läs och tyck till före mötet",
        short="""
            Vi ska välja vad vi arbetar med nästa termin.

            Läs de tre förslagen. Prata med din ledningsgrupp.
        """,
        body="""
            Nätverket ska välja vad länet arbetar med nästa termin. Förslagen är:

            1. våld i nära relation
            2. arbete och sysselsättning
            3. jämlik och nära vård

            Prata med er ledningsgrupp. Vi bestämmer på mötet.
        """,
        answers=(
            Answer("peter.grahn", (5, "09.14"), """
                Gnosjö lutar åt arbete och sysselsättning. Jag återkommer när ledningsgruppen har
                haft sitt möte.
            """),
            Answer("cecilia.norrby", (2, "13.50"), """
                Jönköping: våld i nära relation. Vi har personal som väntar på stöd i frågan.
            """),
        ),
    ),
    Topic(
        by="lars.nordh", when=(4, "10.55"), area="Dagordning", kind=ThreadKind.DISCUSSION,
        title="Förslag till punkt: Yrkesresan – startdatum och vikarier",
        body="""
            Vi behöver veta hur många platser vi får och när det börjar, annars hinner vi inte ordna
            vikarier. Kan vi få det på dagordningen?
        """,
        answers=(
            Answer("mats.ekelund", (4, "11.31"), "Eksjö stöder förslaget. Samma läge här."),
            Answer("magnus.ryd", (3, "08.20"), """
                Vi också. Vi kan räkna på gemensamma vikarier om någon vill dela på kostnaden.
            """),
            Answer("helena.brandt", (3, "10.05"), """
                Punkten är med, som nummer fem. @lars.nordh, kan du inleda med tre minuter?
            """),
            Answer("lars.nordh", (1, "08.48"), "Det kan jag. Jag tar med våra siffror."),
        ),
    ),
    Topic(
        by="camilla.wrede", when=(15, "14.00"), area="Bemanning", solved=(11, "09.30"),
        title="Gemensam introduktion för vikarier: någon som har provat?",
        body="""
            Vi vill ha en introduktion på två dagar som gäller i flera kommuner, så att en vikarie
            kan arbeta på båda sidor om gränsen. Vad har fungerat, och vad ska vi akta oss för?
        """,
        answers=(
            Answer("mats.ekelund", (14, "08.35"), """
                Vi provade med er förra sommaren, fast i liten skala. Det som fungerade: gemensam
                första dag om bemötande, delegering hemma hos var och en. Det som inte fungerade:
                två olika schemasystem.
            """, helped=(11, "09.28")),
            Answer("eva.tornqvist", (13, "15.15"), """
                Skriv ett avtal om vem som är arbetsgivare vid sjukdom. Det kostade oss en månad.
            """, helped=(11, "09.29")),
        ),
    ),
    Topic(
        by="annika.sward", when=(3, "13.25"), area="Bemanning",
        title="Hur långa pass har ni på helgerna?",
        body="""
            Facket och vi är överens om att se över passen. Jag samlar exempel från kommuner av vår
            storlek. Ungefär hur långa är era helgpass, och vad säger medarbetarna?
        """,
    ),
    Topic(
        by="rolf.tegner", when=(36, "09.10"), area="Ekonomi", kind=ThreadKind.DISCUSSION,
        title="Köpta platser: hur följer ni upp kvaliteten?",
        body="""
            Vi köper fyra platser utanför länet. Besöken görs en gång om året, om de görs. Borde vi
            inte kunna följa upp varandras platser?
        """,
        answers=(
            Answer("monika.asp", (35, "10.40"), """
                Bra tanke. Vi har en checklista för besök. Den kan bli gemensam.
            """),
            Answer("erik.palmgren", (12, "09.20"), """
                Jag har tagit över efter Rolf i Aneby och vill gärna fortsätta på det här.
                @monika.asp, kan jag få se checklistan?
            """),
        ),
    ),
    Topic(
        by="bengt.holmer", when=(25, "16.10"), area="Prioritering",
        title="Vilken fråga ska vi lyfta till SKR:s nätverk?",
        body="""
            Vi har plats för en fråga från länet. Jag tycker att det ska vara bemanning nattetid.
            Vad säger ni andra?
        """,
        answers=(
            Answer("johan.lindmark", (24, "08.50"), "Natten, ja. Den är svårast för små kommuner."),
        ),
    ),
)  # fmt: skip

WORK_GROUP = (
    Topic(
        by="magnus.ryd", when=(11, "09.00"), area="Gemensamt material", solved=(8, "14.30"),
        title="Genomförandeplan boendestöd: vilka rubriker ska vara med?",
        body="""
            Vi har fem planer från fem kommuner framför oss, och de liknar inte varandra. Jag
            föreslår att vi börjar med rubrikerna. Vilka är nödvändiga?
        """,
        answers=(
            Answer("vera.blom", (11, "10.25"), """
                Börja med personens egna mål, i personens egna ord. Sedan:

                | Rubrik | Fråga |
                | --- | --- |
                | Mål | Vad vill du att det ska bli? |
                | Stöd | Vad gör vi, och vad gör du? |
                | Tid | Vilka dagar, och hur länge? |
                | Uppföljning | När pratar vi om hur det går? |
            """, helped=(8, "14.28")),
            Answer("ebba.torell", (10, "13.10"), """
                Det stämmer med våra intervjuer. De som fick formulera målet själva kände igen sin
                plan ett halvår senare. De andra visste ofta inte att de hade en.
            """),
            Answer("maria.sandell", (9, "08.45"), """
                Då blir uppföljningen lätt för oss som handlägger också. Jag provar tabellen på ett
                påhittat fall.
            """),
        ),
    ),
    Topic(
        by="cecilia.norrby", when=(5, "15.05"), area="Arbetssätt", kind=ThreadKind.DISCUSSION,
        title="Digitalt boendestöd: när fungerar det?",
        body="""
            En tredjedel av våra besök är samtal med bild. Några vill inget annat, några säger nej
            direkt. Vad ser ni?
        """,
        answers=(
            Answer("vera.blom", (4, "08.30"), """
                Det fungerar för påminnelser och för att planera veckan. Inte för att städa, och
                inte när någon mår dåligt.
            """),
            Answer("ebba.torell", (1, "11.20"), """
                Jag har tre studier om detta och skriver en sammanfattning på en sida till nästa
                möte.
            """),
        ),
    ),
    Topic(
        by="vera.blom", when=(2, "10.45"), area="Gemensamt material",
        title="Hur lång får en plan vara?",
        body="""
            Min gräns är två sidor. Blir den längre läser ingen den, inte ens jag. Har ni någon
            gräns?
        """,
    ),
)  # fmt: skip

ARCHIVED = (
    Topic(
        by="jonas.ahlgren", when=(180, "09.30"), area="Erfarenheter", solved=(174, "10.05"),
        title="Hur fick ni verksamheterna att börja skriva planerna?",
        body="Vi har utbildat alla, men planerna kommer inte. Vad gjorde ni?",
        answers=(
            Answer("lars.nordh", (178, "13.15"), """
                Vi tog bort fyra andra dokument. När planen ersatte något blev den skriven.
            """, helped=(174, "10.00")),
            Answer("karin.oberg", (176, "08.40"), """
                Och vi lät personen hålla i pennan, eller peka. Då blev mötet viktigt för båda.
            """),
        ),
    ),
    Topic(
        by="helena.brandt", when=(160, "15.00"), area="Erfarenheter", kind=ThreadKind.DISCUSSION,
        title="Projektet är slut: tack!",
        body="""
            Slutrapporten är skriven och elva kommuner har en gemensam mall. Trådarna finns kvar att
            läsa. Arbetet fortsätter i Arbetsgrupp Boendestöd.
        """,
        answers=(Answer("maria.sandell", (159, "08.25"), "Tack för ett bra projekt!"),),
    ),
)  # fmt: skip
