"""What README.md and docs/*.md write as text can be pasted: plans, parts with their settings, and names of methods.

usage: docs_test.py INTERP SOURCE
"""
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import Tap

KEYS = ("model", "schedule", "solver", "grid", "k", "diffusion", "evaluations", "noise", "start", "last", "singular",
        "ends")
#: a kind -> how a plan says it
PARTS = {"schedule": "schedule=%s", "prediction": "model=%s", "solver": "solver=%s", "grid": "grid=%s",
         "diffusion": "diffusion=%s", "time": "model=velocity(time=%s)"}
#: where a part is a part of a plan only with others beside it
SURROUNDINGS = ("", " grid=time(u_start=0.1)", " model=velocity(schedule=ddpm, time=index)", " k=1",
                " k=1 schedule=lazy", " k=1 solver=sa-2")
#: hyphenated words of tables and spans that are no methods: programs, papers' repositories, files, English
OTHERS = {"k-diffusion", "sde-dpmsolver", "diff-sampler", "sde-dpm", "fitted-6", "pkg-config", "classifier-free"}
#: what leaves something out, or is Python
NOT_TEXT = re.compile(r"\.\.\.|libinterp\.|^\w+=\"\w+\"(,|$)|^start=array$")

SPAN = re.compile(r"`([^`\n]+)`")
QUOTED = re.compile(r"\"((?:%s)=[^\"]*)\"" % "|".join(KEYS))
SHELL = re.compile(r"^\$ interp (?:plan|compare) (.*)$", re.MULTILINE)
FENCED = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"(?<![\w/.`-])([a-z][a-z0-9]*(?:-[a-z0-9]+)+)(?![\w./-])")
ITEM = re.compile(r"^(?:%s)=[^\s=,]" % "|".join(KEYS))
CALL = re.compile(r"^[a-z0-9+-]+\(.*\)$")


def run(interp: str, *words: str) -> tuple[int, str]:
    done = subprocess.run([interp, *words], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def names_of(interp: str) -> dict[str, list[str]]:
    """Every name that the library lists, and the kinds that have it."""
    found: dict[str, list[str]] = {}
    for kind in [line.split()[0] for line in run(interp, "list")[1].splitlines()]:
        for line in run(interp, "list", kind)[1].splitlines():
            found.setdefault(line.split()[0], []).append(kind)
    return found


def plans(page: str) -> set[str]:
    """Texts of whole plans, but for those that a page's own examples of errors show."""
    shown = [text for shell in SHELL.findall(page) for text in QUOTED.findall(shell)]
    text_blocks = [line for block in FENCED.findall(page) for line in block.splitlines() if ITEM.match(line)]
    spans = [span for span in SPAN.findall(FENCED.sub("", page)) if ITEM.match(span)]
    found = {*QUOTED.findall(page), *text_blocks, *spans} - set(shown)
    return {text for text in found if not NOT_TEXT.search(text)}


def calls(page: str, names: dict[str, list[str]]) -> dict[str, list[str]]:
    """Parts with settings, `karras(rho=5)`, and the plans that they may stand in."""
    spans = [span for span in SPAN.findall(FENCED.sub("", page)) if CALL.match(span) and not NOT_TEXT.search(span)]
    kinds = {span: names.get(span, names.get(span.split("(")[0], [])) for span in spans}
    plans_of = {span: [PARTS[kind] % span for kind in of if kind in PARTS] for span, of in kinds.items()}
    return {span: plans for span, plans in plans_of.items() if plans}


def words(page: str) -> set[str]:
    """Hyphenated words in spans of their own and in tables, where nothing but methods is called so."""
    body = FENCED.sub("", page)
    spans = {span for span in SPAN.findall(body) if NAME.fullmatch(span)}
    return spans | {word for line in body.splitlines() if line.startswith("|") for word in NAME.findall(line)}


def refused(interp: str, texts: list[str]) -> list[str]:
    """What interp says, unless one of the texts is a plan's."""
    answers = [run(interp, "plan", text + more) for text in texts for more in SURROUNDINGS]
    return [] if any(status == 0 for status, _ in answers) else [f"{texts[0]}: {answers[0][1].strip()}"]


def wrong_on(interp: str, page: str, names: dict[str, list[str]]) -> list[str]:
    wrong = [line for text in sorted(plans(page)) for line in refused(interp, [text])]
    wrong += [line for texts in calls(page, names).values() for line in refused(interp, texts)]
    return wrong + [f"{word}: no name of a method" for word in sorted(words(page) - names.keys() - OTHERS)]


def errors_said(interp: str, page: str) -> list[str]:
    """What a page shows interp to answer is what it answers."""
    shown = re.findall(r"^\$ interp plan \"(.*)\"\n(interp: .*)$", page, re.MULTILINE)
    said = [(text, run(interp, "plan", text)[1].strip(), answer) for text, answer in shown]
    return [f"{text}: it says {now!r}, the page {answer!r}" for text, now, answer in said if now != answer]


def main() -> None:
    interp, source = sys.argv[1], pathlib.Path(sys.argv[2])
    names = names_of(interp)
    pages = [source / "README.md", *sorted((source / "docs").glob("*.md"))]
    tap = Tap(len(pages) + 1)
    count = 0
    for path in pages:
        page = path.read_text(encoding="utf-8")
        count += len(plans(page)) + len(calls(page, names)) + len(words(page))
        tap.result(path.name, wrong_on(interp, page, names) + errors_said(interp, page))
    tap.result(f"{count} texts", [] if count > 200 else ["too few texts were found"])
    tap.exit()


main()
