-- What is rare in SQLite, a piece of each kind.
CREATE TABLE "Odd Types" (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    a INT, b TINYINT, c SMALLINT(3), d MEDIUMINT, e UNSIGNED BIG INT, f INT2, g INT8, h BIGINT NOT NULL DEFAULT -1,
    i CHARACTER(20), j VARYING CHARACTER(255), k NCHAR(55), l NATIVE CHARACTER(70), m NVARCHAR(100) DEFAULT 'x', n CLOB, o TEXT,
    p BLOB, q, r REAL, s DOUBLE, t DOUBLE PRECISION, u FLOAT DEFAULT 1.5, v NUMERIC, w DECIMAL(10,5), x BOOLEAN NOT NULL DEFAULT TRUE,
    y DATE, z DATETIME DEFAULT CURRENT_TIMESTAMP, aa TIMESTAMP DEFAULT (datetime('now')), ab JSON, ac UUID, ad STRING, ae MONEY,
    af POINT, ag GEOMETRY, ah "some thing (1, 2)", ai VARCHAR(10) COLLATE NOCASE, aj TIME, ak YEAR, al BIT, am ANY,
    an INTEGER AS (a * 2) STORED, ao INTEGER GENERATED ALWAYS AS (b + 1) VIRTUAL
);
CREATE TABLE "type" (
    "fn" INTEGER PRIMARY KEY, "self" TEXT, "super" TEXT, "crate" TEXT, "match" TEXT NOT NULL, "async" BOOLEAN, "try" BOOLEAN,
    "dyn" BOOLEAN, "abstract" INTEGER, "column" TEXT, "Entity" INTEGER, "user" TEXT
);
CREATE TABLE "1st" (
    "2nd" INTEGER NOT NULL, "3 rd" TEXT NOT NULL, "100%" NUMERIC, "a-b" TEXT, "a b" TEXT, "a.b" TEXT, "é" TEXT, "日本" TEXT,
    "_" TEXT, "__x__" TEXT, "camelCase" TEXT, "HTTPServer" TEXT, "x1y2" TEXT, "say ""hi""" TEXT DEFAULT 'it''s "so" \ {0}',
    PRIMARY KEY ("3 rd", "2nd"), UNIQUE ("2nd", "3 rd")
) WITHOUT ROWID;
CREATE TABLE struct (
    id INTEGER PRIMARY KEY, parent INTEGER REFERENCES struct ON DELETE CASCADE, other INTEGER REFERENCES struct (id),
    kind INTEGER REFERENCES "type" ("fn"), n INTEGER NOT NULL, t TEXT NOT NULL,
    FOREIGN KEY (t, n) REFERENCES "1st" ("3 rd", "2nd") ON UPDATE CASCADE
);
CREATE TABLE strict_one (
    id INTEGER PRIMARY KEY, a INT NOT NULL, b TEXT, c BLOB, d REAL, e ANY, CHECK (a > 0)
) STRICT;
CREATE TABLE "model" (id INTEGER PRIMARY KEY REFERENCES struct, "active_model" INTEGER, relation TEXT, "primary_key" TEXT);
CREATE TABLE vec (id INTEGER PRIMARY KEY, "option" TEXT, "string" TEXT, result TEXT);
CREATE TABLE text_key (code TEXT PRIMARY KEY, n INT UNIQUE) WITHOUT ROWID;
CREATE TABLE int_key (id INT PRIMARY KEY, n TEXT);
CREATE TABLE down_key (id INTEGER PRIMARY KEY DESC, n TEXT);
CREATE TABLE blob_key (id BLOB NOT NULL PRIMARY KEY, n TEXT);
CREATE TABLE keyless (a INTEGER, b TEXT);
CREATE TABLE pairs (a INTEGER, b INTEGER, PRIMARY KEY (a, b), UNIQUE (b, a));
CREATE VIEW "Some View" AS SELECT id FROM struct;
CREATE UNIQUE INDEX "odd index" ON struct (n) WHERE n > 0;
CREATE INDEX expressed ON struct (lower(t), n DESC);
