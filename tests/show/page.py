"""A page of `toll show --format html`, taken apart: its tables, its text, and what is wrong with it as
HTML."""
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "circle", "rect", "path"}
# Whatever a page may hold; no script, nothing from elsewhere.
KNOWN = {"html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "nav", "ol", "ul", "li", "a",
         "main", "section", "article", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "sup", "b",
         "strong", "code", "details", "summary", "figure", "svg", "defs", "marker", "path", "circle", "rect", "text", "br"}
ATTRIBUTES = {"lang", "charset", "name", "content", "class", "id", "href", "colspan", "role", "viewbox", "width", "height",
              "aria-hidden", "refx", "refy", "markerwidth", "markerheight", "orient", "d", "fill", "cx", "cy", "r", "x", "y",
              "rx", "marker-end"}


@dataclass
class Table:
    """Rows of cells, without footnote marks; a heading is a row of one cell."""
    article: str
    caption: str = ""
    head: list = field(default_factory=list)
    rows: list = field(default_factory=list)


class Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.problems, self.tables, self.open = [], [], []
        self.ids, self.links = set(), set()
        self.title = self.text = ""
        self.article = ""
        self.cell = None

    def handle_starttag(self, tag, attrs):
        if tag not in KNOWN:
            self.problems.append(f"<{tag}> does not belong in a page")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.problems.append(f"<{tag} {name}> does not belong in a page")
            if name == "id":
                if value in self.ids:
                    self.problems.append(f"two have the id {value}")
                self.ids.add(value)
            if name == "href":
                self.links.add(value)
        if tag in ("ul", "ol"):
            self.text += "\n"
        if tag == "article":
            self.article = dict(attrs).get("id", "")
        elif tag == "table":
            self.tables.append(Table(self.article))
        elif tag == "tr":
            self.row = []
        elif tag in ("th", "td", "caption"):
            self.cell = ""
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> closes {self.open[-1] if self.open else 'nothing'}")
            return
        self.open.pop()
        if tag not in ("a", "b", "code", "strong", "sup"):
            self.text += "\n"
        if tag in ("th", "td"):
            self.row.append(self.cell)
            self.cell = None
        elif tag == "caption":
            self.tables[-1].caption, self.cell = self.cell, None
        elif tag == "tr":
            table = self.tables[-1]
            if "thead" in self.open:
                table.head = self.row
            else:
                table.rows.append(self.row)

    def handle_data(self, data):
        if self.open and self.open[-1] in ("style", "sup"):
            return
        if "title" in self.open and "svg" not in self.open:
            self.title += data
        self.text += data
        if self.cell is not None:
            self.cell += data


def read_page(html):
    page = Page()
    page.feed(html)
    page.close()
    if page.open:
        page.problems.append(f"{page.open} are not closed")
    for link in page.links:
        if not link.startswith("#"):
            page.problems.append(f"a link leads out of the page: {link}")
        elif link[1:] not in page.ids:
            page.problems.append(f"a link leads nowhere: {link}")
    for outside in ("http:", "https:", "url(#arrow"):
        if outside != "url(#arrow" and outside in html.split("<body>")[0]:
            page.problems.append(f"the head speaks of {outside}")
    return page
