"""What guides and service-user guides write: short sentences, one thing at a time."""

from forum.demo.shapes import Answer, Topic
from storage.discussions import ThreadKind

TOPICS = (
    Topic(
        by="helena.brandt", when=(5, "10.00"), area="Träffar", kind=ThreadKind.NOTICE, on_top=25,
        title="Nästa träff är i Värnamo",
        short="""
            Vi ses i Värnamo klockan 10.

            Vi pratar om att äta tillsammans.

            Det blir lunch. Säg till om du inte kan äta något.
        """,
        body="""
            Vi ses i Värnamo klockan 10 och håller på till klockan 14.

            Vi pratar om gemensamma måltider: vad som fungerar hos er och vad som är svårt. Ta gärna
            med en bild på hur ni äter.

            Det blir lunch. Säg till om du inte kan äta något, eller om du behöver hjälp på vägen.
        """,
        answers=(
            Answer("nora.vik", (5, "10.40"), "Jag kommer. Jag äter inte fisk."),
            Answer("kim.alm", (4, "13.05"), "Jag kommer också."),
            Answer("helena.brandt", (3, "09.15"), "Bra! Då vet jag det."),
            Answer("leo.granath", (1, "13.10"), "Finns det buss från stationen?"),
        ),
    ),
    Topic(
        by="sam.ek", when=(9, "13.00"), area="Slingor", solved=(7, "13.30"),
        title="Hur börjar ni en slinga?",
        body="""
            Jag ska hålla i min första slinga.

            Jag är lite nervös.

            Vad säger ni först?
        """,
        answers=(
            Answer("nora.vik", (9, "14.20"), """
                Jag säger mitt namn.

                Sedan säger jag: Här finns inga fel svar.

                Då blir det lugnt.
            """, helped=(7, "13.25")),
            Answer("anders.wallin", (8, "09.10"), """
                Vi bestämmer reglerna tillsammans.

                En pratar. De andra lyssnar.

                Alla får säga pass.
            """),
            Answer("kim.alm", (8, "13.40"), "Fika först. Det hjälper alltid."),
            Answer("sam.ek", (7, "13.20"), """
                Tack!

                Jag tar allt: namn, regler och fika.
            """),
            Answer("olle.brask", (1, "09.25"), "Hur gick det, @sam.ek? Berätta gärna."),
        ),
    ),
    Topic(
        by="olle.brask", when=(6, "14.15"), area="Slingor", kind=ThreadKind.WANTED,
        title="En vägledare till en slinga om gemensamma måltider",
        body="""
            Slingan handlar om att äta tillsammans.

            Vi träffas fyra gånger. Det är i Vaggeryd.

            Vi är två vägledare från olika kommuner. Vill du vara med?
        """,
        joined=(("lotta.kjellin", (6, "15.00")), ("anders.wallin", (4, "10.20"))),
        answers=(
            Answer("lotta.kjellin", (6, "15.02"), """
                Jag vill gärna. Men jag kan inte på tisdagar.
            """),
            Answer("olle.brask", (5, "08.50"), "Då tar vi torsdagar. Jag ringer dig."),
        ),
    ),
    Topic(
        by="leo.granath", when=(2, "11.10"), area="Stafettfrågor",
        title="Får man bestämma själv när man går och lägger sig?",
        body="""
            Det är en fråga från vår grupp.

            Några säger ja. Några säger att personalen bestämmer.

            Hur är det hos er?
        """,
    ),
    Topic(
        by="yusuf.demir", when=(12, "10.30"), area="Stafettfrågor", kind=ThreadKind.DISCUSSION,
        title="Svaren om bostad har kommit",
        body="""
            Vi frågade: Varför frågar ni inte hur vi vill bo?

            Tolv kommuner har svarat.

            De ska ställa fem nya frågor:

            1. Var har du trivts?
            2. Vilka vill du bo nära?
            3. När på dygnet mår du bäst?
            4. Hur vill du äta?
            5. Vad får absolut inte saknas?
        """,
        answers=(
            Answer("kim.alm", (12, "13.15"), "Bra frågor! Min nummer fem är katten."),
            Answer("sam.ek", (11, "13.30"), """
                Min är tystnad på morgonen.
            """),
            Answer("nora.vik", (10, "10.05"), "Det var vi som frågade. Det är jag stolt över."),
        ),
    ),
    Topic(
        by="sofia.modig", when=(30, "09.45"), area="Utbildning",
        title="När är nästa utbildning för nya vägledare?",
        body="""
            Vi har två som vill bli vägledare.

            En vill läsa texten före. Finns den som ljud?
        """,
        answers=(
            Answer("ulla.frisk", (29, "08.20"), """
                Nästa utbildning börjar nästa termin.

                Vi läser in texten. Jag skickar ljudet till dig i god tid.
            """, helped=(28, "10.00")),
        ),
    ),
    Topic(
        by="kim.alm", when=(13, "13.50"), area="Träffar", kind=ThreadKind.DISCUSSION,
        title="Tack för förra träffen", closed=(9, "10.20"),
        body="""
            Det var roligt.

            Jag tyckte om bilderna på väggen.

            Nästa gång vill jag ha längre paus.
        """,
        answers=(
            Answer("sam.ek", (12, "13.15"), "Jag vill också ha längre paus."),
            Answer("ulla.frisk", (11, "09.35"), """
                Då blir pausen en halvtimme. Bra att ni säger till.
            """),
        ),
    ),
    Topic(
        by="helena.brandt", when=(8, "09.20"), area="Träffar", answer_by=6, reminded=(1, "08.10"),
        title="Vad vill ni prata om på nästa träff?",
        body="""
            Skriv en sak som ni vill prata om.

            En från varje kommun räcker.
        """,
        answers=(
            Answer("nora.vik", (8, "10.15"), "Hur man säger nej på ett snällt sätt."),
            Answer("kim.alm", (7, "13.30"), "Mat! Vem bestämmer vad vi äter?"),
            Answer("leo.granath", (5, "11.05"), "Att få vara ifred ibland."),
            Answer("olle.brask", (4, "09.40"), "Hur vi når dem som inte vågar komma."),
        ),
    ),
)  # fmt: skip
