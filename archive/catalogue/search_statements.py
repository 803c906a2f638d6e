"""The SQL of the index of words. `held` is the collection's catalogue, attached for reading."""

from __future__ import annotations

from typing import Any

from archive.catalogue.search_rows import HIT_COLUMNS, Wanted
from archive.search.query import Clause

TABLES = "SELECT 1 FROM main.sqlite_master WHERE name = 'made_by'"
# Numbers are never given twice: the terms of a text that went stay behind, without a document.
MAKE = (
    "DROP TABLE IF EXISTS main.made_by",
    "DROP TABLE IF EXISTS main.documents",
    "DROP TABLE IF EXISTS main.terms",
    "CREATE TABLE main.made_by (version TEXT NOT NULL)",
    "INSERT INTO main.made_by VALUES (?)",
    """CREATE TABLE main.documents (
        id INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER NOT NULL UNIQUE, hash TEXT NOT NULL, url TEXT NOT NULL,
        headline TEXT NOT NULL, opening TEXT NOT NULL, outlet TEXT, language TEXT, kind TEXT NOT NULL,
        words INTEGER NOT NULL, published TEXT, captured TEXT NOT NULL, day TEXT NOT NULL, moment TEXT NOT NULL,
        current INTEGER NOT NULL DEFAULT 1, whole INTEGER NOT NULL)""",
    "CREATE INDEX main.documents_by_moment ON documents (current, moment, number)",
    "CREATE INDEX main.documents_by_outlet ON documents (current, outlet, moment)",
    "CREATE INDEX main.documents_by_url ON documents (url)",
    # The terms are ASCII-folded words without a sign that this tokenizer cuts at: it cuts at the blanks alone.
    "CREATE VIRTUAL TABLE main.terms USING fts5 (headline, body, about, variants, content='', tokenize='ascii')",
)
_CAPTURED = "(SELECT min(c.date) FROM held.captures c WHERE c.text_number = t.number)"
# A text that no capture has any more gave its place to another one when its page was extracted anew.
_HELD = "EXISTS (SELECT 1 FROM held.captures h WHERE h.text_number = t.number)"
FORGET_GONE = f"""
    DELETE FROM main.documents WHERE NOT whole OR NOT EXISTS (
        SELECT 1 FROM held.texts t WHERE t.number = documents.number AND t.hash = documents.hash AND {_HELD})"""
CHANGED = f"""
    SELECT t.number, t.url, t.outlet, t.language, t.date_published AS published,
        {_CAPTURED} AS captured
    FROM held.texts t JOIN main.documents d ON d.number = t.number
    WHERE d.url IS NOT t.url OR d.outlet IS NOT t.outlet OR d.language IS NOT t.language
        OR d.published IS NOT t.date_published"""
SET_CHANGED = """
    UPDATE main.documents SET url = :url, outlet = :outlet, language = :language, published = :published,
        captured = :captured, day = :day, moment = :moment WHERE number = :number"""
# Of the columns beside max() SQLite gives the row that has it: the last text of each address.
SET_CURRENT = """
    WITH last AS MATERIALIZED (
        SELECT text_number, max(number) FROM held.captures WHERE text_number IS NOT NULL GROUP BY url)
    UPDATE main.documents SET current = NOT current
    WHERE current <> (number IN (SELECT text_number FROM last))"""
MISSING = f"""
    SELECT t.number, t.hash, t.url, t.headline, t.words, t.outlet, t.language, t.date_published AS published,
        {_CAPTURED} AS captured
    FROM held.texts t LEFT JOIN main.documents d ON d.number = t.number
    WHERE d.number IS NULL AND {_HELD} ORDER BY t.number DESC"""
ADD_DOCUMENT = """
    INSERT OR IGNORE INTO main.documents (number, hash, url, headline, opening, outlet, language, kind, words,
        published, captured, day, moment, whole)
    VALUES (:number, :hash, :url, :headline, :opening, :outlet, :language, :kind, :words, :published,
        :captured, :day, :moment, :whole)"""
ADD_WORDS = """
    INSERT INTO main.terms (rowid, headline, body, about, variants)
    VALUES (last_insert_rowid(), :headline, :body, :about, :variants)"""
# A word of the headline says most of what a text is about; then its authors, tags and source.
_MATCHED = """
    matched AS MATERIALIZED (
        SELECT rowid AS id, bm25(terms, 8.0, 1.0, 2.0, 1.0) AS rank FROM terms WHERE terms MATCH :wanted)"""
_NEWEST_MATCH = """(d.current OR NOT EXISTS (
        SELECT 1 FROM documents n JOIN matched USING (id) WHERE n.url = d.url AND n.current))"""
_ORDERS = {
    "relevance": "rank, d.moment DESC, d.number DESC",
    "newest": "d.moment DESC, d.number DESC",
    "oldest": "d.moment, d.number",
}


def facet(column: str) -> str:
    """How many articles there are of each value of a column."""
    counted = f"SELECT {column}, count(*) AS held FROM documents WHERE current GROUP BY {column}"
    return f"{counted} ORDER BY held DESC, {column}"


def selecting(wanted: Wanted, outlets: list[str]) -> tuple[str, str, dict[str, Any]]:
    """The statement for a page of results, that for their number, and the values of both."""
    values: dict[str, Any] = {}
    source = "documents d"
    before = ""
    held = ["d.current"]
    if wanted.query.wanted:
        values["wanted"] = match(wanted.query.wanted, " AND ")
        source, before, held = "matched JOIN documents d USING (id)", f"WITH {_MATCHED}", [_NEWEST_MATCH]
    if wanted.query.unwanted:
        values["unwanted"] = match(wanted.query.unwanted, " OR ")
        held.append("d.id NOT IN (SELECT rowid FROM terms WHERE terms MATCH :unwanted)")
    held += _filters(wanted, outlets, values)
    rest = f"FROM {source} WHERE {' AND '.join(held)}"
    columns = ", ".join(f"d.{name}" for name in HIT_COLUMNS)
    rows = (
        f"{before} SELECT {columns} {rest} ORDER BY {_ORDERS[wanted.sorted_by]} LIMIT :limit OFFSET :offset"
    )
    return rows, f"{before} SELECT count(*) {rest}", values


def match(clauses: tuple[Clause, ...], joint: str) -> str:
    """Clauses in FTS5's language. Terms are letters, digits and marks; quoted they can't be taken for anything else."""
    return joint.join(
        "(" + " OR ".join(f'"{" ".join(each)}"{" *" * clause.prefix}' for each in clause.alternatives) + ")"
        for clause in clauses
    )


def _filters(wanted: Wanted, outlets: list[str], values: dict[str, Any]) -> list[str]:
    chosen = wanted.selection
    held = []
    if chosen.outlets:
        held.append(_one_of("outlet", outlets, values))
    if chosen.languages:
        held.append(_one_of("language", sorted(chosen.languages), values))
    if wanted.kind:
        held.append(_one_of("kind", [wanted.kind], values))
    for name, sign, day in (("since", ">=", chosen.since), ("until", "<=", chosen.until)):
        if day:
            values[name] = day.isoformat()
            held.append(f"d.day {sign} :{name}")
    return held


def _one_of(column: str, wanted: list[str], values: dict[str, Any]) -> str:
    names = [f"{column}_{place}" for place in range(len(wanted))]
    values.update(zip(names, wanted, strict=True))
    return f"d.{column} IN ({', '.join(f':{name}' for name in names)})"
