-- Everything that an SQLite database holds beside what entities can say.
CREATE TABLE authors (
    id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    name varchar(200) NOT NULL COLLATE NOCASE UNIQUE,
    born date_text NOT NULL DEFAULT CURRENT_DATE,
    note text DEFAULT now,
    "check" int CHECK ("check" > 0)
);
CREATE TABLE books (
    id integer PRIMARY KEY,
    title text NOT NULL,
    in_print boolean NOT NULL DEFAULT 1,
    price real NOT NULL DEFAULT 0 CHECK (price >= 0),
    author_id integer NOT NULL REFERENCES authors ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    double_price real GENERATED ALWAYS AS (price * 2) STORED,
    loud text AS (upper(title)),
    UNIQUE (title, author_id) ON CONFLICT REPLACE,
    CONSTRAINT long_enough CHECK (length(title) > 0 AND title NOT IN ('a', 'b'))
);
CREATE TABLE settings (name text PRIMARY KEY NOT NULL, number int NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE authorships (author_id integer NOT NULL REFERENCES authors, book_id integer NOT NULL REFERENCES books,
    note text, PRIMARY KEY (author_id, book_id));
CREATE TABLE logs (at text, message text);
CREATE INDEX books_title_desc ON books (title DESC);
CREATE UNIQUE INDEX books_once ON books (author_id) WHERE in_print;
CREATE INDEX books_lower ON books (lower(title));
CREATE INDEX books_two ON books (author_id, price);
CREATE VIEW cheap AS SELECT id, title FROM books WHERE price < 10;
CREATE TRIGGER books_touch AFTER INSERT ON books
BEGIN
    UPDATE books SET title = trim(new.title) WHERE id = new.id;
    SELECT 1;
END;
CREATE VIRTUAL TABLE words USING fts5(title);
INSERT INTO authors (name) VALUES ('Ann');
INSERT INTO books (title, author_id) VALUES ('One', 1);
