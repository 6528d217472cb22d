"""Reads every feed and site map of the built sites with libraries that others wrote.

Usage: feeds.py SITES. Wants feedparser.
"""

import sys
import xml.etree.ElementTree as xml
from pathlib import Path

import feedparser

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
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
    root = xml.parse(path).getroot()
    if root.tag not in (f"{MAP}urlset", f"{MAP}sitemapindex"):
        faults.append(f"{path}: {root.tag} is no site map")
    if not 0 < len(root) <= 50_000 or path.stat().st_size > 50 * 1024 * 1024:
        faults.append(f"{path}: {len(root)} addresses in {path.stat().st_size} bytes")
    for url in root:
        # The order of the protocol's schema: loc, lastmod, changefreq, priority, then others' elements.
        names = [child.tag.removeprefix(MAP) for child in url]
        own = [name for name in names if not name.startswith("{")]
        if own not in (["loc"], ["loc", "lastmod"]) or names[: len(own)] != own:
            faults.append(f"{path}: {names}")

print("\n".join(faults))
if not feeds or not maps:
    faults.append("nothing was read")
print(f"{feeds} feeds and {maps} site maps read")
print(f"{0 if faults else 1} passed, {1 if faults else 0} failed")
sys.exit(bool(faults))
