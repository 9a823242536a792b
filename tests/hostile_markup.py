"""Texts by people who mean harm: addresses, HTML, and pieces that parsers have been slow with."""

from collections.abc import Iterator

from forum.markup_bounds import MAX_CHARACTERS
from tests.markup import LONG, table

SCHEMES = """
javascript:alert(1)
JaVaScRiPt:alert(1)
java&#115;cript:alert(1)
&#106;avascript:alert(1)
&#x6A;avascript:alert(1)
&#0000106avascript:alert(1)
javascript&colon;alert(1)
javascript&#58;alert(1)
java\tscript:alert(1)
java&Tab;script:alert(1)
java&NewLine;script:alert(1)
java&#10;script:alert(1)
java&#x0D;script:alert(1)
java&#0;script:alert(1)
&#1;javascript:alert(1)
&#32;javascript:alert(1)
%20javascript:alert(1)
\x01javascript:alert(1)
\x1bjavascript:alert(1)
\u00a0javascript:alert(1)
\u200bjavascript:alert(1)
\u202ejavascript:alert(1)
\ufeffjavascript:alert(1)
java\u00adscript:alert(1)
ｊavascript:alert(1)
javascript\uff1aalert(1)
javascript\\:alert(1)
\\javascript:alert(1)
javascript://example.org/%0aalert(1)
javascript:/*https://example.org*/alert(1)
vbscript:msgbox(1)
VBScript:msgbox(1)
livescript:x
data:text/html,<script>alert(1)</script>
data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==
data:image/svg+xml,<svg/onload=alert(1)>
data:image/png;base64,AAAA
DATA:,x
blob:https://example.org/1
file:///etc/passwd
ftp://example.org/
filesystem:https://example.org/
view-source:javascript:alert(1)
jar:https://example.org!/
feed:javascript:alert(1)
about:blank
intent://x#Intent;end
tel:112
ws://example.org
//example.org/x
\\\\example.org\\x
///example.org
&#47;&#47;example.org
https:example.org
https:/example.org
https:///example.org
https://
https://samverkan.se@example.org/
https://samverkan.se:x@example.org/
https://samverkan.se%40@example.org
https:\\\\example.org
https://exa mple.org
mailto:
?q=1
x/y
.
""".strip().split("\n")

# One payload a line; the escapes are Python's.
HTML = [
    line.encode().decode("unicode_escape")
    for line in r"""
<script>alert(1)</script>
<ScRiPt/x>alert(1)</sCrIpT >
<script\n>alert(1)</script\n>
<<script>script>alert(1)<</script>/script>
<scr\x00ipt>alert(1)</scr\x00ipt>
<scr\u202eipt>alert(1)</scr\u202eipt>
<img src=x onerror=alert(1)>
<img src="x" onerror="alert(1)"/>
<img/src/onerror=alert(1)>
<svg onload=alert(1)>
<svg/onload=alert(1)//
<svg><script xlink:href=data:,alert(1) />
<svg><style><img src=x onerror=alert(1)></style></svg>
<svg><p><style><a title="</style><img src onerror=alert(1)>">
<math><mtext><table><mglyph><style><!--</style><a title="--&gt;&lt;img onerror=x src&gt;">
<math><mi><mglyph><svg><mtext><textarea><path id="</textarea><img onerror=alert(1) src=1>">
<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=x src>">
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<noembed><p title="</noembed><img src=x onerror=alert(1)>">
<title><a title="</title><img src=x onerror=alert(1)>">
<textarea><a title="</textarea><img src=x onerror=alert(1)>">
<xmp><p title="</xmp><svg/onload=alert(1)>">
<style><!--</style><script>alert(1)//--></script>
<!--><img src=x onerror=alert(1)>-->
<!--!><img src=x onerror=alert(1)>-->
<!-- --!><img src=x onerror=alert(1)> -->
<![CDATA[<img src=x onerror=alert(1)>]]>
<!DOCTYPE html [<!ENTITY x "y">]>
<?xml version="1.0"?><?php echo 1 ?>
<iframe src="javascript:alert(1)"></iframe>
<iframe srcdoc="<script>alert(1)</script>">
<object data="data:text/html,<script>alert(1)</script>">
<embed src=javascript:alert(1)>
<base href="javascript:/">
<meta http-equiv=refresh content="0;url=javascript:alert(1)">
<link rel=stylesheet href=data:,*{}>
<form action=javascript:alert(1)><button>x</button></form>
<input onfocus=alert(1) autofocus>
<details open ontoggle=alert(1)>
<a href="javascript:alert(1)">x</a>
<a class="mention" href="https://example.org">@Anna Ek</a>
<p style="position:fixed;inset:0">x</p>
<div class="mention" id="x" onclick="alert(1)">x</div>
<table background="javascript:alert(1)">
<x onclick=alert(1)>x</x>
<template><script>alert(1)</script></template>
<slot name=x></slot><portal src=x>
<isindex action=javascript:alert(1) type=image>
<video><source onerror=alert(1)></video>
<marquee onstart=alert(1)>
<body onload=alert(1)>
</p></div></article><script>alert(1)</script>
&lt;script&gt;alert(1)&lt;/script&gt;
&#60;script&#62;alert(1)&#60;/script&#62;
&#x3c;img src=x onerror=alert(1)&#x3e;
&amp;lt;script&amp;gt;
**<img src=x onerror=alert(1)>**
`<img src=x onerror=alert(1)>`
[<img src=x onerror=alert(1)>](https://example.org)
[x](https://example.org "\\"><img src=x onerror=alert(1)>")
[x](https://example.org '&quot; onclick=&quot;alert(1)')
[x](https://example.org/"onmouseover="alert(1))
[x](<https://example.org/" onmouseover="alert(1)>)
[x](https://example.org/`onmouseover=alert(1))
![x" onerror="alert(1)](https://example.org/x.png)
![x](https://example.org/x.png"onerror="alert(1))
![<script>alert(1)</script>](https://example.org/x.png)
https://example.org/"onmouseover="alert(1)
https://example.org/<script>alert(1)</script>
www.example.org/'onmouseover='alert(1)
"onclick="alert(1)"@example.org
<https://example.org/"onclick="alert(1)>
<javascript:alert(1)>
<JAVASCRIPT:alert(1)>
<vbscript:x>
<data:text/html,x>
# <script>alert(1)</script>
> <script>alert(1)</script>
- <script>alert(1)</script>
    <script>alert(1)</script>
@anna.ek<script>alert(1)</script>@anna.ek
|<script>|x|\n|-|-|\n|<img src=x onerror=alert(1)>|"|
|" onfocus="alert(1)" x="|b|\n|-|-|\n|c|d|
|a|b|\n|:-" onclick="|-|\n|c|d|
~~~ "><script>alert(1)</script>\nx\n~~~
~~~ mention" onclick="alert(1)\nx\n~~~
```html onload=alert(1)\n<script>\n```
- [x] <script>alert(1)</script>
- [ ] [ ](javascript:alert(1))
[a]: javascript:alert(1)\n\n[a] x
[a]: <java&#10;script:alert(1)>\n\n[a] x
[a]: https://example.org "><script>alert(1)</script>"\n\n[a] x
[a]: //example.org\n\n[a] x
[\u202egro.elpmaxe](https://example.org)
[&#x202e;&#x2066;x](https://example.org)
[![x](javascript:alert(1))](javascript:alert(1))
[![x](https://example.org/a)](https://example.org/b)
[a [b](https://example.org/b) c](https://example.org/a)
![a [b](https://example.org/b) c](https://example.org/a)
""".strip().splitlines()
]

# From CommonMark's pathological tests, markdown-it's and other parsers' issues, and own search.
PIECES = [
    "[", "]", "[[", "[]", "[](", "[a](<b", "[a](", "[a][b]", "![", "![[]()", "](\n", "[\n", "[a\n",
    "*", "_", "*_", "**a ", "*a_ ", "a**b", "_a __a ", "***a** b* ", "**a *a ", "~", "~~a ",
    "`", "`a", "`a``", "``` a", "```\n", "~~~\n", "\\", "\\[", "\\`", "a\\\n", "a  \n",
    "<", "<<", "<a", "<a>", "</", "<a href=", "<!--", "<!A ", "<?", "<![CDATA[", "<a@b", "<x:",
    "<>", "&", "&#", "&#x", "&a", "&amp", "&amp;", "&lt;", "&#1234567;", "&#x202e;",
    ">", "> ", ">\n", "> > > ", "   > a\n", ">- ", "- ", "-\n", "- - ", "* a\n", "+ a\n",
    "  - a\n", "1. ", "1. 1. ", "1)\n", "- [ ] a\n", "- a\n\n", "#", "# ", "###### a\n", "=\n",
    "a\n=\n", "---\n", "|", "||", "|-", "|a|\n", "a|b\n", "|-|-|\n", "|a|b|\n|-|-|\n", "-|-\n",
    "|\n",
    "[a]: b\n", "[a]: b\n\n", "[a]: <b\n", "[a]: b 'c\n", "[a]:\n", "[a]: b (c\n", "[a]", "[^a]",
    "http://", "http://a", "http://a.se/(", "http://a.se ", "https://a.se\n", "www.", "www.a.se ",
    "mailto:", "a@b.se ", "@", "@a", "a@", "a.", "a@a.", "@anna.ek ", "://", ":", "!", "(", ")",
    "'", '"', "\t", " ", "\n", " \n", "a\n", "a\n\n", "    a\n", "\u0301", "\u0315\u0300", "\ufb2c",
    "😀", "å", "é", "\u00a0", "\u2028", "\x00", "x", "word ", "{", "$", "%", "=",
]  # fmt: skip


def _texts() -> Iterator[str]:
    for unit in PIECES if LONG else PIECES[::4]:
        yield unit * (MAX_CHARACTERS // len(unit))
    yield "a" + "[a]: /b\na\n>>>>>>>>>>" * 195
    yield "+\n" + "|\n- a\n" * 5_000
    yield "[" * 2_000 + "a" + "](b)" * 2_000
    yield "*" * 2_000 + "a" + "*" * 2_000
    yield "[x]: /" + "y" * 16_000 + "\n" + "[x]" * 1_990
    yield "[x]: <" + "&amp;" * 1_900 + ">\n\n" + "[x] " * 1_990
    yield "`" * 1_000 + "".join("`" * n + "a" for n in range(240))
    yield "> " * 15_000 + "a"
    yield "- " * 15_000 + "a"
    yield "".join("  " * n + "- a\n" for n in range(170))
    yield "".join(">" * n + " a\n" for n in range(1, 240))
    yield table(60, 33)
    yield "|*a*|b|\n|-|-|\n" + "|*a*|`b`|\n" * 990
    yield "|a" * 7_000 + "|\n" + "|-" * 7_000 + "|\n"
    yield "a\n" + "|-" * 15_000
    yield "![" * 1_900 + "](x)" * 1_900
    yield "<" * 1_999 + "a" * 20_000 + ">"
    yield "<!A " * 1_900 + "x" * 20_000
    yield "[a](" * 1_900 + "(" * 20_000
    yield "http://" + "a." * 15_000 + "se"
    yield "http://a.se/" + ")" * 30_000
    yield "a" * 30_000 + "@" + "b." * 900


TEXTS = list(_texts())
