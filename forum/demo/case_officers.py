"""What the case officers discuss: the first part, about decisions under LSS."""

from forum.demo.shapes import Answer, Thank, Topic
from storage.discussions import ThreadKind

ESCORT = Topic(
    by="maria.sandell", when=(5, "10.14"), area="LSS", solved=(4, "08.20"),
    title="Hur bedömer ni ledsagarservice när personen bor i gruppbostad?",
    body="""
        Vi har fått flera ansökningar om ledsagarservice från personer som redan bor i
        gruppbostad. Hos oss har svaren blivit olika beroende på vem som utreder, och det vill
        vi komma bort från.

        Jag undrar tre saker:

        1. Var går er gräns mellan det som ingår i bostaden och det som kan vara ledsagning?
        2. Har ni skrivna riktlinjer, eller avgör ni från fall till fall?
        3. Hur gör ni när bostaden saknar personal en kväll?
    """,
    answers=(
        Answer("jonas.ahlgren", (5, "11.02"), """
            Vi började på samma ställe för två år sedan. I dag utgår vi från vad bostaden redan
            ska ge: **fritid och kultur ingår i insatsen**. Det betyder att vi alltid ställer
            frågorna i den här ordningen:

            1. Vad har personen för behov utanför bostaden, med egna ord?
            2. Vad säger genomförandeplanen att bostaden ska göra?
            3. Är behovet ändå inte tillgodosett? Då prövar vi ledsagning för just det.

            Att personalen inte räcker en kväll är en fråga för verksamheten, inte skäl för
            avslag eller bifall. Vi skriver det rakt ut i beslutet.
        """, helped=(5, "13.15")),
        Answer("karin.oberg", (5, "14.37"), """
            Just den frågan är svår när någon inte har ett talat språk. Vi använder en
            samtalskarta med bilder för fritid, plats och sällskap. Den är fri att skriva ut.
        """, quotes=(2, "Vad har personen för behov utanför bostaden, med egna ord?"),
            edited=(5, "14.52"), first="""
            Just den frågan är svår när någon inte har ett talat språk. Vi använder en
            samtalskarta med bilder för fritid och plats.
        """),
        Answer("amir.haddad", (4, "09.20"), """
            Vi har en riktlinje, men den säger inget om gruppbostad. @helena.brandt, kan vi ta
            upp det på nästa träff och se om länet kan skriva ihop sig?
        """),
        Answer("helena.brandt", (2, "08.41"), """
            Ja, jag lägger punkten i dagordningen: *Ledsagning och gruppbostad – gemensam
            hållning?* Ta med er era riktlinjer, så jämför vi dem vid bordet.
        """),
        Answer("elin.fors", (1, "09.12"), """
            Vi gör som Nässjö. Ett tillägg: följ upp efter sex månader. Hälften av våra
            ledsagarbeslut blev onödiga när genomförandeplanen väl hade uppdaterats.
        """),
    ),
    thanks=(
        Thank("maria.sandell", (5, "13.16"), 2),
        Thank("elin.fors", (4, "08.40"), 2),
        Thank("petra.lindh", (4, "10.02"), 2),
    ),
)  # fmt: skip

TOPICS = (
    ESCORT,
    Topic(
        by="elin.fors", when=(8, "13.05"), area="LSS", solved=(6, "10.40"),
        title="Korttidsvistelse utanför hemkommunen under semestern",
        body="""
            Om en familj vill byta korttidshem några veckor för att kunna semestra på annan ort:
            fattar ni ett nytt beslut, eller ryms det i det som redan finns?
        """,
        answers=(
            Answer("robin.sjolin", (8, "15.30"), """
                Nytt beslut för de veckorna, med start- och slutdatum. Det tar en kvart och alla
                vet vad som gäller.
            """),
            Answer("ingrid.dahlby", (7, "08.55"), """
                Det beror på hur beslutet är skrivet. Vi skriver numera antal dygn och låter platsen
                stå i verkställigheten. Då räcker det att verksamheten köper en tillfällig plats.
            """, helped=(6, "10.38")),
            Answer("elin.fors", (6, "10.39"), """
                Tack, det förklarar varför vi gjort olika. Vi går över till att skriva som Eksjö.
            """),
        ),
    ),
    Topic(
        by="tomas.ceder", when=(14, "09.40"), area="LSS",
        title="Kontaktperson eller ledsagare? Hur förklarar ni skillnaden?",
        body="""
            Många söker båda och menar samma sak. Jag söker ett sätt att förklara det på två
            meningar, gärna något som också fungerar i ett brev.
        """,
        answers=(
            Answer("hanna.tinglof", (14, "10.22"), """
                Vi säger: *En kontaktperson är en vän att göra saker med. En ledsagare hjälper dig
                att göra det du redan har bestämt.*
            """, helped=(13, "16.02")),
            Answer("maria.sandell", (13, "08.34"), """
                Bra formulerat! Vi lägger till att kontaktpersonen inte ger stöd eller omvårdnad.
                Annars uppstår missförstånd när det gäller resor.
            """),
            Answer("karin.oberg", (13, "14.10"), """
                Jag kan rita två bilder till det, så kan alla använda dem. Säg till om något annat
                begreppspar också behöver bilder.
            """),
            Answer("tomas.ceder", (13, "16.00"), """
                Precis vad jag behövde. @karin.oberg: avlösarservice och korttidstillsyn, tack!
            """),
        ),
    ),
    Topic(
        by="anneli.storck", when=(19, "11.15"), area="LSS",
        title="Ledsagning till läger, vem står för resan?",
        body="""
            En förening ordnar läger i fem dagar. Ledsagaren är beviljad, men föreningen vill ha
            betalt för ledsagarens resa och mat. Betalar ni det, eller den enskilde?
        """,
        answers=(
            Answer("petra.lindh", (19, "13.48"), """
                Vi betalar ledsagarens resa upp till ett tak som nämnden har beslutat. Mat betalar
                verksamheten mot kvitto.
            """),
            Answer("amir.haddad", (18, "09.03"), """
                Samma här. Skriv gärna in taket i beslutet, annars kommer frågan tillbaka varje år.
            """, helped=(18, "10.12")),
        ),
    ),
    Topic(
        by="linda.kvist", when=(3, "15.20"), area="LSS",
        title="Avlösarservice kvällstid när familjen bor långt från tätorten",
        body="""
            Vi har beviljade timmar som inte blir utförda, eftersom ingen vill åka fyra mil för två
            timmar. Hur löser ni det i kommuner med stora avstånd? Slår ni ihop timmar, eller
            räknar ni restiden som arbetstid?
        """,
    ),
    Topic(
        by="britt.hallberg", when=(40, "10.05"), area="LSS", solved=(37, "09.00"),
        title="Barn över 12 år: när börjar korttidstillsynen?",
        body="""
            Räknar ni från födelsedagen eller från terminen då barnet fyller 13? Vi får frågan från
            fritids varje år.
        """,
        answers=(
            Answer("jonas.ahlgren", (40, "10.50"), """
                Vi räknar från den dag då barnet inte längre har rätt till fritids, alltså
                vårterminens slut det år barnet fyller 13. Till dess svarar skolan.
            """, helped=(37, "08.58")),
            Answer("sara.wiik", (39, "13.31"), """
                Vi också. Lov är en annan fråga, där gör vi olika.
            """),
        ),
    ),
    Topic(
        by="helena.brandt", when=(4, "09.30"), area="Handläggning",
        kind=ThreadKind.NOTICE, on_top=16,
        title="Nästa nätverksträff flyttar till Eksjö",
        body="""
            Lokalen i Nässjö är upptagen. Vi ses i Stadshuset i **Eksjö**, samma dag och samma tid.

            Skriv till mig om du behöver hörslinga eller vill samåka.
        """,
        answers=(
            Answer("sara.wiik", (4, "09.58"), "Jag kan ta tre till i bilen från Aneby."),
            Answer("ingrid.dahlby", (3, "08.12"), """
                Välkomna! Parkera vid torget. Det är gratis hela dagen om ni sätter fram p-skivan.
            """),
        ),
    ),
    Topic(
        by="helena.brandt", when=(38, "08.15"), area="Handläggning",
        kind=ThreadKind.NOTICE, on_top=-21,
        title="Kurs i klarspråk: sista anmälningsdag har flyttats en vecka",
        body="""
            Det finns åtta platser kvar. Anmäl dig till mig, och säg om det är ditt första
            tillfälle. Den som inte har gått tidigare får plats först.
        """,
    ),
)  # fmt: skip
