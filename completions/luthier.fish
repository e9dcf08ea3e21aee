# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_luthier_global_optspecs
    string join \n C/directory= q/quiet v/verbose color= no-input json h/help V/version
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
complete -c luthier -n "__fish_luthier_needs_command" -f -a "runserver" -d 'Serve the project and keep it current while you work on it'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c luthier -n "__fish_luthier_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l scaffold -d 'What to make it from: a pack of Luthier\'s (`web`) or a folder that holds one' -r
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l database -d 'Databases it can speak to, of `sqlite`, `postgres` and `mysql`; the first is for development' -r -f -a "sqlite\t''
postgres\t''
mysql\t'MySQL and MariaDB'"
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l set -d 'Answer a question of the pack; may be given several times' -r
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l no-git -d 'Make no git repository'
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l dry-run -d 'Show what would be done, and do nothing'
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand startproject" -s h -l help -d 'Print help'
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand runserver" -s h -l help -d 'Print help'
complete -c luthier -n "__fish_luthier_using_subcommand completions" -s C -l directory -d 'Work as if started in DIR' -r -F
complete -c luthier -n "__fish_luthier_using_subcommand completions" -l color -d 'When to colour the output (`NO_COLOR` is respected)' -r -f -a "auto\t''
always\t''
never\t''"
complete -c luthier -n "__fish_luthier_using_subcommand completions" -s q -l quiet -d 'Say only what matters'
complete -c luthier -n "__fish_luthier_using_subcommand completions" -s v -l verbose -d 'Say more; repeat for even more'
complete -c luthier -n "__fish_luthier_using_subcommand completions" -l no-input -d 'Never ask: a question that matters becomes an error'
complete -c luthier -n "__fish_luthier_using_subcommand completions" -l json -d 'Report as JSON where the command lists or reports'
complete -c luthier -n "__fish_luthier_using_subcommand completions" -s h -l help -d 'Print help'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject runserver completions help" -f -a "startproject" -d 'Make a new project'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject runserver completions help" -f -a "runserver" -d 'Serve the project and keep it current while you work on it'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject runserver completions help" -f -a "completions" -d 'Print the completion script of a shell'
complete -c luthier -n "__fish_luthier_using_subcommand help; and not __fish_seen_subcommand_from startproject runserver completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
