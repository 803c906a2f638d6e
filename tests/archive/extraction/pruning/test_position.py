from __future__ import annotations

from archive.extraction.article import Article, Page
from archive.extraction.extract import extract

LINES = (
    "The three largest ports of the coast have published how many boats they counted in each of the last years.",
    "Port Amsel counted most of them, although its basin was closed to all but the ferries for most of March.",
    "The office of statistics has put the figures into a table, which it will bring up to date every autumn.",
)
BODY = "".join(f"<p>{line}</p>" for line in LINES)


def paragraphs(markup: str) -> tuple[str, ...]:
    page = f"<html><body><article><h1>How many boats came</h1>{markup}</article></body></html>"
    outcome = extract(Page("https://daily.example/2026/11/how-many-boats", page.encode()))
    assert isinstance(outcome, Article)
    return outcome.paragraphs


def test_numbers_and_dates_are_content_in_a_table_of_data_and_furniture_outside_of_one() -> None:
    rows = "".join(
        f"<tr><td>{port}</td><td>{count}</td><td>3/5/2024</td></tr>" for port, count in PORTS.items()
    )
    found = paragraphs(f"<p>3/5/2024</p>{BODY}<table>{rows}</table>")
    assert [line for line in found if line not in LINES] == [
        cell for port, count in PORTS.items() for cell in (port, count, "3/5/2024")
    ]


PORTS = {"Port Amsel": "80,324,255", "Velmar": "3,976,261", "Twitter": "1,548,397"}


def test_the_name_of_a_share_button_is_content_as_the_heading_of_a_paragraph() -> None:
    text = (
        "The harbour master writes there every morning which of the boats will leave late, and why they will."
    )
    found = paragraphs(f"{BODY}<h3>Instagram</h3><p>{text}</p><div>Instagram</div>")
    assert found == (*LINES, "Instagram", text)
