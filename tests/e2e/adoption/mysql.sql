-- Everything that a MariaDB database holds beside what entities can say.
create table authors (
    id int not null auto_increment primary key,
    name varchar(200) not null,
    bio text collate utf8mb4_bin,
    born date not null default (curdate()),
    small tinyint(1) not null default 1,
    mood enum('sad', 'ok') not null default 'ok',
    changed timestamp not null default current_timestamp on update current_timestamp,
    unique key author_names (name),
    unique key author_bios (bio)
) comment = 'Writers';
create table books (
    id bigint unsigned not null auto_increment primary key,
    title varchar(200) not null comment 'It''s',
    in_print bool not null default true,
    price decimal(10, 2) not null default 0 check (price >= 0),
    author_id int not null,
    code binary(16),
    secret int invisible default 3,
    doubled decimal(12, 2) generated always as (price * 2) stored,
    short varchar(50) as (left(title, 5)) virtual,
    meta json,
    key title_start (title(10)),
    key two (author_id, price),
    fulltext key words (title),
    constraint long_enough check (char_length(title) > 0),
    constraint book_author foreign key (author_id) references authors (id) on delete cascade
) engine = InnoDB default charset = utf8mb4 collate = utf8mb4_bin;
alter table authors add column favourite bigint unsigned,
    add constraint favourite_book foreign key (favourite) references books (id) on delete set null;
create table authorships (author_id int not null, book_id bigint unsigned not null, note text,
    primary key (book_id, author_id),
    foreign key (author_id) references authors (id), foreign key (book_id) references books (id));
create view cheap as select id, title from books where price < 10;
create view a_view_of_it as select id from cheap;
create trigger books_trim before insert on books for each row set new.title = trim(new.title);
create trigger books_touch before update on books for each row
begin if new.price < 0 then set new.price = 0; end if; set new.title = trim(new.title); end;
create procedure dearer(in x int) begin update books set price = price + x; select 1; end;
create function twice(x int) returns int deterministic begin return x * 2; end;
create table logs (at timestamp not null, message text);
insert into authors (name) values ('Ann');
insert into books (title, author_id) values ('One', 1);
set session sql_mode = 'STRICT_TRANS_TABLES', session time_zone = '+03:00';
create function either(a int, b int) returns int deterministic return a || b;
create event nightly on schedule every 1 day starts '2026-01-01 02:00:00' disable do delete from logs;
set session sql_mode = 'ANSI_QUOTES,STRICT_TRANS_TABLES';
create trigger authors_trim before insert on authors for each row set new."name" = trim(new."name");
set session collation_connection = 'utf8mb4_bin';
create procedure same(in x text) begin select x = 'Ann', 'Zoë'; end;
create view exact as select id, 'Zoë' as reader from books;
set session character_set_client = 'latin1', session collation_connection = 'latin1_german2_ci';
create function plain_letters() returns int deterministic return 'a' = 'A';
create view german as select id from books where title = 'Ausgabe';
create trigger logs_trim before insert on logs for each row set new.message = trim(new.message);
create event weekly on schedule every 1 week starts '2026-01-01 02:00:00' disable do delete from logs;
