"""What is discussed in "Hälsan spelar roll", with the neighbouring regions as guests."""

from forum.demo.shapes import Answer, Topic
from storage.discussions import ThreadKind

TOPICS = (
    Topic(
        by="ulla.frisk", when=(3, "13.20"), area="Träffar", kind=ThreadKind.NOTICE, on_top=12,
        title="Digital träff: Kalmar och Östergötland är inbjudna",
        body="""
            Vi ses på länk i en och en halv timme. Varje region visar ett exempel på tio minuter.

            - Jönköping: promenader med uppdrag
            - Kalmar: matlagning i grupp
            - Östergötland: tandhälsa i vardagen
        """,
        answers=(Answer("stina.hjelm", (2, "09.40"), "Vi kommer tre stycken. Tack för inbjudan!"),),
    ),
    Topic(
        by="vera.blom", when=(7, "11.48"), area="Rörelse",
        title="Fysisk aktivitet på gruppboende: vad har fungerat?",
        body="""
            Vi har provat gemensam gymnastik. Tre personer kom första gången, en den fjärde. Vad har
            fungerat hos er, och *varför* tror ni?
        """,
        answers=(
            Answer("nils.roth", (6, "10.10"), """
                Det som redan finns i dagen. Hos oss går två personer med kommunens post. De ställer
                aldrig in.
            """),
            Answer("elin.fors", (5, "14.05"), """
                Dans på fredagar, och de boende väljer musiken. Det är inte gymnastik, så alla är
                med.
            """, helped=(4, "08.30")),
            Answer("david.ahlin", (2, "08.20"), """
                Börja med vad personen tyckte om som barn. Nästan alla har något. Sedan handlar det
                om att ta bort hinder: skor, tid, sällskap.
            """),
            Answer("nils.roth", (1, "11.48"), """
                Det där sista tar jag med mig. Hindren är oftast våra, inte deras.
            """, quotes=(4, "ta bort hinder: skor, tid, sällskap")),
        ),
    ),
    Topic(
        by="nils.roth", when=(14, "15.30"), area="Mat",
        title="Recept med bildstöd: var hittar ni bra sådana?",
        body="Gärna recept för en person, med få moment och utan krångliga mått.",
        answers=(
            Answer("maja.lonn", (13, "09.05"), """
                Vi har gjort tjugo egna. Måtten är koppar och skedar, aldrig gram. Jag visar dem på
                träffen.
            """, helped=(13, "10.00")),
            Answer("maria.sandell", (12, "10.35"), "Dem vill jag gärna se!"),
        ),
    ),
    Topic(
        by="elin.fors", when=(1, "15.12"), area="Vårdkontakter",
        title="Hälsosamtal: vem följer med till vårdcentralen?",
        body="""
            Alla i bostad med särskild service erbjuds ett hälsosamtal. Men vem följer med, och vem
            för vidare det som bestäms? Hur har ni det i era kommuner och regioner?
        """,
    ),
    Topic(
        by="stina.hjelm", when=(28, "10.15"), area="Vårdkontakter", kind=ThreadKind.DISCUSSION,
        title="Tandhälsa: så fick vi in den i vardagen",
        body="""
            Vi gjorde en enda sak: tandborsten flyttade från skåpet till en egen plats på väggen,
            med en bild. Efter ett halvår såg tandhygienisten skillnad på varannan person.
        """,
        answers=(
            Answer("helena.brandt", (27, "08.50"), """
                Så enkelt, och så svårt att komma på. Får vi sprida det i våra andra nätverk?
            """),
            Answer("stina.hjelm", (27, "09.30"), "Självklart."),
        ),
    ),
)  # fmt: skip
