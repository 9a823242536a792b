"""Whom the demo is about. All are invented; the telephone numbers are PTS's for fiction."""

from forum.demo.shapes import Someone
from storage.organisations import OrganisationKind

REGION = "Region Jönköpings län"
KALMAR = "Region Kalmar län"
EAST = "Region Östergötland"
UNIVERSITY = "Jönköping University"

MUNICIPALITIES = (
    "Aneby", "Eksjö", "Gislaved", "Gnosjö", "Habo", "Jönköping", "Mullsjö", "Nässjö", "Sävsjö",
    "Tranås", "Vaggeryd", "Vetlanda", "Värnamo",
)  # fmt: skip

ORGANISATIONS = {
    REGION: OrganisationKind.REGION,
    KALMAR: OrganisationKind.REGION,
    EAST: OrganisationKind.REGION,
    UNIVERSITY: OrganisationKind.UNIVERSITY,
    **dict.fromkeys(MUNICIPALITIES, OrganisationKind.MUNICIPALITY),
}

OPERATOR = "tove.edling"
COORDINATOR = "helena.brandt"
MEMBER = "maria.sandell"
SERVICE_USER_GUIDE = "sam.ek"

PEOPLE = (
    Someone("Tove Edling", REGION, "systemförvaltare", operator=True),
    Someone("Helena Brandt", REGION, "samordnare", "070-174 06 05"),
    Someone("Ulla Frisk", REGION, "samordnare", "070-174 06 12"),
    Someone("Sara Wiik", "Aneby", "LSS-handläggare", "070-174 06 18"),
    Someone("Erik Palmgren", "Aneby", "enhetschef"),
    Someone("Rolf Tegnér", "Aneby", "enhetschef", left=True),
    Someone("Ingrid Dahlby", "Eksjö", "LSS-handläggare"),
    Someone("Mats Ekelund", "Eksjö", "enhetschef", "070-174 06 21"),
    Someone("Lotta Kjellin", "Eksjö", "stödassistent"),
    Someone("Maria Sandell", "Gislaved", "LSS-handläggare", "070-174 06 27"),
    Someone("Monika Asp", "Gislaved", "områdeschef"),
    Someone("Yusuf Demir", "Gislaved", "stödpedagog"),
    Someone("Anneli Storck", "Gnosjö", "LSS-handläggare"),
    Someone("Peter Grahn", "Gnosjö", "enhetschef"),
    Someone("Kristin Moberg", "Gnosjö", "stödassistent"),
    Someone("Petra Lindh", "Habo", "handläggare", "070-174 06 34"),
    Someone("Annika Swärd", "Habo", "enhetschef"),
    Someone("Amir Haddad", "Jönköping", "förste handläggare", "070-174 06 40"),
    Someone("Cecilia Norrby", "Jönköping", "verksamhetschef"),
    Someone("Fatima Rahimi", "Jönköping", "logoped"),
    Someone("Leo Granath", "Jönköping", "brukarvägledare"),
    Someone("Britt Hallberg", "Mullsjö", "LSS-handläggare"),
    Someone("Johan Lindmark", "Mullsjö", "enhetschef"),
    Someone("Jonas Ahlgren", "Nässjö", "LSS-handläggare", "070-174 06 46"),
    Someone("Camilla Wrede", "Nässjö", "enhetschef"),
    Someone("Sofia Modig", "Nässjö", "stödpedagog"),
    Someone("Vera Blom", "Nässjö", "boendestödjare"),
    Someone("Tomas Ceder", "Sävsjö", "LSS-handläggare"),
    Someone("Lars Nordh", "Sävsjö", "enhetschef", "070-174 06 53"),
    Someone("Karin Öberg", "Tranås", "stödpedagog", "070-174 06 59"),
    Someone("Robin Sjölin", "Tranås", "LSS-handläggare"),
    Someone("Bengt Holmer", "Tranås", "enhetschef"),
    Someone("Sam Ek", "Tranås", "brukarvägledare", easy=True),
    Someone("Hanna Tinglöf", "Vaggeryd", "LSS-handläggare"),
    Someone("Olle Brask", "Vaggeryd", "vägledare", "070-174 06 65"),
    Someone("Elin Fors", "Vetlanda", "LSS-handläggare", "070-174 06 71"),
    Someone("Magnus Ryd", "Vetlanda", "enhetschef"),
    Someone("Kim Alm", "Vetlanda", "brukarvägledare", easy=True),
    Someone("Linda Kvist", "Värnamo", "LSS-handläggare"),
    Someone("Eva Törnqvist", "Värnamo", "enhetschef"),
    Someone("Anders Wallin", "Värnamo", "vägledare", "070-174 06 78"),
    Someone("Nora Vik", "Värnamo", "brukarvägledare", easy=True),
    Someone("Nils Roth", KALMAR, "folkhälsoutvecklare"),
    Someone("Maja Lönn", KALMAR, "dietist"),
    Someone("Stina Hjelm", EAST, "hälsostrateg"),
    Someone("David Ahlin", EAST, "fysioterapeut"),
    Someone("Ebba Torell", UNIVERSITY, "forskare"),
)
