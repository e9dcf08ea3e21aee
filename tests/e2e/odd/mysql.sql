-- What is rare in MariaDB, a piece of each kind.
create table `Odd Types` (
    id bigint unsigned not null auto_increment primary key,
    tiny tinyint not null default -1,
    utiny tinyint unsigned,
    small smallint unsigned,
    medium mediumint,
    umedium mediumint unsigned not null default 7,
    wide int(11) unsigned zerofill,
    flag bit,
    flags bit(8) default b'101',
    is_it boolean not null default 0,
    born year,
    mood enum('sad', 'so-so', 'very happy', '', '1st', 'self') not null default 'so-so',
    days set('mo', 'tu', 'we') default 'mo,tu',
    data json,
    ch char,
    ch5 char(5) character set latin1,
    tinyt tinytext, mediumt mediumtext, longt longtext,
    bin binary(3), vbin varbinary(20), tinyb tinyblob, blobs blob, mediumb mediumblob, longb longblob,
    fl float, fl2 float(7, 2), db double, db2 double(9, 3), price decimal(12, 4) default 1.5000, plain decimal,
    at time, at3 time(3), stamp datetime(6) default current_timestamp(6) on update current_timestamp(6),
    changed timestamp null, day date default '2020-01-02',
    place point, area geometry,
    host inet6, net inet4, ident uuid,
    total decimal(14, 4) as (price * 2) stored,
    doubled int as (tiny * 2) virtual
) comment 'Says "so"\nand \\ more';
create table `type` (
    `fn` int primary key, `self` text, `super` text, `crate` text, `match` text not null, `async` boolean, `try` boolean,
    `dyn` boolean, `abstract` int, `column` text, `Entity` int, `user` text
);
create table `1st` (
    `2nd` int not null, `3 rd` varchar(30) not null, `100%` decimal(5, 1), `a-b` text, `a b` text, `a.b` text, `é` text, `日本` text,
    `_` text, `__x__` text, `camelCase` text, `HTTPServer` text, `x1y2` text, `say "hi"` varchar(40) default 'it''s "so" \\ {0}',
    primary key (`3 rd`, `2nd`), unique (`2nd`, `3 rd`)
);
create table struct (
    id int not null auto_increment primary key, parent int, other int, kind int, n int not null, t varchar(30) not null,
    constraint up foreign key (parent) references struct (id) on delete cascade,
    foreign key (other) references struct (id),
    foreign key (kind) references `type` (`fn`),
    foreign key (t, n) references `1st` (`3 rd`, `2nd`) on update cascade
);
create table `model` (id int primary key, `active_model` int, relation text, `primary_key` text, foreign key (id) references struct (id));
create table vec (id smallint not null auto_increment primary key, `option` text, `string` text, result text);
create table keyless (a int, b text);
create table pairs (a int, b int, primary key (a, b), unique (b, a));
create table uuids (id uuid primary key default uuid(), other char(36) not null);
create table kinds (id varchar(20) primary key, mood enum('sad', 'so-so') null, prefix varchar(300), key (prefix(10)));
create view `Some View` as select id from struct;
