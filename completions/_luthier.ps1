
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'luthier' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'luthier'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'luthier' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('startproject', 'startproject', [CompletionResultType]::ParameterValue, 'Make a new project')
            [CompletionResult]::new('startapp', 'startapp', [CompletionResultType]::ParameterValue, 'Add an app to the project')
            [CompletionResult]::new('startmodel', 'startmodel', [CompletionResultType]::ParameterValue, 'Add a model to an app: its table, its API and its tests')
            [CompletionResult]::new('startviews', 'startviews', [CompletionResultType]::ParameterValue, 'Add pages to a model: a list, and pages to see, add, edit and delete a row')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a feature of its pack that the project lacks')
            [CompletionResult]::new('makemigrations', 'makemigrations', [CompletionResultType]::ParameterValue, 'Write the migration that brings the database in line with the entities')
            [CompletionResult]::new('migrate', 'migrate', [CompletionResultType]::ParameterValue, 'Apply migrations to a database, or take them back')
            [CompletionResult]::new('showmigrations', 'showmigrations', [CompletionResultType]::ParameterValue, 'List the migrations, and mark those that are applied')
            [CompletionResult]::new('sqlmigrate', 'sqlmigrate', [CompletionResultType]::ParameterValue, 'Print the SQL of a migration')
            [CompletionResult]::new('squashmigrations', 'squashmigrations', [CompletionResultType]::ParameterValue, 'Fold a run of migrations into one that stands for them')
            [CompletionResult]::new('inspectdb', 'inspectdb', [CompletionResultType]::ParameterValue, 'Print SeaORM entities for the tables of a database')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Adopt an existing project: find its SeaORM entities, or what serves it, and write `luthier.toml`')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Look for mistakes: in entities, migrations, and the SQL they run')
            [CompletionResult]::new('createsuperuser', 'createsuperuser', [CompletionResultType]::ParameterValue, 'Make a user who may do everything')
            [CompletionResult]::new('changepassword', 'changepassword', [CompletionResultType]::ParameterValue, 'Set a user''s password and end their sessions')
            [CompletionResult]::new('clearsessions', 'clearsessions', [CompletionResultType]::ParameterValue, 'Delete expired sessions, links and API tokens')
            [CompletionResult]::new('sendtestemail', 'sendtestemail', [CompletionResultType]::ParameterValue, 'Send a mail, to check that EMAIL_URL is right')
            [CompletionResult]::new('runserver', 'runserver', [CompletionResultType]::ParameterValue, 'Serve the project and keep it current while you work on it')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Make a bookstore in one go, fill it with books, and serve it')
            [CompletionResult]::new('dockerfile', 'dockerfile', [CompletionResultType]::ParameterValue, 'Write a Dockerfile that fits this project, made by Luthier or not')
            [CompletionResult]::new('compose', 'compose', [CompletionResultType]::ParameterValue, 'Write the Compose files of this site: database, migrations, proxy')
            [CompletionResult]::new('kubernetes', 'kubernetes', [CompletionResultType]::ParameterValue, 'Write the Kubernetes manifests of this site: a kustomize base with overlays')
            [CompletionResult]::new('systemd', 'systemd', [CompletionResultType]::ParameterValue, 'Write a systemd service with its socket and an nginx site, for a server without containers')
            [CompletionResult]::new('requirements', 'requirements', [CompletionResultType]::ParameterValue, 'List what this project depends on: versions, licences, sources, checksums')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'luthier;startproject' {
            [CompletionResult]::new('--scaffold', '--scaffold', [CompletionResultType]::ParameterName, 'What to make it from: a pack of Luthier''s (see --list) or a folder that holds one')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Databases it can speak to, of `sqlite`, `postgres` and `mysql`; the first is for development')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Answer a question of the pack, or leave a feature out (`accounts=false`); may be given several times')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List the packs that come with Luthier, and make nothing')
            [CompletionResult]::new('--no-git', '--no-git', [CompletionResultType]::ParameterName, 'Make no git repository')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'luthier;startapp' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'luthier;startmodel' {
            [CompletionResult]::new('--access', '--access', [CompletionResultType]::ParameterName, 'Who may use the API [default: read-only, or public in a project without accounts]')
            [CompletionResult]::new('--route', '--route', [CompletionResultType]::ParameterName, 'Where the API is under /api [default: the plural of the model]')
            [CompletionResult]::new('--pk', '--pk', [CompletionResultType]::ParameterName, 'The type of the primary key')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--no-api', '--no-api', [CompletionResultType]::ParameterName, 'Make no API: only the table')
            [CompletionResult]::new('--no-admin', '--no-admin', [CompletionResultType]::ParameterName, 'Do not register it in the admin; a model without an API is not there anyway')
            [CompletionResult]::new('--pages', '--pages', [CompletionResultType]::ParameterName, 'Also make pages: a list, and pages to see, add, edit and delete a row')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;startviews' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;add' {
            [CompletionResult]::new('--user-model', '--user-model', [CompletionResultType]::ParameterName, 'Use this model of the project for the users of `accounts`, instead of a new one')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List the features, and whether the project has them')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;makemigrations' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Its name, after the timestamp: `add_isbn`')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Its name, after the timestamp: `add_isbn`')
            [CompletionResult]::new('--rename', '--rename', [CompletionResultType]::ParameterName, 'A column was renamed')
            [CompletionResult]::new('--rename-table', '--rename-table', [CompletionResultType]::ParameterName, 'A table was renamed')
            [CompletionResult]::new('--rename-value', '--rename-value', [CompletionResultType]::ParameterName, 'A value of an enum was renamed')
            [CompletionResult]::new('--default', '--default', [CompletionResultType]::ParameterName, 'SQL for the value in existing rows, where a column becomes required')
            [CompletionResult]::new('--accept-loss', '--accept-loss', [CompletionResultType]::ParameterName, 'Values may change with the type of this column: rounded, cut, or folded together; or, on every database, this index, trigger, check, … made by hand may go with what is dropped or changed')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Only say whether a migration is missing: exit 1 if so')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be written, and write nothing')
            [CompletionResult]::new('--empty', '--empty', [CompletionResultType]::ParameterName, 'Write a migration without changes, to be filled in by hand')
            [CompletionResult]::new('--merge', '--merge', [CompletionResultType]::ParameterName, 'Merge branches that change the same tables')
            [CompletionResult]::new('--allow-drop', '--allow-drop', [CompletionResultType]::ParameterName, 'Allow tables and columns to be dropped with all that they hold')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;migrate' {
            [CompletionResult]::new('--accept-loss', '--accept-loss', [CompletionResultType]::ParameterName, 'Go on although this would be lost, as the refusal names it: a hand-made index, trigger, check, …')
            [CompletionResult]::new('--database-url', '--database-url', [CompletionResultType]::ParameterName, 'The database, instead of DATABASE_URL')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--plan', '--plan', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Only say whether something would be done: exit 1 if so')
            [CompletionResult]::new('--fake', '--fake', [CompletionResultType]::ParameterName, 'Record as done without doing it: the schema is there already')
            [CompletionResult]::new('--fake-initial', '--fake-initial', [CompletionResultType]::ParameterName, 'Record a first migration as done if its tables are there already, and are what it makes')
            [CompletionResult]::new('--recreate-views', '--recreate-views', [CompletionResultType]::ParameterName, 'Create the views that a change breaks or that stand in its way again: PostgreSQL in the same transaction, MySQL by the new names right after it')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'luthier;showmigrations' {
            [CompletionResult]::new('--database-url', '--database-url', [CompletionResultType]::ParameterName, 'The database, instead of DATABASE_URL')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'luthier;sqlmigrate' {
            [CompletionResult]::new('--dialect', '--dialect', [CompletionResultType]::ParameterName, 'For this database [default: the project''s first]')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--backwards', '--backwards', [CompletionResultType]::ParameterName, 'Print the SQL that takes it back')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;squashmigrations' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Its name, after the timestamp')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Its name, after the timestamp')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be written and removed, and do nothing')
            [CompletionResult]::new('--no-optimize', '--no-optimize', [CompletionResultType]::ParameterName, 'Keep every step, even where tables could be created in their final form at once')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;inspectdb' {
            [CompletionResult]::new('--database-url', '--database-url', [CompletionResultType]::ParameterName, 'The database, instead of DATABASE_URL')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write a file for each table into DIR, never over one that was edited')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be written, and write nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;init' {
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The databases that migrations are written for, separated by commas; those of Cargo.toml if none is named')
            [CompletionResult]::new('--migrations', '--migrations', [CompletionResultType]::ParameterName, 'The folder of the migrations [default: migrations]')
            [CompletionResult]::new('--database-url', '--database-url', [CompletionResultType]::ParameterName, 'A database that has the tables already: they are recorded as the first migration')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--accept', '--accept', [CompletionResultType]::ParameterName, 'Where that database and the entities contradict each other, follow the database')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be written, and write nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;check' {
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Only these checks; may be given more than once')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Only these checks; may be given more than once')
            [CompletionResult]::new('--fail-level', '--fail-level', [CompletionResultType]::ParameterName, 'The lowest level that makes it fail')
            [CompletionResult]::new('--database-url', '--database-url', [CompletionResultType]::ParameterName, 'The database, or its server, instead of DATABASE_URL')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Explain what an id means and why it matters, or `all` of them; checks nothing')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--deploy', '--deploy', [CompletionResultType]::ParameterName, 'Whether the site is fit for the internet: as `--tag deploy`')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;createsuperuser' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;changepassword' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;clearsessions' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;sendtestemail' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;runserver' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--open', '--open', [CompletionResultType]::ParameterName, 'Open the site in a browser when it is up')
            [CompletionResult]::new('--poll', '--poll', [CompletionResultType]::ParameterName, 'Poll files for changes: for file systems that do not report them, such as network folders')
            [CompletionResult]::new('--release', '--release', [CompletionResultType]::ParameterName, 'Build with optimisations')
            [CompletionResult]::new('--stop-first', '--stop-first', [CompletionResultType]::ParameterName, 'Stop the running version before the new one starts: for sites that cannot run twice at once. Requests wait meanwhile')
            [CompletionResult]::new('--no-reload', '--no-reload', [CompletionResultType]::ParameterName, 'Leave pages as the site sends them: they do not reload themselves')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;demo' {
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Where to serve it; port 0 takes a free one')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--no-serve', '--no-serve', [CompletionResultType]::ParameterName, 'Only make it')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'luthier;dockerfile' {
            [CompletionResult]::new('--bin', '--bin', [CompletionResultType]::ParameterName, 'The binary to run, where there are several')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'What the image starts from [default: the smallest that has what the program needs]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port that the program listens on [default: 8000 for a site made by Luthier]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Where to write it; `-` prints it [default: Dockerfile]')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Only say whether what was generated is up to date: exit 1 if not')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be written, and write nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;compose' {
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'The web server in front of the site [default: caddy]')
            [CompletionResult]::new('--domain', '--domain', [CompletionResultType]::ParameterName, 'Where visitors find the site [default: NAME.example.com]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The folder to write to [default: the project''s]')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--redis', '--redis', [CompletionResultType]::ParameterName, 'Add a Redis server')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Only say whether what was generated is up to date: exit 1 if not')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be written, and write nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;kubernetes' {
            [CompletionResult]::new('--domain', '--domain', [CompletionResultType]::ParameterName, 'Where visitors find the site [default: NAME.example.com]')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'The image, without its tag [default: the project''s name]')
            [CompletionResult]::new('--gateway', '--gateway', [CompletionResultType]::ParameterName, 'The gateway that visitors come through, instead of an Ingress')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The folder to write to [default: deploy/kubernetes]')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Only say whether what was generated is up to date: exit 1 if not')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be written, and write nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;systemd' {
            [CompletionResult]::new('--domain', '--domain', [CompletionResultType]::ParameterName, 'Where visitors find the site [default: NAME.example.com]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The folder to write to [default: deploy/server]')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Only say whether what was generated is up to date: exit 1 if not')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be written, and write nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;requirements' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write the list [default: table, or json with --json; on a pipe, txt in Python projects]')
            [CompletionResult]::new('--target', '--target', [CompletionResultType]::ParameterName, 'The platform: a triple, or `all` [default: this one]')
            [CompletionResult]::new('--bin', '--bin', [CompletionResultType]::ParameterName, 'The binary in the image, whose system packages are listed too, where there are several')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write it to FILE [default: print it]')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Include what only dependencies depend on')
            [CompletionResult]::new('--dev', '--dev', [CompletionResultType]::ParameterName, 'Include what only tests need')
            [CompletionResult]::new('--hashes', '--hashes', [CompletionResultType]::ParameterName, 'With --format txt in Python projects: the hashes that pip checks')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Check all dependencies against the rules, and FILE against the list: exit 1 if one fails')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be written to FILE, and write nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'luthier;completions' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Work as if started in DIR')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Work on the database NAME of `[databases]` in luthier.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour the output (`NO_COLOR` is respected)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what matters')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; repeat for even more')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: a question that matters becomes an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Report as JSON where the command lists or reports')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'luthier;help' {
            [CompletionResult]::new('startproject', 'startproject', [CompletionResultType]::ParameterValue, 'Make a new project')
            [CompletionResult]::new('startapp', 'startapp', [CompletionResultType]::ParameterValue, 'Add an app to the project')
            [CompletionResult]::new('startmodel', 'startmodel', [CompletionResultType]::ParameterValue, 'Add a model to an app: its table, its API and its tests')
            [CompletionResult]::new('startviews', 'startviews', [CompletionResultType]::ParameterValue, 'Add pages to a model: a list, and pages to see, add, edit and delete a row')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a feature of its pack that the project lacks')
            [CompletionResult]::new('makemigrations', 'makemigrations', [CompletionResultType]::ParameterValue, 'Write the migration that brings the database in line with the entities')
            [CompletionResult]::new('migrate', 'migrate', [CompletionResultType]::ParameterValue, 'Apply migrations to a database, or take them back')
            [CompletionResult]::new('showmigrations', 'showmigrations', [CompletionResultType]::ParameterValue, 'List the migrations, and mark those that are applied')
            [CompletionResult]::new('sqlmigrate', 'sqlmigrate', [CompletionResultType]::ParameterValue, 'Print the SQL of a migration')
            [CompletionResult]::new('squashmigrations', 'squashmigrations', [CompletionResultType]::ParameterValue, 'Fold a run of migrations into one that stands for them')
            [CompletionResult]::new('inspectdb', 'inspectdb', [CompletionResultType]::ParameterValue, 'Print SeaORM entities for the tables of a database')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Adopt an existing project: find its SeaORM entities, or what serves it, and write `luthier.toml`')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Look for mistakes: in entities, migrations, and the SQL they run')
            [CompletionResult]::new('createsuperuser', 'createsuperuser', [CompletionResultType]::ParameterValue, 'Make a user who may do everything')
            [CompletionResult]::new('changepassword', 'changepassword', [CompletionResultType]::ParameterValue, 'Set a user''s password and end their sessions')
            [CompletionResult]::new('clearsessions', 'clearsessions', [CompletionResultType]::ParameterValue, 'Delete expired sessions, links and API tokens')
            [CompletionResult]::new('sendtestemail', 'sendtestemail', [CompletionResultType]::ParameterValue, 'Send a mail, to check that EMAIL_URL is right')
            [CompletionResult]::new('runserver', 'runserver', [CompletionResultType]::ParameterValue, 'Serve the project and keep it current while you work on it')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Make a bookstore in one go, fill it with books, and serve it')
            [CompletionResult]::new('dockerfile', 'dockerfile', [CompletionResultType]::ParameterValue, 'Write a Dockerfile that fits this project, made by Luthier or not')
            [CompletionResult]::new('compose', 'compose', [CompletionResultType]::ParameterValue, 'Write the Compose files of this site: database, migrations, proxy')
            [CompletionResult]::new('kubernetes', 'kubernetes', [CompletionResultType]::ParameterValue, 'Write the Kubernetes manifests of this site: a kustomize base with overlays')
            [CompletionResult]::new('systemd', 'systemd', [CompletionResultType]::ParameterValue, 'Write a systemd service with its socket and an nginx site, for a server without containers')
            [CompletionResult]::new('requirements', 'requirements', [CompletionResultType]::ParameterValue, 'List what this project depends on: versions, licences, sources, checksums')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'luthier;help;startproject' {
            break
        }
        'luthier;help;startapp' {
            break
        }
        'luthier;help;startmodel' {
            break
        }
        'luthier;help;startviews' {
            break
        }
        'luthier;help;add' {
            break
        }
        'luthier;help;makemigrations' {
            break
        }
        'luthier;help;migrate' {
            break
        }
        'luthier;help;showmigrations' {
            break
        }
        'luthier;help;sqlmigrate' {
            break
        }
        'luthier;help;squashmigrations' {
            break
        }
        'luthier;help;inspectdb' {
            break
        }
        'luthier;help;init' {
            break
        }
        'luthier;help;check' {
            break
        }
        'luthier;help;createsuperuser' {
            break
        }
        'luthier;help;changepassword' {
            break
        }
        'luthier;help;clearsessions' {
            break
        }
        'luthier;help;sendtestemail' {
            break
        }
        'luthier;help;runserver' {
            break
        }
        'luthier;help;demo' {
            break
        }
        'luthier;help;dockerfile' {
            break
        }
        'luthier;help;compose' {
            break
        }
        'luthier;help;kubernetes' {
            break
        }
        'luthier;help;systemd' {
            break
        }
        'luthier;help;requirements' {
            break
        }
        'luthier;help;completions' {
            break
        }
        'luthier;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
