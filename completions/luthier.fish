# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_luthier_global_optspecs
    string join \n C/directory= db= q/quiet v/verbose color= no-input json h/help V/version
end

function __fish_luthier_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_luthier_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_luthier_using_subcommand
    set -l cmd (__fish_luthier_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c luthier -n "__fish_luthier_needs_command" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_needs_command" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_needs_command" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_needs_command" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_needs_command" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_needs_command" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_needs_command" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_needs_command" -s h -l help -d 'Print help'
complete -c luthier -n "__fish_luthier_needs_command" -s V -l version -d 'Print version'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "startproject" -d 'Make a new project'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "startapp" -d 'Add an app to the project'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "startmodel" -d 'Add a model to an app: its table, its API and its tests'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "startviews" -d 'Add pages to a model: a list, and pages to see, add, edit and delete a row'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "add" -d 'Add a feature of its pack that the project lacks'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "makemigrations" -d 'Write the migration that brings the database in line with the entities'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "migrate" -d 'Apply migrations to a database, or take them back'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "showmigrations" -d 'List the migrations, and mark those that are applied'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "sqlmigrate" -d 'Print the SQL of a migration'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "squashmigrations" -d 'Fold a run of migrations into one that stands for them'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "inspectdb" -d 'Print SeaORM entities for the tables of a database'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "init" -d 'Adopt an existing project: find its SeaORM entities, or what serves it, and write `luthier.toml`'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "check" -d 'Look for mistakes: in entities, migrations, and the SQL they run'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "createsuperuser" -d 'Make a user who may do everything'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "changepassword" -d 'Set a user\'s password and end their sessions'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "clearsessions" -d 'Delete expired sessions, links and API tokens'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "sendtestemail" -d 'Send a mail, to check that EMAIL_URL is right'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "runserver" -d 'Serve the project and keep it current while you work on it'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "demo" -d 'Make a bookstore in one go, fill it with books, and serve it'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "dockerfile" -d 'Write a Dockerfile that fits this project, made by Luthier or not'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "compose" -d 'Write the Compose files of this site: database, migrations, proxy'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "kubernetes" -d 'Write the Kubernetes manifests of this site: a kustomize base with overlays'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "systemd" -d 'Write a systemd service with its socket and an nginx site, for a server without containers'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "requirements" -d 'List what this project depends on: versions, licences, sources, checksums'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "completions" -d 'Print the completion script for a shell'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l scaffold -d 'What to make it from: a pack of Luthier\'s (see --list) or a folder that holds one' -r
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l database -d 'Databases it can speak to, of `sqlite`, `postgres` and `mysql`; the first is for development' -r -f -a "sqlite\t''
postgres\t''
mysql\t'MySQL and MariaDB'"
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l set -d 'Answer a question of the pack, or leave a feature out (`accounts=false`); may be given several times' -r
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l list -d 'List the packs that come with Luthier, and make nothing'
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l no-git -d 'Make no git repository'
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l dry-run -d 'Show what would be done, and do nothing'
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -s h -l help -d 'Print help'
complete -c luthier -n "__fish_luthier_using_subcommand startapp" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand startapp" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand startapp" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand startapp" -l dry-run -d 'Show what would be done, and do nothing'
complete -c luthier -n "__fish_luthier_using_subcommand startapp" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand startapp" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand startapp" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand startapp" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand startapp" -s h -l help -d 'Print help'
complete -c luthier -n "__fish_luthier_using_subcommand startmodel" -l access -d 'Who may use the API [default: read-only, or public in a project without accounts]' -r -f -a "public\t'Everybody reads and writes'
read-only\t'Everybody reads, users write'
authenticated\t'Users read and write'
staff\t'Staff reads and writes'
owner\t'Users read and write, each their own rows'"
complete -c luthier -n "__fish_luthier_using_subcommand startmodel" -l route -d 'Where the API is under /api [default: the plural of the model]' -r
complete -c luthier -n "__fish_luthier_using_subcommand startmodel" -l pk -d 'The type of the primary key' -r -f -a "i64\t'Counted up by the database'
uuid\t'Made by the site, ordered by time'"
complete -c luthier -n "__fish_luthier_using_subcommand startmodel" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand startmodel" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand startmodel" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand startmodel" -l no-api -d 'Make no API: only the table'
complete -c luthier -n "__fish_luthier_using_subcommand startmodel" -l no-admin -d 'Do not register it in the admin; a model without an API is not there anyway'
complete -c luthier -n "__fish_luthier_using_subcommand startmodel" -l pages -d 'Also make pages: a list, and pages to see, add, edit and delete a row'
complete -c luthier -n "__fish_luthier_using_subcommand startmodel" -l dry-run -d 'Show what would be done, and do nothing'
complete -c luthier -n "__fish_luthier_using_subcommand startmodel" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand startmodel" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand startmodel" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand startmodel" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand startmodel" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand startviews" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand startviews" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand startviews" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand startviews" -l dry-run -d 'Show what would be done, and do nothing'
complete -c luthier -n "__fish_luthier_using_subcommand startviews" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand startviews" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand startviews" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand startviews" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand startviews" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand add" -l user-model -d 'Use this model of the project for the users of `accounts`, instead of a new one' -r
complete -c luthier -n "__fish_luthier_using_subcommand add" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand add" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand add" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand add" -l list -d 'List the features, and whether the project has them'
complete -c luthier -n "__fish_luthier_using_subcommand add" -l dry-run -d 'Show what would be done, and do nothing'
complete -c luthier -n "__fish_luthier_using_subcommand add" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand add" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand add" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand add" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -s m -l name -d 'Its name, after the timestamp: `add_isbn`' -r
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -l rename -d 'A column was renamed' -r
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -l rename-table -d 'A table was renamed' -r
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -l rename-value -d 'A value of an enum was renamed' -r
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -l default -d 'SQL for the value in existing rows, where a column becomes required' -r
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -l accept-loss -d 'Values may change with the type of this column: rounded, cut, or folded together; or, on every database, this index, trigger, check, … made by hand may go with what is dropped or changed' -r
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -l check -d 'Only say whether a migration is missing: exit 1 if so'
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -l dry-run -d 'Show what would be written, and write nothing'
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -l empty -d 'Write a migration without changes, to be filled in by hand'
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -l merge -d 'Merge branches that change the same tables'
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -l allow-drop -d 'Allow tables and columns to be dropped with all that they hold'
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand makemigrations" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand migrate" -l accept-loss -d 'Go on although this would be lost, as the refusal names it: a hand-made index, trigger, check, …' -r
complete -c luthier -n "__fish_luthier_using_subcommand migrate" -l database-url -d 'The database, instead of DATABASE_URL' -r
complete -c luthier -n "__fish_luthier_using_subcommand migrate" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand migrate" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand migrate" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand migrate" -l plan -d 'Show what would be done, and do nothing'
complete -c luthier -n "__fish_luthier_using_subcommand migrate" -l check -d 'Only say whether something would be done: exit 1 if so'
complete -c luthier -n "__fish_luthier_using_subcommand migrate" -l fake -d 'Record as done without doing it: the schema is there already'
complete -c luthier -n "__fish_luthier_using_subcommand migrate" -l fake-initial -d 'Record a first migration as done if its tables are there already, and are what it makes'
complete -c luthier -n "__fish_luthier_using_subcommand migrate" -l recreate-views -d 'Create the views that a change breaks or that stand in its way again: PostgreSQL in the same transaction, MySQL by the new names right after it'
complete -c luthier -n "__fish_luthier_using_subcommand migrate" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand migrate" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand migrate" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand migrate" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand migrate" -s h -l help -d 'Print help'
complete -c luthier -n "__fish_luthier_using_subcommand showmigrations" -l database-url -d 'The database, instead of DATABASE_URL' -r
complete -c luthier -n "__fish_luthier_using_subcommand showmigrations" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand showmigrations" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand showmigrations" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand showmigrations" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand showmigrations" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand showmigrations" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand showmigrations" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand showmigrations" -s h -l help -d 'Print help'
complete -c luthier -n "__fish_luthier_using_subcommand sqlmigrate" -l dialect -d 'For this database [default: the project\'s first]' -r -f -a "sqlite\t''
postgres\t''
mysql\t'MySQL and MariaDB'"
complete -c luthier -n "__fish_luthier_using_subcommand sqlmigrate" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand sqlmigrate" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand sqlmigrate" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand sqlmigrate" -l backwards -d 'Print the SQL that takes it back'
complete -c luthier -n "__fish_luthier_using_subcommand sqlmigrate" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand sqlmigrate" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand sqlmigrate" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand sqlmigrate" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand sqlmigrate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand squashmigrations" -s m -l name -d 'Its name, after the timestamp' -r
complete -c luthier -n "__fish_luthier_using_subcommand squashmigrations" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand squashmigrations" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand squashmigrations" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand squashmigrations" -l dry-run -d 'Show what would be written and removed, and do nothing'
complete -c luthier -n "__fish_luthier_using_subcommand squashmigrations" -l no-optimize -d 'Keep every step, even where tables could be created in their final form at once'
complete -c luthier -n "__fish_luthier_using_subcommand squashmigrations" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand squashmigrations" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand squashmigrations" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand squashmigrations" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand squashmigrations" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand inspectdb" -l database-url -d 'The database, instead of DATABASE_URL' -r
complete -c luthier -n "__fish_luthier_using_subcommand inspectdb" -l output -d 'Write a file for each table into DIR, never over one that was edited' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand inspectdb" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand inspectdb" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand inspectdb" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand inspectdb" -l dry-run -d 'Show what would be written, and write nothing'
complete -c luthier -n "__fish_luthier_using_subcommand inspectdb" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand inspectdb" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand inspectdb" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand inspectdb" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand inspectdb" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand init" -l database -d 'The databases that migrations are written for, separated by commas; those of Cargo.toml if none is named' -r -f -a "sqlite\t''
postgres\t''
mysql\t'MySQL and MariaDB'"
complete -c luthier -n "__fish_luthier_using_subcommand init" -l migrations -d 'The folder of the migrations [default: migrations]' -r
complete -c luthier -n "__fish_luthier_using_subcommand init" -l database-url -d 'A database that has the tables already: they are recorded as the first migration' -r
complete -c luthier -n "__fish_luthier_using_subcommand init" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand init" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand init" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand init" -l accept -d 'Where that database and the entities contradict each other, follow the database'
complete -c luthier -n "__fish_luthier_using_subcommand init" -l dry-run -d 'Show what would be written, and write nothing'
complete -c luthier -n "__fish_luthier_using_subcommand init" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand init" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand init" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand init" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand check" -s t -l tag -d 'Only these checks; may be given more than once' -r -f -a "models\t''
migrations\t''
sql\t''
drift\t''
admin\t''
deploy\t''"
complete -c luthier -n "__fish_luthier_using_subcommand check" -l fail-level -d 'The lowest level that makes it fail' -r -f -a "info\t'Worth knowing'
warning\t'Goes wrong under circumstances that are not unusual'
error\t'Does not work, or loses data'"
complete -c luthier -n "__fish_luthier_using_subcommand check" -l database-url -d 'The database, or its server, instead of DATABASE_URL' -r
complete -c luthier -n "__fish_luthier_using_subcommand check" -l explain -d 'Explain what an id means and why it matters, or `all` of them; checks nothing' -r
complete -c luthier -n "__fish_luthier_using_subcommand check" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand check" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand check" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand check" -l deploy -d 'Whether the site is fit for the internet: as `--tag deploy`'
complete -c luthier -n "__fish_luthier_using_subcommand check" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand check" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand check" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand check" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand createsuperuser" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand createsuperuser" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand createsuperuser" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand createsuperuser" -l password-stdin -d 'Read the password from standard input'
complete -c luthier -n "__fish_luthier_using_subcommand createsuperuser" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand createsuperuser" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand createsuperuser" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand createsuperuser" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand createsuperuser" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand changepassword" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand changepassword" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand changepassword" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand changepassword" -l password-stdin -d 'Read the password from standard input'
complete -c luthier -n "__fish_luthier_using_subcommand changepassword" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand changepassword" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand changepassword" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand changepassword" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand changepassword" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand clearsessions" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand clearsessions" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand clearsessions" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand clearsessions" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand clearsessions" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand clearsessions" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand clearsessions" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand clearsessions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand sendtestemail" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand sendtestemail" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand sendtestemail" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand sendtestemail" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand sendtestemail" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand sendtestemail" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand sendtestemail" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand sendtestemail" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -l open -d 'Open the site in a browser when it is up'
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -l poll -d 'Poll files for changes: for file systems that do not report them, such as network folders'
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -l release -d 'Build with optimisations'
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -l stop-first -d 'Stop the running version before the new one starts: for sites that cannot run twice at once. Requests wait meanwhile'
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -l no-reload -d 'Leave pages as the site sends them: they do not reload themselves'
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand demo" -l port -d 'Where to serve it; port 0 takes a free one' -r
complete -c luthier -n "__fish_luthier_using_subcommand demo" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand demo" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand demo" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand demo" -l no-serve -d 'Only make it'
complete -c luthier -n "__fish_luthier_using_subcommand demo" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand demo" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand demo" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand demo" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand demo" -s h -l help -d 'Print help'
complete -c luthier -n "__fish_luthier_using_subcommand dockerfile" -l bin -d 'The binary to run, where there are several' -r
complete -c luthier -n "__fish_luthier_using_subcommand dockerfile" -l base -d 'What the image starts from [default: the smallest that has what the program needs]' -r -f -a "scratch\t'Nothing: the program is linked statically'
distroless\t'The C library and OpenSSL, without a shell'
debian\t'Debian, with packages of its own where the program needs them'"
complete -c luthier -n "__fish_luthier_using_subcommand dockerfile" -l port -d 'The port that the program listens on [default: 8000 for a site made by Luthier]' -r
complete -c luthier -n "__fish_luthier_using_subcommand dockerfile" -l output -d 'Where to write it; `-` prints it [default: Dockerfile]' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand dockerfile" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand dockerfile" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand dockerfile" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand dockerfile" -l check -d 'Only say whether what was generated is up to date: exit 1 if not'
complete -c luthier -n "__fish_luthier_using_subcommand dockerfile" -l dry-run -d 'Show what would be written, and write nothing'
complete -c luthier -n "__fish_luthier_using_subcommand dockerfile" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand dockerfile" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand dockerfile" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand dockerfile" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand dockerfile" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand compose" -l proxy -d 'The web server in front of the site [default: caddy]' -r -f -a "caddy\t'Gets its certificates by itself'
nginx\t'With certificates of yours'
none\t'None: something else ends TLS'"
complete -c luthier -n "__fish_luthier_using_subcommand compose" -l domain -d 'Where visitors find the site [default: NAME.example.com]' -r
complete -c luthier -n "__fish_luthier_using_subcommand compose" -l output -d 'The folder to write to [default: the project\'s]' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand compose" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand compose" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand compose" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand compose" -l redis -d 'Add a Redis server'
complete -c luthier -n "__fish_luthier_using_subcommand compose" -l check -d 'Only say whether what was generated is up to date: exit 1 if not'
complete -c luthier -n "__fish_luthier_using_subcommand compose" -l dry-run -d 'Show what would be written, and write nothing'
complete -c luthier -n "__fish_luthier_using_subcommand compose" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand compose" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand compose" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand compose" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand compose" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand kubernetes" -l domain -d 'Where visitors find the site [default: NAME.example.com]' -r
complete -c luthier -n "__fish_luthier_using_subcommand kubernetes" -l image -d 'The image, without its tag [default: the project\'s name]' -r
complete -c luthier -n "__fish_luthier_using_subcommand kubernetes" -l gateway -d 'The gateway that visitors come through, instead of an Ingress' -r
complete -c luthier -n "__fish_luthier_using_subcommand kubernetes" -l output -d 'The folder to write to [default: deploy/kubernetes]' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand kubernetes" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand kubernetes" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand kubernetes" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand kubernetes" -l check -d 'Only say whether what was generated is up to date: exit 1 if not'
complete -c luthier -n "__fish_luthier_using_subcommand kubernetes" -l dry-run -d 'Show what would be written, and write nothing'
complete -c luthier -n "__fish_luthier_using_subcommand kubernetes" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand kubernetes" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand kubernetes" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand kubernetes" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand kubernetes" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand systemd" -l domain -d 'Where visitors find the site [default: NAME.example.com]' -r
complete -c luthier -n "__fish_luthier_using_subcommand systemd" -l output -d 'The folder to write to [default: deploy/server]' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand systemd" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand systemd" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand systemd" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand systemd" -l check -d 'Only say whether what was generated is up to date: exit 1 if not'
complete -c luthier -n "__fish_luthier_using_subcommand systemd" -l dry-run -d 'Show what would be written, and write nothing'
complete -c luthier -n "__fish_luthier_using_subcommand systemd" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand systemd" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand systemd" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand systemd" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand systemd" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -l format -d 'How to write the list [default: table, or json with --json; on a pipe, txt in Python projects]' -r -f -a "table\t'Columns, for people'
txt\t'`name==version --hash=sha256:… # licence`, one a line'
json\t'All that is known, for programs'
cyclonedx\t'A CycloneDX 1.6 bill of materials, as JSON'
spdx\t'An SPDX 2.3 document, as JSON'"
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -l target -d 'The platform: a triple, or `all` [default: this one]' -r
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -l bin -d 'The binary in the image, whose system packages are listed too, where there are several' -r
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -l output -d 'Write it to FILE [default: print it]' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -l all -d 'Include what only dependencies depend on'
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -l dev -d 'Include what only tests need'
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -l hashes -d 'With --format txt in Python projects: the hashes that pip checks'
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -l check -d 'Check all dependencies against the rules, and FILE against the list: exit 1 if one fails'
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -l dry-run -d 'Show what would be written to FILE, and write nothing'
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand requirements" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c luthier -n "__fish_luthier_using_subcommand completions" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand completions" -l db -d 'Work on the database NAME of `[databases]` in luthier.toml' -r
complete -c luthier -n "__fish_luthier_using_subcommand completions" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand completions" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand completions" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand completions" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand completions" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand completions" -s h -l help -d 'Print help'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "startproject" -d 'Make a new project'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "startapp" -d 'Add an app to the project'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "startmodel" -d 'Add a model to an app: its table, its API and its tests'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "startviews" -d 'Add pages to a model: a list, and pages to see, add, edit and delete a row'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "add" -d 'Add a feature of its pack that the project lacks'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "makemigrations" -d 'Write the migration that brings the database in line with the entities'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "migrate" -d 'Apply migrations to a database, or take them back'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "showmigrations" -d 'List the migrations, and mark those that are applied'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "sqlmigrate" -d 'Print the SQL of a migration'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "squashmigrations" -d 'Fold a run of migrations into one that stands for them'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "inspectdb" -d 'Print SeaORM entities for the tables of a database'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "init" -d 'Adopt an existing project: find its SeaORM entities, or what serves it, and write `luthier.toml`'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "check" -d 'Look for mistakes: in entities, migrations, and the SQL they run'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "createsuperuser" -d 'Make a user who may do everything'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "changepassword" -d 'Set a user\'s password and end their sessions'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "clearsessions" -d 'Delete expired sessions, links and API tokens'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "sendtestemail" -d 'Send a mail, to check that EMAIL_URL is right'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "runserver" -d 'Serve the project and keep it current while you work on it'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "demo" -d 'Make a bookstore in one go, fill it with books, and serve it'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "dockerfile" -d 'Write a Dockerfile that fits this project, made by Luthier or not'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "compose" -d 'Write the Compose files of this site: database, migrations, proxy'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "kubernetes" -d 'Write the Kubernetes manifests of this site: a kustomize base with overlays'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "systemd" -d 'Write a systemd service with its socket and an nginx site, for a server without containers'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "requirements" -d 'List what this project depends on: versions, licences, sources, checksums'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "completions" -d 'Print the completion script for a shell'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject startapp startmodel startviews add makemigrations migrate showmigrations sqlmigrate squashmigrations inspectdb init check createsuperuser changepassword clearsessions sendtestemail runserver demo dockerfile compose kubernetes systemd requirements completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
