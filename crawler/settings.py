"""Every setting with its default and one line of why. Scrapy reads this module; so does the command line."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path

BOT_NAME = "tearsheet"
SPIDER_MODULES = ["crawler.spiders"]

# Whom an outlet may write to about this crawler; the operator's own page or address is best.
CONTACT = os.environ.get("TEARSHEET_CONTACT", "https://github.com/tearsheet/tearsheet")
# One user agent for everything, robots.txt included, with the contact in the customary form.
USER_AGENT = f"tearsheet/{version('tearsheet')} (+{CONTACT})"

# The folder that holds the collections.
COLLECTIONS = os.environ.get("TEARSHEET_COLLECTIONS", "collections")
# The collection that a crawl adds to.
COLLECTION = "news"
# Whether text is extracted from pages as they come in; without it they stay pending.
EXTRACT = True
# Extraction processes: one a core beside the crawl, since extraction costs more than everything else.
EXTRACTION_WORKERS = max(1, os.cpu_count() or 1)
# Known pages are asked for again although no look at edits is due.
RECHECK = False
# The function that says what time it is, by its dotted name; for rehearsals.
CLOCK = os.environ.get("TEARSHEET_CLOCK", "crawler.clock.system")
# Folders with outlet files of the user's own, besides the bundled ones.
OUTLET_FOLDERS = [folder for folder in ("outlets",) if Path(folder).is_dir()]
if "TEARSHEET_OUTLETS" in os.environ:
    OUTLET_FOLDERS.append(os.environ["TEARSHEET_OUTLETS"])

# Where crawler.capture.archive_handler.ArchiveHandler finds its answers: the collection, the folder that holds it, and
# the time (ISO 8601) that captures are to be nearest to; None for the newest.
FROM_COLLECTION = None
FROM_COLLECTIONS = "collections"
FROM_TIME = None

DOWNLOAD_HANDLERS = {
    "http": "crawler.capture.handler.CaptureHandler",
    "https": "crawler.capture.handler.CaptureHandler",
    # A page of the web has no business with these.
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
# Of Scrapy's extensions those that a crawl uses. Two of the others open a port and listen there for commands,
# which is nothing a crawler should do; to name them, even to turn them off, would load what they need.
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.logstats.LogStats": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.throttle.AutoThrottle": 0,
}
EXTENSIONS = {
    "crawler.extensions.archive.Archive": 0,
    # Keeps the log of runs, by which the health of outlets is judged.
    "crawler.extensions.health.Health": 0,
}
ITEM_PIPELINES = {"crawler.pipelines.SettledPages": 100}
# Scrapy's own knows IPv4 alone. What an outlet's name stands for is tried in the system's order, a fraction of a second
# apart (RFC 8305), so a machine without IPv6 loses nothing.
TWISTED_DNS_RESOLVER = "crawler.capture.resolver.Resolver"
# A page past 32 MiB is no news story; what came until then is kept and marked as cut short.
DOWNLOAD_MAXSIZE = 32 << 20
# Seconds for one exchange; slow outlets answer in 30, hanging ones never.
DOWNLOAD_TIMEOUT = 60
# Bytes of responses between download and the end of their extraction before the crawl waits.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 32 << 20
# Scrapy starts that many tasks for each response, 100 by default; ours yield one page and some requests.
CONCURRENT_ITEMS = 4

ROBOTSTXT_OBEY = True
# Keeps pace by registered domain, for all crawlers of the process.
DOWNLOADER = "crawler.politeness.downloader.PoliteDownloader"
CONCURRENT_REQUESTS = 16
# Two at a time for one registered domain, a second apart: what a reader with two tabs would do.
CONCURRENT_REQUESTS_PER_DOMAIN = 2
DOWNLOAD_DELAY = 1.0
# A delay is the least time between two requests, not their mean: by default chance would halve it now and then.
DOWNLOAD_DELAY_JITTER = 0
# A Crawl-delay or Request-rate of robots.txt raises the delay up to this many seconds. What is above is mostly meant
# in milliseconds, or by a file of the year 2000; who wants no crawler at all disallows it.
CRAWL_DELAY_LIMIT = 60.0
# So many refusals (429, 503) in a row and a domain is left alone for the rest of the run: the first may be chance, the
# second a server that catches its breath, the third is meant. The same for connections to a host that came to nothing.
HOST_REFUSALS = 3
HOST_FAILURES = 3
# Slows down with the server's answers, and never goes below what robots.txt asks for.
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
# Scrapy's, in its order, with robots.txt and retries of our own. Not among them: cookies, which would tie the
# visits together and make a page depend on what was fetched before it, and a cache, since there is the archive.
DOWNLOADER_MIDDLEWARES_BASE = {
    "crawler.middlewares.robots.PatientRobots": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "crawler.middlewares.retry.PatientRetry": 550,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": 580,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
}
# Which article and section pages a browser renders: never, always, or auto: those without an article in what the
# server sent. None: as the outlet's file says, and auto where it says nothing.
RENDER = None
# What is kept of a rendered page beside its DOM: a picture of the whole page, a PDF.
RENDER_SCREENSHOT = True
RENDER_PDF = False
# Advertisements and trackers are loaded: an archive keeps what was there.
RENDER_BLOCK_ADS = False
# Pages that are rendered at a time, in the whole process: each takes some 200 MB and one core while it loads.
RENDER_PAGES = 2
# Each request that a rendered page makes of a domain costs it one delay, up to this many seconds a page in all.
RENDER_PAUSE_LIMIT = 15.0
# What the browser calls itself: by the name in robots.txt, in the form in which pages expect one of a browser.
RENDER_USER_AGENT = f"Mozilla/5.0 (compatible; {BOT_NAME}/{version('tearsheet')}; +{CONTACT})"
RETRY_TIMES = 2
# Seconds in which a domain is not asked after a failure or refusal; each further one in a row waits twice as long.
RETRY_BACKOFF = 1.0
# A server's Retry-After is obeyed up to this many seconds, for the whole domain; a later date means: not in this run.
RETRY_AFTER_LIMIT = 60.0
REDIRECT_MAX_TIMES = 10
# Whether each host's /.well-known/tdmrep.json (text and data mining) is fetched once a run and archived.
# Off: it is one request more for each visit, most hosts have none, and headers and pages say it too; an archive that
# has to prove what was reserved when turns it on with TEARSHEET_TDM_FILES=1.
TDM_FILES = os.environ.get("TEARSHEET_TDM_FILES", "0") == "1"
# A page that leads elsewhere within so many seconds is a redirect; front pages load themselves anew after minutes.
METAREFRESH_MAXDELAY = 10

# What discovery reads at the most; whatever is cut off by these is told.
# Feeds list 10 to 200 entries; the few that list an archive have sitemaps for that.
FEED_ENTRIES = 1_000
# The protocol's own bound for one sitemap.
SITEMAP_ENTRIES = 50_000
# Front pages have 200 to 800 links; a page with more is an index of everything.
SECTION_LINKS = 5_000
# Indexes of sitemaps within each other: by year, then by month is the deepest that outlets go.
SITEMAP_DEPTH = 2
# Sitemaps of indexes and dates in one run, of an outlet: seven weeks of days, or four years of months.
SITEMAPS_A_RUN = 50
# Pages of one section or feed in a backfill, by its links to what is older.
LIST_PAGES = 20
# Characters of an article's address: slugs of other scripts, escaped, come to 2,000; traps grow for ever.
URLLENGTH_LIMIT = 4_000

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
LOG_LEVEL = "WARNING"
# Log lines are JSON objects, a line each.
LOG_AS_JSON = False
