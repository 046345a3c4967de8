"""`python -m bench`: makes the data if need be, measures, prints one table."""

import argparse
import json
import os
import sys

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1M": 1_000_000}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python3 dev.py bench", description="Measure the site against barer ways to the same pages, as ratios."
    )
    parser.add_argument("--size", choices=SIZES, default="10k", help="cases; ten times as many entries (10k)")
    parser.add_argument("--seed", type=int, default=1, help="of the generated data (1)")
    parser.add_argument("--rounds", type=int, default=15, help="how often each way runs (15)")
    parser.add_argument("--only", default="", metavar="TEXT", help="operations with this text in their name")
    parser.add_argument("--json", action="store_true", help="print JSON in place of the table")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")

    import psycopg

    from bench import database

    url = os.environ.get("DATABASE_URL", "").strip()
    if not url:
        print("DATABASE_URL is not set: run `python3 dev.py bench`, which brings its own PostgreSQL.", file=sys.stderr)
        return 2
    try:
        os.environ["DATABASE_URL"] = database.of_size(url, options.size)
    except psycopg.Error as error:
        print(f"There is no database to measure in: {error}", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casetracker.settings")
    import django

    django.setup()
    return _run(options)


def _run(options: argparse.Namespace) -> int:
    # Only now: these import models.
    from bench import load, operations, report, standing, worker
    from bench.bare import BareView
    from bench.site import Site
    from casetracker.models import Case, Event

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    try:
        load.ensure(SIZES[options.size], seed=options.seed, say=say)
    except load.ForeignDataError as error:
        say(str(error))
        return 2
    about = report.surroundings(
        size=options.size, rows={"cases": Case.objects.count(), "entries": Event.objects.count()}
    )
    site, bare = Site(), BareView()
    results = []
    try:
        for operation in operations.operations(site, bare):
            if options.only in operation.name:
                say(f"{operation.name}, against the {operation.against}")
                results.append(operations.measured(operation, site, rounds=options.rounds))
    finally:
        bare.close()
    say(f"standing of {standing.RULINGS} rulings")
    stood = standing.measured(seed=options.seed, rounds=options.rounds)
    addresses = list(dict.fromkeys(["/cases/", "/", *(result.operation.address for result in results)]))
    say("a fresh worker")
    found = worker.fresh_worker(addresses, environment=os.environ)
    print(
        json.dumps(report.as_json(about, results, stood, found), indent=2)
        if options.json
        else report.as_text(about, results, stood, found)
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
