CREATE TABLE authors (
    id INTEGER PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    "camelCase" TEXT,
    mood enum_text NOT NULL DEFAULT 'happy',
    born DATE,
    boss_id INTEGER REFERENCES authors ON DELETE SET NULL,
    balance NUMERIC(12, 2) NOT NULL DEFAULT 0 CHECK (balance >= 0),
    meta JSON,
    created DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE books (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    "type" SMALLINT NOT NULL DEFAULT 1,
    title VARCHAR(200) NOT NULL,
    isbn VARCHAR(20) NOT NULL UNIQUE,
    author_id BIGINT NOT NULL REFERENCES Authors (ID) ON DELETE CASCADE,
    editor_id INT REFERENCES authors (id),
    mood enum_text,
    key UUID DEFAULT (lower(hex(randomblob(16)))),
    UNIQUE (title, author_id)
);
CREATE INDEX books_title ON books (title);
CREATE UNIQUE INDEX books_lower ON books (lower(title));
CREATE TABLE "Edition of" (
    book_id INTEGER NOT NULL REFERENCES books,
    number INTEGER NOT NULL,
    "match" TEXT NOT NULL,
    PRIMARY KEY (number, book_id)
);
CREATE TABLE prints (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    FOREIGN KEY (number, book_id) REFERENCES "Edition of" (number, book_id) ON UPDATE CASCADE
);
CREATE TABLE passports (author_id BIGINT PRIMARY KEY REFERENCES authors, code CHAR(9) NOT NULL);
CREATE TABLE logs (line TEXT);
CREATE VIEW sunny AS SELECT name FROM authors WHERE mood = 'happy';
INSERT INTO authors (name) VALUES ('Ann');
