"""What the case officers discuss: the rest, from handling to participation."""

from forum.demo.shapes import Answer, Topic
from storage.discussions import ThreadKind

TOPICS = (
    Topic(
        by="jonas.ahlgren", when=(12, "08.50"), area="Handläggning", solved=(9, "11.30"),
        pinned=(8, "09.10"),
        title="Mallar för kommunicering: vilka använder ni?",
        body="""
            Vi ska se över hur vi kommunicerar utredningen före beslut. Jag har börjat på en lista
            och fyller på den med era svar.

            | Kommun | Brev eller samtal | Svarstid | Lättläst mall |
            | --- | --- | ---: | :---: |
            | Nässjö | Båda | 14 dagar | Ja |
            | Vetlanda | Brev | 10 dagar | Nej |
            | Tranås | Samtal, sedan brev | 14 dagar | Ja |

            Det här vill jag ha hjälp med:

            - [x] Samla in tre mallar
            - [ ] Jämföra svarstiderna
            - [ ] Skriva en gemensam lättläst mall
            - [ ] Visa den på nästa träff
        """,
        answers=(
            Answer("petra.lindh", (12, "09.44"), "Habo: brev, 14 dagar, ingen lättläst mall. Än."),
            Answer("linda.kvist", (12, "13.20"), """
                Värnamo: samtal först, alltid. Vi läser upp det som har betydelse och frågar om
                något är fel. Sedan brev med 10 dagars svarstid.
            """),
            Answer("amir.haddad", (11, "10.05"), """
                Jönköping: vi har tre olika mallar och det är två för mycket. Jag är med och skriver
                en gemensam.
            """),
            Answer("karin.oberg", (11, "14.41"), """
                Glöm inte att någon kan behöva få mallen uppläst. Korta meningar, en sak i taget.
            """),
            Answer("hanna.tinglof", (10, "08.30"), """
                Vaggeryd har en lättläst mall som är prövad av vår brukarvägledargrupp. De strök
                hälften av texten, och den blev bättre. Använd den fritt:

                > Vi har utrett din ansökan.
                > Läs det vi har skrivit.
                > Är något fel? Ring eller skriv till oss.
            """, helped=(9, "11.28")),
            Answer("maria.sandell", (10, "09.15"), "Den tar vi direkt. Tack!"),
            Answer("jonas.ahlgren", (9, "11.26"), """
                Då utgår vi från Vaggeryds mall. @amir.haddad och jag tar med ett förslag till
                träffen.
            """),
        ),
    ),
    Topic(
        by="petra.lindh", when=(16, "10.30"), area="Handläggning", solved=(15, "09.10"),
        title="Hur länge väntar ni på läkarintyg innan ni går vidare?",
        body="""
            Vi har ansökningar som blir liggande för att intyget dröjer. Har ni en tidsgräns, och
            vad skriver ni till den som söker under tiden?
        """,
        answers=(
            Answer("jonas.ahlgren", (16, "11.12"), """
                Vi påminner efter tre veckor och frågar då om vi får begära in underlaget själva.
                Efter sex veckor prövar vi om annat underlag räcker, till exempel skolans utredning.

                Vi skriver alltid till den som söker vad vi väntar på och när vi hör av oss igen.
            """, helped=(15, "09.08")),
            Answer("tomas.ceder", (16, "15.02"), """
                Likadant här. Det som hjälpte mest var en egen rad i brevet: *Det här händer nu.*
            """),
        ),
    ),
    Topic(
        by="robin.sjolin", when=(24, "13.10"), area="Handläggning", kind=ThreadKind.DISCUSSION,
        title="Samma fall, olika bedömning: vad lärde vi oss?",
        body="""
            Vi bedömde ett påhittat fall i fem kommuner: en person på 24 år som vill flytta
            hemifrån. Tre beviljade bostad med särskild service, två beviljade boendestöd.

            Skillnaden låg inte i lagen utan i frågorna vi ställde. Vad tar ni med er?
        """,
        answers=(
            Answer("ingrid.dahlby", (24, "14.33"), """
                Att vi frågade om *kan* och ni frågade om *gör*. Den som kan laga mat men aldrig gör
                det har också ett behov.
            """),
            Answer("anneli.storck", (23, "09.20"), """
                Att vi måste fråga om natten. Två av fem utredningar sa ingenting om den.
            """),
            Answer("amir.haddad", (22, "10.47"), """
                Jag vill göra om det varje halvår. Vi lär oss mer av det än av en kursdag.
            """),
            Answer("helena.brandt", (21, "08.25"), """
                Det ordnar jag. Nästa fall kommer nästa termin.
            """),
        ),
    ),
    Topic(
        by="sara.wiik", when=(6, "09.05"), area="Personlig assistans",
        title="Hur räknar ni dubbel bemanning i personlig assistans?",
        body="""
            Gäller tid då två assistenter behövs samtidigt, till exempel vid förflyttning. Räknar ni
            varje moment för sig, eller en samlad tid per dag? Vi får väldigt olika resultat
            beroende på hur vi gör.
        """,
    ),
    Topic(
        by="ingrid.dahlby", when=(27, "15.45"), area="Personlig assistans",
        title="Underlag från Försäkringskassan: vad begär ni in?",
        body="""
            När någon får avslag av Försäkringskassan och söker hos oss: begär ni hela utredningen
            eller bara beslutet?
        """,
        answers=(
            Answer("linda.kvist", (26, "10.16"), """
                Hela utredningen, med samtycke. Vi gör ändå en egen bedömning, men den enskilde
                slipper berätta allt en gång till.
            """),
            Answer("elin.fors", (25, "08.37"), "Samma här. Säg att det är frivilligt."),
        ),
    ),
    Topic(
        by="petra.lindh", when=(2, "16.05"), area="Daglig verksamhet",
        title="Vem betalar resan till daglig verksamhet i en annan kommun?",
        body="""
            Den enskilde bor hos oss men vill ha en plats hos grannkommunen, där det finns en
            verksamhet som passar bättre. Platsen köper vi. Men resan? Ser ni den som en del av
            insatsen, eller hänvisar ni till färdtjänst?
        """,
    ),
    Topic(
        by="hanna.tinglof", when=(31, "10.20"), area="Daglig verksamhet", solved=(29, "15.00"),
        title="Prova på-dagar innan beslut: hur dokumenterar ni?",
        body="""
            Vi vill låta fler prova en verksamhet innan de bestämmer sig. Vad får man skriva var?
        """,
        answers=(
            Answer("robin.sjolin", (30, "13.05"), """
                Besöket skrivs i utredningen: datum, plats och vad personen själv tyckte.
                Verksamheten för ingen journal förrän det finns ett beslut.
            """, helped=(29, "14.58")),
        ),
    ),
    Topic(
        by="tomas.ceder", when=(9, "14.25"), area="Daglig verksamhet", kind=ThreadKind.DISCUSSION,
        title="Från daglig verksamhet till arbete: vad gör skillnad?",
        body="""
            Vi hade två övergångar förra året, en grannkommun hade sex. Det kan inte bara vara tur.
            Berätta vad ni gör.
        """,
        answers=(
            Answer("jonas.ahlgren", (9, "15.10"), """
                En handledare som följer med ut, och som är kvar tills arbetsgivaren säger att det
                fungerar. Och rätt att komma tillbaka utan ny utredning.
            """),
            Answer("linda.kvist", (8, "09.41"), """
                Rätten att komma tillbaka är allt. Ingen vågar annars.
            """, quotes=(2, "rätt att komma tillbaka utan ny utredning")),
        ),
    ),
    Topic(
        by="karin.oberg", when=(10, "11.00"), area="Delaktighet", kind=ThreadKind.DISCUSSION,
        title="AKK-samtalskarta vid utredningssamtal",
        body="""
            Här är samtalskartan som vi använder när någon inte har ett talat språk, eller bara
            tycker att bilder är lättare. Så här gör vi:

            1. Börja med *plats*: var är du när du mår bra?
            2. Fortsätt med *sällskap*: vem vill du ha med?
            3. Ta *tid* sist. Det är svårast.

            Låt personen lägga korten själv. Fotografera kartan när ni är klara, så har ni svaret.
        """,
        answers=(
            Answer("maria.sandell", (10, "13.26"), """
                Jag provade i går. Samtalet tog en halvtimme i stället för en timme, och jag fick
                veta mer.
            """),
            Answer("anneli.storck", (9, "08.15"), "Var får man tag på korten?"),
            Answer("karin.oberg", (9, "09.02"), """
                Skriv ut och klipp. Laminera dem om de ska hålla. Jag tar med en uppsättning till
                varje kommun på nästa träff.
            """),
        ),
    ),
    Topic(
        by="elin.fors", when=(34, "09.35"), area="Delaktighet",
        title="Får man spela in ett utredningssamtal om personen själv vill?",
        body="""
            En person vill spela in samtalet för att kunna lyssna igen hemma. Vi säger ja, men var
            hamnar inspelningen om vi också sparar den? Har någon frågat sin arkivarie?
        """,
    ),
    Topic(
        by="linda.kvist", when=(17, "10.00"), area="Våld i nära relation",
        title="Hur frågar ni om våld när en god man sitter med?",
        body="""
            Vi ställer frågan till alla, men sällan i enrum. Hur ordnar ni ett samtal utan god man
            eller personal, så att det inte väcker misstankar?
        """,
        answers=(
            Answer("amir.haddad", (17, "11.30"), """
                Vi säger i kallelsen att *alla får en stund ensamma med handläggaren*. När det
                gäller alla är det ingen som undrar.
            """, helped=(16, "08.44")),
            Answer("maria.sandell", (16, "09.25"), """
                Så enkelt. Vi gör likadant från och med nu. Finns det bildstöd till frågorna?
            """),
            Answer("karin.oberg", (15, "13.15"), """
                Ja, men pröva det med en kollega först. Bilderna är tydliga, och det ska de vara,
                men man behöver veta vad man visar.
            """),
        ),
    ),
    Topic(
        by="amir.haddad", when=(7, "14.50"), area="Våld i nära relation",
        kind=ThreadKind.DISCUSSION,
        title="Skyddat boende som går att använda för alla",
        body="""
            Vi går igenom vilka skyddade boenden i länet som fungerar för den som använder rullstol,
            behöver personlig assistans eller har svårt att läsa. Skriv bara sådant som boendet
            själv har offentligt. Inga adresser här.
        """,
    ),
)  # fmt: skip
