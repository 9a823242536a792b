"""What roles, kinds, functions and devices are called, for templates and forms."""

from forum import file_names, terms
from forum.comparisons import Comparison
from forum.language import gettext as _
from forum.language import listed, ngettext, pgettext
from storage.discussions import ThreadKind
from storage.documents import DocumentKind, Item
from storage.networks import Function, NetworkKind, NetworkState
from storage.revisions import Erased
from storage.roles import Role


def role(value: Role) -> str:
    """Return the role in words."""
    return {
        Role.COORDINATOR: _("coordinator"),
        Role.MEMBER: _("member"),
        Role.GUEST: _("guest"),
    }[value]


def function(value: Function) -> str:
    """Return the function in words."""
    return {
        Function.REPRESENTATIVE: _("representative"),
        Function.DEPUTY: _("deputy"),
        Function.GUIDE: _("guide"),
        Function.SERVICE_USER_GUIDE: _("service-user guide"),
        Function.RESEARCHER: _("researcher"),
        Function.OTHER: pgettext("function", "other"),
    }[value]


def in_network(function_there: Function, role_there: Role) -> str:
    """Return what somebody is in a network: "vägledare, gäst", or only "samordnare"."""
    parts = [function(function_there)] if function_there != Function.OTHER else []
    if role_there != Role.MEMBER or not parts:
        parts.append(role(role_there))
    return ", ".join(parts)


def thread_kind(value: ThreadKind) -> str:
    """Return the kind of a thread in words."""
    return {
        ThreadKind.QUESTION: _("Question"),
        ThreadKind.DISCUSSION: _("Discussion"),
        ThreadKind.NOTICE: pgettext("thread", "Notice"),
        ThreadKind.WANTED: pgettext("thread", "Wanted"),
    }[value]


def erased(value: Erased) -> str:
    """Return what was, or can be, removed for good."""
    return {
        Erased.TEXT: _("The present text"),
        Erased.REVISION: _("Version"),
        Erased.ATTACHMENT: _("Attachment"),
        Erased.SHORT: _("The short version"),
        Erased.SUMMARY: _("The summary"),
    }[value]


def document_kind(value: DocumentKind) -> str:
    """Return the kind of a document in words."""
    return {
        DocumentKind.MEETING_NOTES: _("Meeting notes"),
        DocumentKind.MEETING_NOTICE: _("Notice of meeting"),
        DocumentKind.PUBLICATION: _("Publication"),
        DocumentKind.TEMPLATE: _("Template"),
        DocumentKind.BACKGROUND: _("Background material"),
        DocumentKind.OTHER: pgettext("kind of document", "Other"),
    }[value]


def adopted(value: DocumentKind) -> str:
    """Return that it is adopted; in Swedish the word follows the kind's gender and number."""
    return {
        DocumentKind.MEETING_NOTES: pgettext("meeting notes", "Adopted"),
        DocumentKind.MEETING_NOTICE: pgettext("notice of meeting", "Adopted"),
        DocumentKind.PUBLICATION: pgettext("publication", "Adopted"),
        DocumentKind.TEMPLATE: pgettext("template", "Adopted"),
        DocumentKind.BACKGROUND: pgettext("background material", "Adopted"),
        DocumentKind.OTHER: pgettext("document", "Adopted"),
    }[value]


#: What is written to be adopted, and so a draft until then.
DRAFTED = frozenset(DocumentKind) - {DocumentKind.BACKGROUND, DocumentKind.OTHER}


def term(stored: str) -> str:
    """Return a term as people say it: "vt 2026"; nothing for none."""
    found = terms.parse(stored) if stored else None
    return found.shown if found else ""


_FORMATS = {
    "doc": "Word", "docx": "Word", "xls": "Excel", "xlsx": "Excel", "ppt": "PowerPoint",
    "pptx": "PowerPoint",
}  # fmt: skip


def file_format(name: str) -> str:
    """Return what kind of file it is, as people say it: "Word", "PDF"."""
    suffix = file_names.suffix(name)
    return _FORMATS.get(suffix, suffix.upper())


def thread_icon(value: ThreadKind) -> str:
    """Return the name of the icon for a kind of thread."""
    return {
        ThreadKind.QUESTION: "question",
        ThreadKind.DISCUSSION: "talk",
        ThreadKind.NOTICE: "notice",
        ThreadKind.WANTED: "members",
    }[value]


def compared(comparison: Comparison) -> str:
    """Return how much differs: "3 stycken ändrade, 1 stycke tillagt och 2 stycken borttagna"."""
    counts = [
        (
            comparison.changed,
            ngettext("%(num)s paragraph changed", "%(num)s paragraphs changed", comparison.changed),
        ),
        (
            comparison.added,
            ngettext("%(num)s paragraph added", "%(num)s paragraphs added", comparison.added),
        ),
        (
            comparison.removed,
            ngettext("%(num)s paragraph removed", "%(num)s paragraphs removed", comparison.removed),
        ),
    ]
    return listed([words % {"num": count} for count, words in counts if count])


def network_kind(value: NetworkKind) -> str:
    """Return the kind of a network in words."""
    return {
        NetworkKind.NETWORK: _("Network"),
        NetworkKind.WORK_GROUP: _("Work group"),
        NetworkKind.PROJECT: _("Project"),
    }[value]


def network_state(kind: NetworkKind, state: NetworkState) -> str:
    """Return the state in words; in Swedish they follow the gender of the kind."""
    if state == NetworkState.ACTIVE:
        if kind == NetworkKind.WORK_GROUP:
            return pgettext("work group", "active")
        return pgettext("network", "active")
    if kind == NetworkKind.WORK_GROUP:
        return pgettext("work group", "archived")
    return pgettext("network", "archived")


def reading_trouble(value: str) -> str:
    """Return why less of a file is shown than one would think, and what to do about it."""
    return {
        "protected": _(
            "The file is protected by a password, so it cannot be shown here. Save it without a"
            " password and hand in that."
        ),
        "damaged": _(
            "The file seems to be damaged. Open it in its program, save it anew and hand in that."
        ),
        "too_large": _("The file is too large to be shown here. Download it to read it."),
        "too_slow": _("The file takes too long to be shown here. Download it to read it."),
        "unknown": _("This kind of file cannot be shown here. Download it to open it."),
        "not_installed": _(
            "Old Office files cannot be read here. Save it as DOCX, XLSX or PPTX and hand in that."
        ),
        "scanned": _("These are pictures without text: nobody can search in it or hear it read."),
        "recognised": _(
            "A program has read the text out of pictures. There may be mistakes in it."
        ),
        "in_part": _("Only the beginning is shown here. Download the file to read all of it."),
    }.get(value, "")


def item(value: Item) -> str:
    """Return what was put in the trash, or weeded."""
    return {
        Item.FOLDER: _("Folder"),
        Item.DOCUMENT: _("Document"),
        Item.VERSION: _("Version"),
    }[value]


# The order matters: Edge also says Chrome, and Chrome also says Safari.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
             ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
            ("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip


def device(agent: str) -> str:
    """Return "Firefox, Windows" for a browser's User-Agent, or an empty text."""
    browser = next((word for mark, word in _BROWSERS if mark in agent), "")
    system = next((word for mark, word in _SYSTEMS if mark in agent), "")
    return ", ".join(filter(None, (browser, system)))
