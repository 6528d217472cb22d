"""Reads every feed and site map of the built sites with what others wrote: feeds with
feedparser, site maps by the protocol's schema (sitemap.xsd, in npm's package `sitemap`).

Usage: feeds.py SITES SITEMAP_XSD. Wants feedparser and lxml.
"""

import sys
from pathlib import Path

import feedparser
from lxml import etree

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
imports = {
    MAP[1:-1]: Path(sys.argv[2]),
    "http://www.w3.org/1999/xhtml": Path(__file__).with_name("links.xsd"),
}
schema = etree.XMLSchema(etree.fromstring(
    '<schema xmlns="http://www.w3.org/2001/XMLSchema">'
    + "".join(f'<import namespace="{name}" schemaLocation="{path.resolve().as_uri()}"/>' for name, path in imports.items())
    + "</schema>"
))
faults, feeds, maps = [], 0, 0

for path in sorted(Path(sys.argv[1]).rglob("feed.xml")):
    feeds += 1
    read = feedparser.parse(path.read_bytes())
    if read.bozo:
        faults.append(f"{path}: {read.bozo_exception}")
    if read.version != "atom10" or not read.feed.get("title") or not read.feed.get("updated_parsed"):
        faults.append(f"{path}: no Atom feed with a title and a day")
    for entry in read.entries:
        missing = [key for key in ("id", "title", "link", "updated_parsed") if not entry.get(key)]
        if missing:
            faults.append(f"{path}: {entry.get('id')} lacks {missing}")

for path in sorted(Path(sys.argv[1]).rglob("sitemap*.xml")):
    maps += 1
    document = etree.parse(path)
    root = document.getroot()
    if root.tag not in (f"{MAP}urlset", f"{MAP}sitemapindex"):
        faults.append(f"{path}: {root.tag} is no site map")
    if not 0 < len(root) <= 50_000 or path.stat().st_size > 50 * 1024 * 1024:
        faults.append(f"{path}: {len(root)} addresses in {path.stat().st_size} bytes")
    if root.tag == f"{MAP}urlset" and not schema.validate(document):
        faults.append(f"{path}: {schema.error_log}")

print("\n".join(faults))
if not feeds or not maps:
    faults.append("nothing was read")
print(f"{feeds} feeds and {maps} site maps read")
print(f"{0 if faults else 1} passed, {1 if faults else 0} failed")
sys.exit(bool(faults))
