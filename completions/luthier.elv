
use builtin;
use str;

set edit:completion:arg-completer[luthier] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'luthier'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'luthier'= {
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand startproject 'Make a new project'
            cand startapp 'Add an app to the project'
            cand startmodel 'Add a model to an app: its table, its API and its tests'
            cand startviews 'Add pages to a model: a list, and pages to see, add, edit and delete a row'
            cand add 'Add a feature of its pack that the project lacks'
            cand makemigrations 'Write the migration that brings the database in line with the entities'
            cand migrate 'Apply migrations to a database, or take them back'
            cand showmigrations 'List the migrations, and mark those that are applied'
            cand sqlmigrate 'Print the SQL of a migration'
            cand squashmigrations 'Fold a run of migrations into one that stands for them'
            cand inspectdb 'Print SeaORM entities for the tables of a database'
            cand init 'Adopt an existing project: find its SeaORM entities, or what serves it, and write `luthier.toml`'
            cand check 'Look for mistakes: in entities, migrations, and the SQL they run'
            cand createsuperuser 'Make a user who may do everything'
            cand changepassword 'Set a user''s password and end their sessions'
            cand clearsessions 'Delete expired sessions, links and API tokens'
            cand sendtestemail 'Send a mail, to check that EMAIL_URL is right'
            cand runserver 'Serve the project and keep it current while you work on it'
            cand demo 'Make a bookstore in one go, fill it with books, and serve it'
            cand dockerfile 'Write a Dockerfile that fits this project, made by Luthier or not'
            cand compose 'Write the Compose files of this site: database, migrations, proxy'
            cand kubernetes 'Write the Kubernetes manifests of this site: a kustomize base with overlays'
            cand systemd 'Write a systemd service with its socket and an nginx site, for a server without containers'
            cand requirements 'List what this project depends on: versions, licences, sources, checksums'
            cand completions 'Print the completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'luthier;startproject'= {
            cand --scaffold 'What to make it from: a pack of Luthier''s (see --list) or a folder that holds one'
            cand --database 'Databases it can speak to, of `sqlite`, `postgres` and `mysql`; the first is for development'
            cand --set 'Answer a question of the pack, or leave a feature out (`accounts=false`); may be given several times'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --list 'List the packs that come with Luthier, and make nothing'
            cand --no-git 'Make no git repository'
            cand --dry-run 'Show what would be done, and do nothing'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'luthier;startapp'= {
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --dry-run 'Show what would be done, and do nothing'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'luthier;startmodel'= {
            cand --access 'Who may use the API [default: read-only, or public in a project without accounts]'
            cand --route 'Where the API is under /api [default: the plural of the model]'
            cand --pk 'The type of the primary key'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --no-api 'Make no API: only the table'
            cand --no-admin 'Do not register it in the admin; a model without an API is not there anyway'
            cand --pages 'Also make pages: a list, and pages to see, add, edit and delete a row'
            cand --dry-run 'Show what would be done, and do nothing'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;startviews'= {
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --dry-run 'Show what would be done, and do nothing'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;add'= {
            cand --user-model 'Use this model of the project for the users of `accounts`, instead of a new one'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --list 'List the features, and whether the project has them'
            cand --dry-run 'Show what would be done, and do nothing'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;makemigrations'= {
            cand -m 'Its name, after the timestamp: `add_isbn`'
            cand --name 'Its name, after the timestamp: `add_isbn`'
            cand --rename 'A column was renamed'
            cand --rename-table 'A table was renamed'
            cand --rename-value 'A value of an enum was renamed'
            cand --default 'SQL for the value in existing rows, where a column becomes required'
            cand --accept-loss 'Values may change with the type of this column: rounded, cut, or folded together; or, on every database, this index, trigger, check, … made by hand may go with what is dropped or changed'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --check 'Only say whether a migration is missing: exit 1 if so'
            cand --dry-run 'Show what would be written, and write nothing'
            cand --empty 'Write a migration without changes, to be filled in by hand'
            cand --merge 'Merge branches that change the same tables'
            cand --allow-drop 'Allow tables and columns to be dropped with all that they hold'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;migrate'= {
            cand --accept-loss 'Go on although this would be lost, as the refusal names it: a hand-made index, trigger, check, …'
            cand --database-url 'The database, instead of DATABASE_URL'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --plan 'Show what would be done, and do nothing'
            cand --check 'Only say whether something would be done: exit 1 if so'
            cand --fake 'Record as done without doing it: the schema is there already'
            cand --fake-initial 'Record a first migration as done if its tables are there already, and are what it makes'
            cand --recreate-views 'Create the views that a change breaks or that stand in its way again: PostgreSQL in the same transaction, MySQL by the new names right after it'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'luthier;showmigrations'= {
            cand --database-url 'The database, instead of DATABASE_URL'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'luthier;sqlmigrate'= {
            cand --dialect 'For this database [default: the project''s first]'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --backwards 'Print the SQL that takes it back'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;squashmigrations'= {
            cand -m 'Its name, after the timestamp'
            cand --name 'Its name, after the timestamp'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --dry-run 'Show what would be written and removed, and do nothing'
            cand --no-optimize 'Keep every step, even where tables could be created in their final form at once'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;inspectdb'= {
            cand --database-url 'The database, instead of DATABASE_URL'
            cand --output 'Write a file for each table into DIR, never over one that was edited'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --dry-run 'Show what would be written, and write nothing'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;init'= {
            cand --database 'The databases that migrations are written for, separated by commas; those of Cargo.toml if none is named'
            cand --migrations 'The folder of the migrations [default: migrations]'
            cand --database-url 'A database that has the tables already: they are recorded as the first migration'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --accept 'Where that database and the entities contradict each other, follow the database'
            cand --dry-run 'Show what would be written, and write nothing'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;check'= {
            cand -t 'Only these checks; may be given more than once'
            cand --tag 'Only these checks; may be given more than once'
            cand --fail-level 'The lowest level that makes it fail'
            cand --database-url 'The database, or its server, instead of DATABASE_URL'
            cand --explain 'Explain what an id means and why it matters, or `all` of them; checks nothing'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --deploy 'Whether the site is fit for the internet: as `--tag deploy`'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;createsuperuser'= {
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --password-stdin 'Read the password from standard input'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;changepassword'= {
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --password-stdin 'Read the password from standard input'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;clearsessions'= {
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;sendtestemail'= {
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;runserver'= {
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --open 'Open the site in a browser when it is up'
            cand --poll 'Poll files for changes: for file systems that do not report them, such as network folders'
            cand --release 'Build with optimisations'
            cand --stop-first 'Stop the running version before the new one starts: for sites that cannot run twice at once. Requests wait meanwhile'
            cand --no-reload 'Leave pages as the site sends them: they do not reload themselves'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;demo'= {
            cand --port 'Where to serve it; port 0 takes a free one'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --no-serve 'Only make it'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'luthier;dockerfile'= {
            cand --bin 'The binary to run, where there are several'
            cand --base 'What the image starts from [default: the smallest that has what the program needs]'
            cand --port 'The port that the program listens on [default: 8000 for a site made by Luthier]'
            cand --output 'Where to write it; `-` prints it [default: Dockerfile]'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --check 'Only say whether what was generated is up to date: exit 1 if not'
            cand --dry-run 'Show what would be written, and write nothing'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;compose'= {
            cand --proxy 'The web server in front of the site [default: caddy]'
            cand --domain 'Where visitors find the site [default: NAME.example.com]'
            cand --output 'The folder to write to [default: the project''s]'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --redis 'Add a Redis server'
            cand --check 'Only say whether what was generated is up to date: exit 1 if not'
            cand --dry-run 'Show what would be written, and write nothing'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;kubernetes'= {
            cand --domain 'Where visitors find the site [default: NAME.example.com]'
            cand --image 'The image, without its tag [default: the project''s name]'
            cand --gateway 'The gateway that visitors come through, instead of an Ingress'
            cand --output 'The folder to write to [default: deploy/kubernetes]'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --check 'Only say whether what was generated is up to date: exit 1 if not'
            cand --dry-run 'Show what would be written, and write nothing'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;systemd'= {
            cand --domain 'Where visitors find the site [default: NAME.example.com]'
            cand --output 'The folder to write to [default: deploy/server]'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --check 'Only say whether what was generated is up to date: exit 1 if not'
            cand --dry-run 'Show what would be written, and write nothing'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;requirements'= {
            cand --format 'How to write the list [default: table, or json with --json; on a pipe, txt in Python projects]'
            cand --target 'The platform: a triple, or `all` [default: this one]'
            cand --bin 'The binary in the image, whose system packages are listed too, where there are several'
            cand --output 'Write it to FILE [default: print it]'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand --all 'Include what only dependencies depend on'
            cand --dev 'Include what only tests need'
            cand --hashes 'With --format txt in Python projects: the hashes that pip checks'
            cand --check 'Check all dependencies against the rules, and FILE against the list: exit 1 if one fails'
            cand --dry-run 'Show what would be written to FILE, and write nothing'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'luthier;completions'= {
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --db 'Work on the database NAME of `[databases]` in luthier.toml'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
            cand -q 'Say only what matters'
            cand --quiet 'Say only what matters'
            cand -v 'Say more; repeat for even more'
            cand --verbose 'Say more; repeat for even more'
            cand --no-input 'Never ask: a question that matters becomes an error'
            cand --json 'Report as JSON where the command lists or reports'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'luthier;help'= {
            cand startproject 'Make a new project'
            cand startapp 'Add an app to the project'
            cand startmodel 'Add a model to an app: its table, its API and its tests'
            cand startviews 'Add pages to a model: a list, and pages to see, add, edit and delete a row'
            cand add 'Add a feature of its pack that the project lacks'
            cand makemigrations 'Write the migration that brings the database in line with the entities'
            cand migrate 'Apply migrations to a database, or take them back'
            cand showmigrations 'List the migrations, and mark those that are applied'
            cand sqlmigrate 'Print the SQL of a migration'
            cand squashmigrations 'Fold a run of migrations into one that stands for them'
            cand inspectdb 'Print SeaORM entities for the tables of a database'
            cand init 'Adopt an existing project: find its SeaORM entities, or what serves it, and write `luthier.toml`'
            cand check 'Look for mistakes: in entities, migrations, and the SQL they run'
            cand createsuperuser 'Make a user who may do everything'
            cand changepassword 'Set a user''s password and end their sessions'
            cand clearsessions 'Delete expired sessions, links and API tokens'
            cand sendtestemail 'Send a mail, to check that EMAIL_URL is right'
            cand runserver 'Serve the project and keep it current while you work on it'
            cand demo 'Make a bookstore in one go, fill it with books, and serve it'
            cand dockerfile 'Write a Dockerfile that fits this project, made by Luthier or not'
            cand compose 'Write the Compose files of this site: database, migrations, proxy'
            cand kubernetes 'Write the Kubernetes manifests of this site: a kustomize base with overlays'
            cand systemd 'Write a systemd service with its socket and an nginx site, for a server without containers'
            cand requirements 'List what this project depends on: versions, licences, sources, checksums'
            cand completions 'Print the completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'luthier;help;startproject'= {
        }
        &'luthier;help;startapp'= {
        }
        &'luthier;help;startmodel'= {
        }
        &'luthier;help;startviews'= {
        }
        &'luthier;help;add'= {
        }
        &'luthier;help;makemigrations'= {
        }
        &'luthier;help;migrate'= {
        }
        &'luthier;help;showmigrations'= {
        }
        &'luthier;help;sqlmigrate'= {
        }
        &'luthier;help;squashmigrations'= {
        }
        &'luthier;help;inspectdb'= {
        }
        &'luthier;help;init'= {
        }
        &'luthier;help;check'= {
        }
        &'luthier;help;createsuperuser'= {
        }
        &'luthier;help;changepassword'= {
        }
        &'luthier;help;clearsessions'= {
        }
        &'luthier;help;sendtestemail'= {
        }
        &'luthier;help;runserver'= {
        }
        &'luthier;help;demo'= {
        }
        &'luthier;help;dockerfile'= {
        }
        &'luthier;help;compose'= {
        }
        &'luthier;help;kubernetes'= {
        }
        &'luthier;help;systemd'= {
        }
        &'luthier;help;requirements'= {
        }
        &'luthier;help;completions'= {
        }
        &'luthier;help;help'= {
        }
    ]
    $completions[$command]
}
