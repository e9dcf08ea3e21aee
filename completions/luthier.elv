
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
            cand runserver 'Serve the project and keep it current while you work on it'
            cand completions 'Print the completion script of a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'luthier;startproject'= {
            cand --scaffold 'What to make it from: a pack of Luthier''s (`web`) or a folder that holds one'
            cand --database 'Databases it can speak to, of `sqlite`, `postgres` and `mysql`; the first is for development'
            cand --set 'Answer a question of the pack; may be given several times'
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
            cand --color 'When to colour the output (`NO_COLOR` is respected)'
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
        &'luthier;runserver'= {
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
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
        &'luthier;completions'= {
            cand -C 'Work as if started in DIR'
            cand --directory 'Work as if started in DIR'
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
            cand runserver 'Serve the project and keep it current while you work on it'
            cand completions 'Print the completion script of a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'luthier;help;startproject'= {
        }
        &'luthier;help;runserver'= {
        }
        &'luthier;help;completions'= {
        }
        &'luthier;help;help'= {
        }
    ]
    $completions[$command]
}
