CREATE TABLE authors (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    name varchar(100) NOT NULL,
    `camelCase` text,
    mood enum ('happy', 'so-so', 'it''s') NOT NULL DEFAULT 'happy',
    born date,
    boss_id bigint,
    balance decimal(12, 2) NOT NULL DEFAULT 0 CHECK (balance >= 0),
    meta json,
    created timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    FOREIGN KEY (boss_id) REFERENCES authors (id) ON DELETE SET NULL
);
CREATE TABLE books (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    `type` smallint NOT NULL DEFAULT 1,
    title varchar(200) NOT NULL,
    isbn varchar(20) NOT NULL UNIQUE,
    author_id bigint NOT NULL,
    editor_id bigint,
    mood enum ('happy', 'so-so', 'it''s'),
    `key` binary(16),
    UNIQUE (title, author_id),
    FOREIGN KEY (author_id) REFERENCES authors (id) ON DELETE CASCADE,
    FOREIGN KEY (editor_id) REFERENCES authors (id)
);
CREATE INDEX books_title ON books (title);
CREATE INDEX books_start ON books (title(10));
CREATE TABLE `Edition of` (
    book_id bigint REFERENCES books (id),
    number int,
    `match` text NOT NULL,
    PRIMARY KEY (number, book_id)
);
CREATE TABLE prints (
    id int PRIMARY KEY,
    number int NOT NULL,
    book_id bigint NOT NULL,
    FOREIGN KEY (number, book_id) REFERENCES `Edition of` (number, book_id) ON UPDATE CASCADE
);
CREATE TABLE passports (
    author_id bigint PRIMARY KEY,
    code char(9) NOT NULL,
    FOREIGN KEY (author_id) REFERENCES authors (id)
);
CREATE TABLE logs (line text);
CREATE VIEW sunny AS SELECT name FROM authors WHERE mood = 'happy';
INSERT INTO authors (name) VALUES ('Ann');
