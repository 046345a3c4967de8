"""
Rules that hold for every way of writing, raw SQL and bulk included, because the database itself keeps them.

Where a rule spans several rows its trigger is deferred to the end of the transaction, so that one save may change both
sides. The models' `clean()` says the same in a form, beside the field.
"""

import pgtrigger


def count_version(*generated: str) -> pgtrigger.Trigger:
    """
    Count every change of a row in its `version`, and stamp `updated_at`. `generated` names the generated columns: a
    trigger that runs before the change cannot see them.
    """
    return pgtrigger.Trigger(
        name="count_version",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.AnyChange(exclude=list(generated)),
        func="NEW.version = OLD.version + 1; NEW.updated_at = now(); RETURN NEW;",
    )


# What readers have seen is withdrawn or withheld, so that its address goes on answering; it is never deleted. A case
# that was merged into another may go when its address has been kept: `FormerSlug`, written in the same transaction.
KEEP_PUBLIC_CASE = pgtrigger.Trigger(
    name="keep_public_case",
    operation=pgtrigger.Delete,
    when=pgtrigger.Before,
    condition=pgtrigger.Q(old__first_public_at__isnull=False),
    func="""
        IF EXISTS (SELECT 1 FROM casetracker_formerslug f WHERE f.slug = OLD.slug AND f.case_id <> OLD.id) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'What has been published is withdrawn, not deleted: % %', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'restrict_violation';
    """,
)

# The same of an entry, which may go when its address has been kept: `FormerEntry`, written in the same transaction.
KEEP_PUBLIC_ENTRY = pgtrigger.Trigger(
    name="keep_public_entry",
    operation=pgtrigger.Delete,
    when=pgtrigger.Before,
    condition=pgtrigger.Q(old__first_public_at__isnull=False),
    func="""
        IF EXISTS (SELECT 1 FROM casetracker_formerentry f WHERE f.public_id = OLD.public_id) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'What has been published is withdrawn, not deleted: % %', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'restrict_violation';
    """,
)

# An address that readers may have leads on for ever.
KEEP_FORMER_ENTRY = pgtrigger.Trigger(
    name="keep_former_entry",
    operation=pgtrigger.Delete,
    when=pgtrigger.Before,
    condition=pgtrigger.Q(old__was_public=True),
    func="""
        RAISE EXCEPTION 'The address % was that of an entry and leads on for ever', OLD.public_id
            USING ERRCODE = 'restrict_violation';
    """,
)

# One address is that of an entry or a former one. At the end, for the entry goes after its address was kept.
NOT_BESIDE_ITS_ENTRY = pgtrigger.Trigger(
    name="not_beside_its_entry",
    operation=pgtrigger.Insert,
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    func="""
        IF EXISTS (
            SELECT 1 FROM casetracker_formerentry f JOIN casetracker_event e ON e.public_id = f.public_id
            WHERE f.id = NEW.id
        ) THEN
            RAISE EXCEPTION '% is the address of an entry', NEW.public_id USING ERRCODE = 'unique_violation';
        END IF;
        RETURN NULL;
    """,
)

NOT_A_FORMER_ENTRY = pgtrigger.Trigger(
    name="not_a_former_entry",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func="""
        IF EXISTS (SELECT 1 FROM casetracker_formerentry f WHERE f.public_id = NEW.public_id) THEN
            RAISE EXCEPTION 'The address % was that of an entry that was merged into another', NEW.public_id
                USING ERRCODE = 'unique_violation';
        END IF;
        RETURN NEW;
    """,
)

# What readers have seen is never a draft again: a copy that was loaded before the publication cannot be saved over it.
KEEP_FIRST_PUBLIC = pgtrigger.Trigger(
    name="keep_first_public",
    operation=pgtrigger.UpdateOf("first_public_at"),
    when=pgtrigger.Before,
    condition=pgtrigger.Q(old__first_public_at__isnull=False)
    & pgtrigger.Q(old__first_public_at__df=pgtrigger.F("new__first_public_at")),
    func="""
        IF OLD.first_public_at <= clock_timestamp() THEN
            RAISE EXCEPTION 'The moment at which this was first public stays: % %', TG_TABLE_NAME, OLD.id
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    """,
)

# After the change, so that the check waits for whoever holds the same address in an open transaction.
SLUG_IS_FREE = pgtrigger.Trigger(
    name="slug_is_free",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("slug"),
    when=pgtrigger.After,
    func="""
        IF EXISTS (SELECT 1 FROM casetracker_formerslug f WHERE f.slug = NEW.slug AND f.case_id <> NEW.id) THEN
            RAISE EXCEPTION 'The address % belongs to another case for ever', NEW.slug
                USING ERRCODE = 'unique_violation';
        END IF;
        RETURN NULL;
    """,
)

REMEMBER_OLD_SLUG = pgtrigger.Trigger(
    name="remember_old_slug",
    operation=pgtrigger.UpdateOf("slug"),
    when=pgtrigger.After,
    condition=pgtrigger.Q(old__slug__df=pgtrigger.F("new__slug")),
    func="""
        DELETE FROM casetracker_formerslug f WHERE f.slug = NEW.slug AND f.case_id = NEW.id;
        INSERT INTO casetracker_formerslug (slug, case_id, is_unseen) VALUES (OLD.slug, NEW.id, false);
        RETURN NULL;
    """,
)

# A former address leads to its case for as long as readers may have it: only that of a case which nobody has seen, or
# one that its case has taken back, may go. It changes hands only with a case that is merged into another.
KEEP_FORMER_SLUG = pgtrigger.Trigger(
    name="keep_former_slug",
    operation=pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    func="""
        IF TG_OP = 'DELETE' THEN
            IF EXISTS (
                SELECT 1 FROM casetracker_case c
                WHERE c.id = OLD.case_id AND c.slug <> OLD.slug AND c.first_public_at <= clock_timestamp()
            ) THEN
                RAISE EXCEPTION 'The address % was that of a case and leads there for ever', OLD.slug
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN OLD;
        END IF;
        IF (OLD.slug, OLD.is_unseen) IS DISTINCT FROM (NEW.slug, NEW.is_unseen) THEN
            RAISE EXCEPTION 'The address % was that of a case and leads there for ever', OLD.slug
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    """,
)

# At the end, for the case that is merged goes after its addresses went over.
FOLLOWS_ITS_CASE = pgtrigger.Trigger(
    name="follows_its_case",
    operation=pgtrigger.UpdateOf("case_id"),
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    condition=pgtrigger.Q(old__case_id__df=pgtrigger.F("new__case_id")),
    func="""
        IF EXISTS (SELECT 1 FROM casetracker_case c WHERE c.id = OLD.case_id) THEN
            RAISE EXCEPTION 'The address % was that of a case and leads there for ever', OLD.slug
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NULL;
    """,
)


# --- addresses of what was merged into another: the same rules for each table that keeps some ---


def keeps_former(name: str, column: str, what: str) -> pgtrigger.Trigger:
    """Refuse that an address goes which readers may have: it leads on for ever. `what` is what had it."""
    return pgtrigger.Trigger(
        name=f"keep_{name}",
        operation=pgtrigger.Delete,
        when=pgtrigger.Before,
        condition=pgtrigger.Q(old__was_public=True),
        func=f"""
            RAISE EXCEPTION 'The address % was that of a {what} and leads on for ever', OLD.{column}
                USING ERRCODE = 'restrict_violation';
        """,
    )


def not_beside(table: str, own: str, former: str, column: str, what: str) -> pgtrigger.Trigger:
    """Refuse a former address that a row of `table` has in `own`. At the end, for that row goes after it was kept."""
    return pgtrigger.Trigger(
        name=f"not_beside_its_{what}",
        operation=pgtrigger.Insert,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        func=f"""
            IF EXISTS (SELECT 1 FROM {former} f JOIN {table} r ON r.{own} = f.{column} WHERE f.id = NEW.id) THEN
                RAISE EXCEPTION '% is the address of a {what}', NEW.{column} USING ERRCODE = 'unique_violation';
            END IF;
            RETURN NULL;
        """,
    )


def not_a_former(own: str, former: str, column: str, what: str, *, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """Refuse a row whose address was that of one that is merged; after the change, as `SLUG_IS_FREE`."""
    return pgtrigger.Trigger(
        name=f"not_a_former_{what}",
        operation=operation,
        when=pgtrigger.After,
        func=f"""
            IF EXISTS (SELECT 1 FROM {former} f WHERE f.{column} = NEW.{own}) THEN
                RAISE EXCEPTION 'The address % was that of a {what} that was merged into another', NEW.{own}
                    USING ERRCODE = 'unique_violation';
            END IF;
            RETURN NULL;
        """,
    )


# The deferred rules below look at the row as it stands at the end, not as the statement that called them left it, and
# hold the other side fast (FOR SHARE) until the transaction has ended.


def only_of_rulings(column: str) -> pgtrigger.Trigger:
    """Refuse a row whose `column` points at an entry that is not a ruling."""
    return pgtrigger.Trigger(
        name=f"{column}_is_a_ruling",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(f"{column}_id"),
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        declare=[("entry", "record")],
        func=pgtrigger.Func(f"""
            SELECT e.id, e.kind INTO entry FROM casetracker_event e
                JOIN {{meta.db_table}} r ON r.{column}_id = e.id WHERE r.id = NEW.id FOR SHARE OF e;
            IF FOUND AND entry.kind <> 'ruling' THEN
                RAISE EXCEPTION 'Entry % is not a ruling', entry.id USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        """),
    )


# The other side of `only_of_rulings`: a ruling on which such rows hang stays one.
STAYS_A_RULING = pgtrigger.Trigger(
    name="stays_a_ruling",
    operation=pgtrigger.UpdateOf("kind"),
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    condition=pgtrigger.Q(old__kind="ruling") & ~pgtrigger.Q(new__kind="ruling"),
    func="""
        IF EXISTS (SELECT 1 FROM casetracker_event e WHERE e.id = NEW.id AND e.kind <> 'ruling') AND (
            EXISTS (SELECT 1 FROM casetracker_provision r WHERE r.ruling_id = NEW.id)
            OR EXISTS (SELECT 1 FROM casetracker_rulingjudge r WHERE r.ruling_id = NEW.id)
            OR EXISTS (SELECT 1 FROM casetracker_rulingcitation r WHERE r.ruling_id = NEW.id)
            OR EXISTS (SELECT 1 FROM casetracker_treatment r WHERE r.target_id = NEW.id)
        ) THEN
            RAISE EXCEPTION 'Entry % has judges, citations, provisions or treatments and stays a ruling', NEW.id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """,
)

PROVISION_OF_TARGET = pgtrigger.Trigger(
    name="provision_of_target",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("provision_id", "target_id"),
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    declare=[("part", "record")],
    func="""
        SELECT p.id, p.ruling_id, t.target_id INTO part FROM casetracker_provision p
            JOIN casetracker_treatment t ON t.provision_id = p.id WHERE t.id = NEW.id FOR SHARE OF p;
        IF FOUND AND part.ruling_id IS DISTINCT FROM part.target_id THEN
            RAISE EXCEPTION 'Provision % is no part of ruling %', part.id, part.target_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """,
)

# A provision on which treatments hang keeps its ruling.
PROVISION_STAYS = pgtrigger.Trigger(
    name="provision_stays",
    operation=pgtrigger.UpdateOf("ruling_id"),
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    func="""
        IF EXISTS (
            SELECT 1 FROM casetracker_treatment t JOIN casetracker_provision p ON p.id = t.provision_id
            WHERE p.id = NEW.id AND t.target_id IS DISTINCT FROM p.ruling_id
        ) THEN
            RAISE EXCEPTION 'Provision % has treatments and stays with its ruling', NEW.id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """,
)


def docket_agrees(which: str, *columns: str, insert: bool = False) -> pgtrigger.Trigger:
    """Refuse a docket entry whose event is of another case or court than its proceeding. `which` picks the rows."""
    operation = pgtrigger.UpdateOf(*columns)
    return pgtrigger.Trigger(
        name="docket_agrees",
        operation=pgtrigger.Insert | operation if insert else operation,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        declare=[("agrees", "boolean")],
        # Held fast and looked at in one query: what is compared is what is there once nobody else holds it.
        func=f"""
            FOR agrees IN
                SELECT e.case_id = p.case_id AND e.court_id IS NOT DISTINCT FROM p.court_id FROM casetracker_event e
                JOIN casetracker_docketentry d ON d.event_id = e.id
                JOIN casetracker_proceeding p ON p.id = d.proceeding_id
                WHERE {which} FOR SHARE OF e, p
            LOOP
                IF NOT agrees THEN
                    RAISE EXCEPTION 'An entry stands on the docket of another court or case'
                        USING ERRCODE = 'check_violation';
                END IF;
            END LOOP;
            RETURN NULL;
        """,
    )


# Whoever gives a document another file asks with it, and in the same transaction, for a worker to read it: the queue
# of procrastinate, by the function that it has for this.
ASK_FOR_READING = pgtrigger.Trigger(
    name="ask_for_reading",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("file_id", "reading"),
    when=pgtrigger.After,
    condition=pgtrigger.Condition("NEW.reading = 'waiting'"),
    func="""
        IF TG_OP = 'INSERT' OR OLD.reading <> 'waiting' OR OLD.file_id IS DISTINCT FROM NEW.file_id THEN
            PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
                'default', 'read_document', 0, 'read_document:' || NEW.id, NULL, jsonb_build_object('key', NEW.id), NULL
            )::procrastinate_job_to_defer_v1]);
        END IF;
        RETURN NULL;
    """,
)

# A document says of its file what the file is, and what was read in one file is not said of another.
FOLLOW_FILE = pgtrigger.Trigger(
    name="follow_file",
    operation=pgtrigger.Insert | pgtrigger.Update,
    when=pgtrigger.Before,
    func="""
        IF TG_OP = 'UPDATE' AND NEW.file_id IS NOT DISTINCT FROM OLD.file_id THEN
            IF NEW.file_id IS NOT NULL THEN
                NEW.size = OLD.size;
                NEW.sha256 = OLD.sha256;
            ELSE
                NEW.reading = '';
            END IF;
            RETURN NEW;
        END IF;
        IF TG_OP = 'UPDATE' THEN
            IF NEW.pages IS NOT DISTINCT FROM OLD.pages THEN
                NEW.pages = NULL;
            END IF;
            IF OLD.file_id IS NOT NULL THEN
                NEW.size = NULL;
                NEW.sha256 = '';
            END IF;
        END IF;
        NEW.reading = '';
        IF NEW.file_id IS NOT NULL THEN
            NEW.reading = 'waiting';
            NEW.text = '';
            SELECT f.size, f.sha256 INTO NEW.size, NEW.sha256
                FROM casetracker_storedfile f WHERE f.id = NEW.file_id;
        ELSIF TG_OP = 'UPDATE' THEN
            NEW.text = '';
        END IF;
        RETURN NEW;
    """,
)
