/// The tables every slice leans on: taken steps, the change sequence and the audit chain.
enum StorageSchema {
    static let migrationTable = """
        CREATE TABLE IF NOT EXISTS migration (
            name TEXT PRIMARY KEY,
            digest TEXT NOT NULL,
            taken_at BIGINT NOT NULL
        )
        """

    static let migrations = [
        Migration(
            "storage-0001",
            [
                """
                CREATE TABLE counter (
                    name TEXT PRIMARY KEY,
                    value BIGINT NOT NULL CHECK (value >= 0)
                )
                """,
                "INSERT INTO counter (name, value) VALUES ('change', 0), ('audit', 0)",
                """
                CREATE TABLE change (
                    number BIGINT PRIMARY KEY,
                    kind TEXT NOT NULL,
                    record TEXT NOT NULL,
                    at BIGINT NOT NULL
                )
                """,
                "CREATE INDEX change_by_record ON change (record, number)",
                """
                CREATE TABLE audit (
                    number BIGINT PRIMARY KEY,
                    at BIGINT NOT NULL,
                    actor TEXT NOT NULL,
                    verb TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    record TEXT NOT NULL,
                    field TEXT NOT NULL,
                    digest TEXT NOT NULL
                )
                """,
            ])
    ]
}
