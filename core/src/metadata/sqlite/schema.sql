-- What processes agree on. Points in time are milliseconds since 1970, in UTC.

CREATE TABLE IF NOT EXISTS partitions (
    topic TEXT NOT NULL, partition INTEGER NOT NULL,
    next_offset INTEGER NOT NULL DEFAULT 0,
    holder TEXT, epoch INTEGER NOT NULL DEFAULT 0, until_ms INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (topic, partition)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS segments (
    topic TEXT NOT NULL, partition INTEGER NOT NULL, first INTEGER NOT NULL,
    records INTEGER NOT NULL, object TEXT NOT NULL UNIQUE, written_ms INTEGER NOT NULL,
    PRIMARY KEY (topic, partition, first)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS agents (
    agent_id TEXT PRIMARY KEY, address TEXT NOT NULL, availability_zone TEXT NOT NULL,
    agent_group TEXT NOT NULL, until_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS groups (
    group_id TEXT PRIMARY KEY, generation INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS members (
    group_id TEXT NOT NULL, topic TEXT NOT NULL, member_id TEXT NOT NULL,
    until_ms INTEGER NOT NULL,
    PRIMARY KEY (group_id, topic, member_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS offsets (
    group_id TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL,
    next_offset INTEGER NOT NULL,
    PRIMARY KEY (group_id, topic, partition)
) WITHOUT ROWID;
