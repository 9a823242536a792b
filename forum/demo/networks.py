"""The demo's networks: who is in them, and under which subject areas they write."""

from forum.demo import (
    asked_of_all,
    case_officers,
    case_officers_more,
    communication,
    guides,
    health,
    managers,
    relay_question,
)
from forum.demo.shapes import Room, Seat, seats
from storage.networks import Function, NetworkKind
from storage.roles import Role

NETWORKS = (
    Room(
        slug="lss-handlaggare",
        name="LSS-handläggare",
        description="För den som utreder och beslutar om insatser.",
        coordinator="helena.brandt",
        areas=(
            ("LSS", "Insatserna i lagen och hur vi bedömer dem."),
            ("Handläggning", "Utredning, kommunicering, beslut och uppföljning."),
            ("Personlig assistans", "Behov, beräkning och samarbete med Försäkringskassan."),
            ("Daglig verksamhet", "Sysselsättning, praktik och vägen till arbete."),
            ("Delaktighet", "Hur den det gäller får säga sitt och bli förstådd."),
            ("Våld i nära relation", "Att fråga, att skydda och att hjälpa vidare."),
        ),
        # Mullsjö has had a member but has none now: "Kommunen saknar representant".
        seats=(
            *seats(
                "sara.wiik ingrid.dahlby maria.sandell anneli.storck petra.lindh amir.haddad"
                " jonas.ahlgren tomas.ceder karin.oberg robin.sjolin hanna.tinglof elin.fors"
                " linda.kvist"
            ),
            Seat("olle.brask", Function.GUIDE),
            Seat("britt.hallberg", ended=35),
        ),
        topics=(
            *case_officers.TOPICS,
            *case_officers_more.TOPICS,
            relay_question.TOPIC,
            asked_of_all.TOPIC,
        ),
    ),
    Room(
        slug="chefsnatverket",
        name="Chefsnätverket",
        description="För chefer inom funktionshinderområdet. Här väljer vi vad länet arbetar med.",
        coordinator="helena.brandt",
        areas=(
            ("Prioritering", "Vad länet ska arbeta med, och vad vi lyfter nationellt."),
            ("Dagordning", "Förslag till punkter på nästa möte."),
            ("Bemanning", "Rekrytering, vikarier och scheman."),
            ("Ekonomi", "Kostnader, köpta platser och jämförelser."),
        ),
        seats=(
            *seats(
                "mats.ekelund monika.asp peter.grahn annika.sward cecilia.norrby johan.lindmark"
                " camilla.wrede lars.nordh bengt.holmer magnus.ryd eva.tornqvist"
            ),
            Seat("rolf.tegner", ended=26),
            Seat("erik.palmgren", since=25),
        ),
        topics=managers.TOPICS,
    ),
    Room(
        slug="vagledare",
        name="Vägledare",
        description="För vägledare och brukarvägledare i Delaktighetsmodellen.",
        coordinator="helena.brandt",
        areas=(
            ("Träffar", "När vi ses."),
            ("Slingor", "Att leda en slinga."),
            ("Stafettfrågor", "Frågor från en grupp till en annan."),
            ("Utbildning", "Kurser för vägledare."),
        ),
        seats=(
            Seat("ulla.frisk", Function.OTHER, Role.COORDINATOR),
            *seats(
                "olle.brask anders.wallin sofia.modig yusuf.demir lotta.kjellin", Function.GUIDE
            ),
            *seats("sam.ek nora.vik kim.alm leo.granath", Function.SERVICE_USER_GUIDE),
        ),
        topics=guides.TOPICS,
    ),
    Room(
        slug="halsan-spelar-roll",
        name="Hälsan spelar roll",
        description="Om god hälsa på lika villkor. Kalmar och Östergötland är med.",
        coordinator="ulla.frisk",
        areas=(
            ("Rörelse", "Att röra på sig så att det blir av."),
            ("Mat", "Att äta bra, och att få välja själv."),
            ("Vårdkontakter", "Hälsosamtal, tandvård och vägen till rätt vård."),
            ("Träffar", "Tider, program och anteckningar."),
        ),
        seats=(
            *seats("elin.fors maria.sandell vera.blom lotta.kjellin eva.tornqvist"),
            Seat("helena.brandt", Function.OTHER),
            Seat("nils.roth", since=200),
            Seat("stina.hjelm", since=200),
            Seat("maja.lonn", Function.OTHER, Role.GUEST, since=120, until=180),
            Seat("david.ahlin", Function.OTHER, Role.GUEST, since=120, until=180),
        ),
        topics=health.TOPICS,
    ),
    Room(
        slug="akk-och-kommunikation",
        name="AKK och kommunikation",
        description="Om bilder, tecken och samtal med den som inte har ett talat språk.",
        coordinator="ulla.frisk",
        areas=(
            ("Bildstöd", "Kartor, scheman och bilder."),
            ("Samtal", "Att lyssna, vänta och förstå."),
            ("Teknik", "Plattor, program och tillbehör."),
            ("Utbildning", "Kurser och handledning."),
        ),
        seats=seats(
            "karin.oberg fatima.rahimi maria.sandell sofia.modig hanna.tinglof kristin.moberg"
            " yusuf.demir"
        ),
        topics=communication.TOPICS,
    ),
    Room(
        slug="arbetsgrupp-boendestod",
        name="Arbetsgrupp Boendestöd",
        description="Vi skriver ett gemensamt material om boendestöd, med stöd av forskning.",
        kind=NetworkKind.WORK_GROUP,
        parent="chefsnatverket",
        coordinator="helena.brandt",
        areas=(
            ("Gemensamt material", "Planer, mallar och texter som vi skriver tillsammans."),
            ("Arbetssätt", "Hur stödet ges, och vad vi vet om det."),
        ),
        seats=(
            *seats("maria.sandell vera.blom magnus.ryd cecilia.norrby"),
            Seat("ebba.torell", Function.RESEARCHER, Role.GUEST, since=150, until=120),
        ),
        topics=managers.WORK_GROUP,
    ),
    Room(
        slug="inforande-av-genomforandeplaner",
        name="Införande av genomförandeplaner",
        description="Projektet är avslutat. Trådarna finns kvar att läsa.",
        kind=NetworkKind.PROJECT,
        archived=True,
        coordinator="helena.brandt",
        areas=(("Erfarenheter", "Vad vi gjorde, och vad vi lärde oss."),),
        seats=seats("jonas.ahlgren maria.sandell lars.nordh karin.oberg"),
        topics=managers.ARCHIVED,
    ),
)
