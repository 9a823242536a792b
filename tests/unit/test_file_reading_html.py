"""Whatever stands in a document, its preview is HTML of the few elements that there are."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.file_reading import docx, odf, pptx, tables
from forum.file_reading.found import Found
from forum.file_reading.shown_html import is_safe
from forum.file_reading.zipped import opened
from tests import documents, office

_SIGNS = st.text(alphabet="aå <>&\"'/\n\t\u2028\ufffd=;", max_size=12)
_VALUES = _SIGNS | st.sampled_from(
    [
        *("0", "1", "2", "9", "-1", "99999999999", "x", "rId9", "rId8", "Rubrik1", "true", "title"),
        *("body", "bold", "L1", "T1", "javascript:alert(1)", 'https://a.se/"><script>'),
        *("https://å.se", "https://a.se/?a=<b>&c", "mailto:a@b.se"),
    ]
)


def elements(tags: str, attributes: str) -> st.SearchStrategy[str]:
    """Trees of these elements, with these attributes and any words."""
    tag = st.sampled_from(tags.split())
    said = st.dictionaries(st.sampled_from(attributes.split()), _VALUES, max_size=3)

    def written(parts: tuple[str, dict[str, str], list[str]]) -> str:
        name, attributes, inner = parts
        told = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        return f"<{name}{told}>{''.join(inner)}</{name}>"

    return st.recursive(
        _SIGNS.map(escape),
        lambda inner: st.tuples(tag, said, st.lists(inner, max_size=4)).map(written),
        max_leaves=30,
    )


WORD = elements(
    "w:p w:p w:r w:r w:t w:t w:tbl w:tr w:tc w:pPr w:pStyle w:numPr w:ilvl w:numId w:hyperlink w:br"
    " w:tab w:rPr w:b w:i w:tblPr w:tblLook w:trPr w:tblHeader w:tcPr w:gridSpan w:outlineLvl w:sdt"
    " w:drawing w:txbxContent w:ins w:del",
    "w:val r:id w:type w:firstRow",
)
ODF = elements(
    "text:p text:p text:h text:span text:a text:list text:list-item text:s text:tab text:note"
    " text:line-break table:table table:table-row table:table-cell table:table-header-rows"
    " draw:page draw:frame draw:text-box svg:desc presentation:notes style:style"
    " style:text-properties text:list-style text:list-level-style-number",
    "text:style-name text:outline-level xlink:href table:number-columns-spanned style:name"
    " presentation:class fo:font-weight text:level style:parent-style-name",
)
SLIDE = elements(
    "p:sp p:pic p:graphicFrame p:nvPr p:ph p:cNvPr p:txBody a:p a:p a:r a:r a:t a:t a:rPr a:pPr"
    " a:br a:tbl a:tblPr a:tr a:tc a:hlinkClick p:grpSp",
    "type lvl b i r:id firstRow descr",
)
KINDS: dict[str, tuple[st.SearchStrategy[str], Callable[[str], bytes], Callable[..., Found]]] = {
    "word": (WORD, documents.docx, docx.gather),
    "text": (ODF, lambda body: office.odf("text", body), odf.gather_text),
    "slides of ODF": (
        ODF,
        lambda body: office.odf("presentation", f"<draw:page>{body}</draw:page>"),
        odf.gather_slides,
    ),
    "slides": (SLIDE, lambda body: office.pptx([body, body]), pptx.gather),
}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_stands_in_a_document_its_preview_is_safe(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    body, made, gather = KINDS[kind]
    path = tmp_path_factory.mktemp("any") / "source"
    path.write_bytes(made("".join(data.draw(st.lists(body, max_size=5)))))
    assert zipfile.is_zipfile(path)
    with opened(path) as package:
        _media_type, main = package.main()
        found = gather(package, main)
    assert is_safe("\n".join(found.blocks))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(alphabet="aå;,\t|\"\n\r<>&'", max_size=200))
def test_whatever_stands_in_a_table_its_preview_is_safe(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path: Path = tmp_path_factory.mktemp("any") / "source"
    path.write_text(text)
    assert is_safe("\n".join(tables.gather_csv(path).blocks))
