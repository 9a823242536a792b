"""A question to every municipality, which nine of thirteen have answered, and what they said."""

from forum.demo.shapes import Answer, Thank, Topic

TOPIC = Topic(
    by="helena.brandt", when=(10, "08.30"), area="Handläggning", answer_by=9,
    title="Hur många timmar ledsagarservice ger ni i ett vanligt beslut?",
    body="""
        Jag samlar ihop hur det ser ut i länet till nästa träff. Svara med det som är vanligast hos
        er, inte med undantagen. En person per kommun räcker.
    """,
    answers=(
        Answer("jonas.ahlgren", (10, "09.05"), "Nässjö: 12 timmar i månaden."),
        Answer("amir.haddad", (10, "11.40"), """
            Jönköping: 16 timmar. Vi har gått upp från 12 sedan i våras.
        """),
        Answer("maria.sandell", (10, "13.12"), "Gislaved: 12 timmar."),
        Answer("elin.fors", (9, "08.20"), """
            Vetlanda: 10 timmar, och sedan följer vi upp efter ett halvår.
        """),
        Answer("karin.oberg", (9, "10.48"), "Tranås: 12 timmar."),
        Answer("ingrid.dahlby", (8, "14.02"), "Eksjö: det finns inget vanligt, mellan 8 och 20."),
        Answer("tomas.ceder", (7, "09.33"), "Sävsjö: 12 timmar."),
        Answer("hanna.tinglof", (6, "15.20"), "Vaggeryd: 10 timmar."),
        Answer("anneli.storck", (5, "11.11"), """
            Gnosjö: 8 timmar. När jag läser era svar undrar jag om vi är för snåla.
        """),
    ),
    summary=((2, "08.50"), """
        Nio kommuner har svarat. **Tolv timmar i månaden** är vanligast.

        - Lägst är Gnosjö med 8, högst Jönköping med 16.
        - Eksjö har inget vanligt beslut.
        - Bara Vetlanda nämner en uppföljning.

        Vi tar upp skillnaderna på nästa träff.
    """),
    thanks=(
        Thank("anneli.storck", (5, "11.13"), 5),
        Thank("helena.brandt", (5, "11.30"), 5),
        Thank("helena.brandt", (5, "11.31"), 10),
    ),
)  # fmt: skip
