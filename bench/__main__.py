"""`python -m bench`: makes the data if need be, measures, prints one table."""

import argparse
import json
import os
import sys
from collections.abc import Iterable
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path

from devtools.paths import data_directory

IMPORT = "import"
FOLDER = data_directory() / "bench"
SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1M": 1_000_000}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python3 dev.py bench", description="Measure the site against barer ways to the same pages, as ratios."
    )
    parser.add_argument("--size", choices=SIZES, default="10k", help="cases; ten times as many entries (10k)")
    parser.add_argument("--seed", type=int, default=1, help="of the generated data (1)")
    parser.add_argument("--rounds", type=int, default=15, help="how often each way runs (15)")
    parser.add_argument(
        "--only",
        default="",
        metavar="TEXT",
        help="operations with this text in their name; import: bringing dockets in, in a database of its own",
    )
    parser.add_argument(
        "--supreme-court",
        type=Path,
        metavar="FILE",
        help="load the cases of this file (.jsonl.gz, one of them a line) into a database of their own",
    )
    parser.add_argument(
        "--processes",
        type=int,
        default=1,
        metavar="N",
        help="with --only import or --supreme-court: load by so many processes (1); the bare COPY is always one",
    )
    parser.add_argument("--json", action="store_true", help="print JSON in place of the table")
    options = parser.parse_args()
    if options.rounds < 1 or options.processes < 1:
        parser.error("--rounds and --processes must be at least 1")

    import psycopg

    from bench import database

    url = os.environ.get("DATABASE_URL", "").strip()
    if not url:
        print("DATABASE_URL is not set: run `python3 dev.py bench`, which brings its own PostgreSQL.", file=sys.stderr)
        return 2
    try:
        name = "supreme_court" if options.supreme_court else IMPORT if options.only == IMPORT else options.size
        os.environ["DATABASE_URL"] = database.of_size(url, name)
    except psycopg.Error as error:
        print(f"There is no database to measure in: {error}", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casetracker.settings")
    import django

    django.setup()
    if options.supreme_court:
        return _supreme_court(options)
    return _import(options) if options.only == IMPORT else _run(options)


def _supreme_court(options: argparse.Namespace) -> int:
    from bench import load, report, supreme_court
    from casetracker.importers.dockets.records import DocketError

    try:
        loaded = supreme_court.ensure(supreme_court.read(options.supreme_court), processes=options.processes, say=_say)
    except (OSError, DocketError, load.ForeignDataError) as error:
        _say(f"{options.supreme_court}: {error}")
        return 2
    about = report.surroundings(size="supreme-court", rows={"cases": loaded.cases, "entries": loaded.entries})
    if options.json:
        print(json.dumps({"about": about, "supreme_court": asdict(loaded)}, indent=2))
    else:
        print("\n".join([*report.about_text(about), "", supreme_court.as_text(loaded)]))
    return 0


def _import(options: argparse.Namespace) -> int:
    from bench import importing, load, report

    entries = importing.ENTRIES[options.size]
    try:
        found = importing.measured(
            entries=entries, rounds=min(options.rounds, 5), processes=options.processes, say=_say
        )
    except load.ForeignDataError as error:
        _say(str(error))
        return 2
    about = report.surroundings(size=options.size, rows={"entries": entries})
    if options.json:
        print(json.dumps({"about": about, "import": asdict(found)}, indent=2))
    else:
        print("\n".join([*report.about_text(about), "", importing.as_text(found)]))
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _run(options: argparse.Namespace) -> int:
    # Only now: these import models.
    from bench import (
        datasette,
        desk,
        kept,
        lists,
        load,
        operations,
        peers,
        ready_made,
        report,
        served,
        standing,
        worker,
    )
    from bench.bare import BareView
    from bench.site import Site
    from casetracker.models import Case, Event

    try:
        load.ensure(SIZES[options.size], seed=options.seed, say=_say)
    except load.ForeignDataError as error:
        _say(str(error))
        return 2
    ready_made.ensure(say=_say)
    about = report.surroundings(
        size=options.size, rows={"cases": Case.objects.count(), "entries": Event.objects.count()}
    )
    results: list[operations.Result] = []
    left_out: list[str] = []
    wrong: list[str] = []

    def measure(found: Iterable[operations.Operation], site: Site) -> None:
        for operation in found:
            if options.only in operation.name:
                _say(f"{operation.name}, against {operation.against}")
                try:
                    results.append(operations.measured(operation, site, rounds=options.rounds))
                # The others took minutes and are told all the same.
                except ValueError as error:
                    wrong.append(f"{operation.name}, against {operation.against}, was not measured: {error}")

    with ExitStack() as stack:
        site, bare = Site(), stack.enter_context(closing(BareView()))
        asked = lists.Asked.of_database()
        measure(operations.of_cases(site, bare), site)
        measure(lists.operations(site, bare, asked), site)
        if SIZES[options.size] >= desk.SMALLER:
            small = stack.enter_context(closing(desk.Small(SIZES[options.size], seed=options.seed, say=_say)))
            measure(desk.operations(at_desk := desk.desk(), small), at_desk)
        try:
            over_http = stack.enter_context(served.site())
            mark = "_".join((load.mark() or "").split())
            other = stack.enter_context(datasette.running(FOLDER / "datasette", mark, say=_say))
            measure(peers.against_datasette(over_http, other, mark, asked), site)
            nginx = stack.enter_context(served.nginx(over_http.get("/cases/")))
            if nginx is None:
                left_out.append("nginx is not installed here: the limit of static files was not measured.")
            else:
                measure(peers.against_nginx(over_http, nginx), site)
        except (datasette.MissingError, served.SilentError) as error:
            left_out.append(str(error))
    _say(f"standing of {standing.RULINGS} rulings")
    stood = standing.measured(seed=options.seed, rounds=options.rounds)
    addresses = list(dict.fromkeys(["/cases/", "/", *(result.operation.address for result in results)]))
    _say("a fresh worker")
    found = worker.fresh_worker(addresses, environment=os.environ)
    kept.keep(FOLDER, options.size, results)
    growth = kept.growth(FOLDER, options.size, results, list(SIZES))
    all_of_it = report.Found(about, results, stood, found, growth, [*left_out, *wrong])
    print(json.dumps(report.as_json(all_of_it), indent=2) if options.json else report.as_text(all_of_it))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
