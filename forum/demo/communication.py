"""What is discussed in "AKK och kommunikation"."""

from forum.demo.shapes import Answer, Topic
from storage.discussions import ThreadKind

TOPICS = (
    Topic(
        by="karin.oberg", when=(5, "08.40"), area="Bildstöd", kind=ThreadKind.DISCUSSION,
        title="Samtalskarta om måltider, färdig att skriva ut",
        body="""
            Den nya kartan har tolv bilder: smak, plats, sällskap och tid. Den är prövad med sex
            personer i två kommuner.

            Säg till om någon bild är otydlig, så ritar jag om den.
        """,
        answers=(
            Answer("fatima.rahimi", (5, "10.15"), """
                Mycket bra. Bilden för *varmt* kan läsas som *farligt*. Kanske ånga i stället för
                eld?
            """),
            Answer("karin.oberg", (4, "08.25"), "Bra sett. Ånga blir det."),
            Answer("kristin.moberg", (1, "14.30"), """
                Vi använde den i dag. En person som aldrig säger nej sköt undan två kort. Det var
                ett stort ögonblick.
            """),
        ),
    ),
    Topic(
        by="maria.sandell", when=(13, "14.20"), area="Samtal", solved=(11, "15.10"),
        title="Hur länge väntar ni på ett svar?",
        body="""
            Jag märker att jag fyller i åt den jag pratar med. Finns det någon tumregel för hur
            länge man ska vänta, och vad gör ni av tystnaden?
        """,
        answers=(
            Answer("fatima.rahimi", (13, "15.40"), """
                Räkna tyst till tio. Det känns som en evighet, men många behöver just den tiden.
                Titta på kartan, inte på personen, så blir väntan lättare för båda.
            """, helped=(11, "15.08")),
            Answer("sofia.modig", (12, "09.00"), """
                Och ställ en fråga i taget. Jag bryter mot det jämt.
            """),
        ),
    ),
    Topic(
        by="kristin.moberg", when=(4, "13.15"), area="Teknik",
        title="Surfplatta eller papper i köket?",
        body="""
            Plattan blir kladdig och batteriet tar slut. Papper går sönder. Vad har ni i rum där det
            är vatten och mat?
        """,
    ),
    Topic(
        by="ulla.frisk", when=(20, "09.20"), area="Utbildning", kind=ThreadKind.DISCUSSION,
        title="Grundkurs i AKK: vad saknar ni?",
        body="Jag planerar nästa omgång. Skriv vad som var bra och vad som fattades.",
        answers=(
            Answer("hanna.tinglof", (19, "14.55"), "Mer tid att öva två och två. Mindre historik."),
            Answer("sofia.modig", (18, "13.00"), """
                En uppföljning efter tre månader. Det är då man har frågorna.
            """),
        ),
    ),
)  # fmt: skip
