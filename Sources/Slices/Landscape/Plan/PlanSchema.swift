import Storage

/// The tables of the plan. Frozen once shipped.
enum PlanSchema {
    static let migrations = [
        Migration("landscape-plan-0001", tables, isAddition: true), Migration("landscape-plan-0002", agreement),
        Migration("landscape-plan-0003", harm, isAddition: true),
    ]

    /// Whether it is about a small community, and who of it looked whether it could harm.
    private static let harm = [
        """
        ALTER TABLE plan_action ADD COLUMN is_small TEXT NOT NULL DEFAULT 'unknown'
            CHECK (is_small IN ('yes', 'no', 'unknown'))
        """,
        "ALTER TABLE plan_action ADD COLUMN review TEXT",
    ]

    /// What was proposed here is in the plan once the coordinator agreed; changes are told apart by the version they made.
    private static let agreement = [
        "ALTER TABLE plan_action ADD COLUMN is_in_plan BIGINT NOT NULL DEFAULT 0 CHECK (is_in_plan IN (0, 1))",
        """
        UPDATE plan_action SET is_in_plan = 1 WHERE state IN ('agreed', 'under-way', 'done')
            OR NOT EXISTS (SELECT 1 FROM plan_change
                WHERE action_id = plan_action.id AND field = 'state' AND before_text = '')
            OR EXISTS (SELECT 1 FROM plan_change
                WHERE action_id = plan_action.id AND field = 'state' AND after_text IN ('agreed', 'under-way', 'done'))
        """,
        "UPDATE plan_action SET reason = NULL WHERE state <> 'dropped'",
        """
        ALTER TABLE plan_action ADD COLUMN survivors_lead TEXT NOT NULL DEFAULT 'unknown'
            CHECK (survivors_lead IN ('yes', 'no', 'unknown'))
        """,
        "ALTER TABLE plan_change ADD COLUMN version BIGINT",
        """
        CREATE TABLE desk_call (
            desk TEXT NOT NULL,
            document TEXT NOT NULL CHECK (document IN ('calls-for-justice', 'calls-to-action')),
            number BIGINT NOT NULL,
            PRIMARY KEY (desk, document, number)
        )
        """,
    ]

    private static let tables = [
        """
        CREATE TABLE plan_action (
            id TEXT PRIMARY KEY,
            number BIGINT NOT NULL,
            body TEXT NOT NULL,
            focus TEXT NOT NULL,
            theme TEXT NOT NULL,
            horizon TEXT CHECK (horizon IN ('short', 'medium', 'long')),
            examples TEXT NOT NULL,
            recurrence_years BIGINT,
            document TEXT,
            section TEXT,
            owner TEXT,
            state TEXT NOT NULL CHECK (state IN ('proposed', 'agreed', 'under-way', 'done', 'dropped')),
            reason TEXT,
            cost_low BIGINT CHECK (cost_low >= 0),
            cost_high BIGINT CHECK (cost_high >= cost_low),
            survivors_role TEXT NOT NULL,
            survivors_paid TEXT NOT NULL CHECK (survivors_paid IN ('yes', 'no', 'unknown')),
            finding TEXT,
            vote_id TEXT REFERENCES vote (id),
            weight BIGINT NOT NULL CHECK (weight BETWEEN 1 AND 100),
            due_on TEXT,
            progress BIGINT NOT NULL CHECK (progress BETWEEN 0 AND 100),
            version BIGINT NOT NULL,
            CHECK ((cost_low IS NULL) = (cost_high IS NULL)),
            CHECK (state <> 'dropped' OR reason IS NOT NULL)
        )
        """,
        """
        CREATE TABLE plan_dependency (
            action_id TEXT NOT NULL REFERENCES plan_action (id),
            needs_id TEXT NOT NULL REFERENCES plan_action (id),
            PRIMARY KEY (action_id, needs_id),
            CHECK (action_id <> needs_id)
        )
        """,
        "CREATE INDEX plan_dependency_by_needed ON plan_dependency (needs_id)",
        """
        CREATE TABLE plan_tag (
            action_id TEXT NOT NULL REFERENCES plan_action (id),
            document TEXT NOT NULL CHECK (document IN ('calls-for-justice', 'calls-to-action')),
            number BIGINT NOT NULL,
            PRIMARY KEY (action_id, document, number)
        )
        """,
        """
        CREATE TABLE principle (
            id TEXT PRIMARY KEY,
            number BIGINT NOT NULL,
            title TEXT NOT NULL,
            points TEXT NOT NULL,
            is_practice BIGINT NOT NULL CHECK (is_practice IN (0, 1)),
            document TEXT NOT NULL,
            section TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE plan_check (
            action_id TEXT NOT NULL REFERENCES plan_action (id),
            principle_id TEXT NOT NULL REFERENCES principle (id),
            answer TEXT NOT NULL CHECK (answer IN ('yes', 'no', 'unknown')),
            note TEXT NOT NULL,
            PRIMARY KEY (action_id, principle_id)
        )
        """,
        """
        CREATE TABLE plan_change (
            action_id TEXT NOT NULL REFERENCES plan_action (id),
            number BIGINT NOT NULL,
            at BIGINT NOT NULL,
            actor TEXT NOT NULL,
            desk TEXT,
            field TEXT NOT NULL,
            before_text TEXT NOT NULL,
            after_text TEXT NOT NULL,
            PRIMARY KEY (action_id, number)
        )
        """,
        """
        CREATE TABLE desk_respite (
            desk TEXT PRIMARY KEY,
            away_until TEXT NOT NULL
        )
        """,
    ]
}
