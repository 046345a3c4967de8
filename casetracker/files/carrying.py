"""Files taken from one site to another: from a case into a folder, and out of that to the documents that lack them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from casetracker.models import Case, Document, StoredFile

from .kinds import FileError
from .storing import checksum, pieces, store


def files_on_dockets(case: Case) -> Iterator[StoredFile]:
    """The files of the documents that an export of the case describes, each once."""
    described = Document.objects.filter(event__docket_entries__proceeding__case=case, file__isnull=False)
    return StoredFile.objects.filter(pk__in=described.order_by().values("file")).order_by("pk").iterator()


def write_out(file: StoredFile, folder: Path) -> Path:
    """Write the file under its checksum; one that is there already is left as it is."""
    path = folder / f"{file.sha256}{'.pdf' if file.media_type.startswith('application/pdf') else '.txt'}"
    if not path.exists():
        # Under another name until it is whole: what breaks off must not look like the file.
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as out:
            out.writelines(pieces(file.pk, 0, file.size))
        unfinished.replace(path)
    return path


def attach(content: bytes, *, uploaded_by: Any = None) -> list[Document]:
    """
    Give the file to every document that says it is its own, by the checksum, and has none; the documents. Whoever has
    the file learns nothing by that: not the checksum is what is trusted, but the content. Raises `FileError` for what
    is not taken.
    """
    with transaction.atomic():
        waiting = Document.objects.filter(sha256=checksum(content), file__isnull=True).select_related("event__case")
        rows = list(waiting.select_for_update(of=("self",), no_key=True).order_by("pk"))
        if rows:
            stored = store(content, uploaded_by=uploaded_by)
            for row in rows:
                row.file = stored
                row.save(update_fields=["file"])
        return rows


def attach_all(folder: Path, *, largest: int) -> Iterator[tuple[Path, list[Document], str]]:
    """Each file of the folder, by its name, with the documents that it was given to, or why it was not taken."""
    for path in sorted(each for each in folder.iterdir() if each.is_file()):
        try:
            if path.stat().st_size > largest:
                yield path, [], f"It has {path.stat().st_size:,} bytes; the most is {largest:,}."
                continue
            yield path, attach(path.read_bytes()), ""
        except FileError as error:
            yield path, [], str(error)
        except OSError as error:
            yield path, [], f"It cannot be read: {error.strerror}."
