# bash completion for bantam

_bantam_option_value()
{
    case $1 in
    --format | -f) COMPREPLY=($(compgen -W 'text json ndjson github markdown gitlab sarif junit' -- "$2")) ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$2")) ;;
    --redact) COMPREPLY=($(compgen -W 'secrets emails none' -- "$2")) ;;
    --model)
        compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -f -X '!*.safetensors' -- "$2") $(compgen -d -- "$2"))
        ;;
    --lines | -n | --max-findings | -m | --context | -C | --threads | -j) COMPREPLY=() ;;
    *) return 1 ;;
    esac
}

_bantam_triage()
{
    local options='--format --lines --max-findings --context --all --model --redact --threads --color --quiet --help'
    case $2 in
    -*) COMPREPLY=($(compgen -W "$options" -- "$2")) ;;
    *)
        compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -f -- "$2"))
        ;;
    esac
}

_bantam_run()
{
    case $1 in
    --budget | -b) COMPREPLY=() ;;
    --redact) COMPREPLY=($(compgen -W 'secrets emails none' -- "$2")) ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$2")) ;;
    *)
        case $2 in
        -*) COMPREPLY=($(compgen -W '--budget --log --quiet --redact --color --help' -- "$2")) ;;
        *)
            compopt -o filenames 2>/dev/null
            COMPREPLY=($(compgen -c -- "$2") $(compgen -f -- "$2"))
            ;;
        esac
        ;;
    esac
}

_bantam_add()
{
    case $1 in
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$2")) ;;
    --model | -m)
        compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -W "$(bantam add --list 2>/dev/null | cut -d' ' -f1)" -- "$2")
            $(compgen -f -X '!*.safetensors' -- "$2") $(compgen -d -- "$2"))
        ;;
    *)
        case $2 in
        -*) COMPREPLY=($(compgen -W '--model --trace --check --prove --list --color --help' -- "$2")) ;;
        esac
        ;;
    esac
}

_bantam_train()
{
    case $1 in
    --data | -d) COMPREPLY=($(compgen -d -- "$2")) ;;
    --folds | --threads | -j) COMPREPLY=() ;;
    *)
        case $2 in
        -*) COMPREPLY=($(compgen -W '--data --output --folds --threads --quiet --help' -- "$2")) ;;
        *)
            compopt -o filenames 2>/dev/null
            COMPREPLY=($(compgen -f -- "$2"))
            ;;
        esac
        ;;
    esac
}

_bantam()
{
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local commands='triage run show add train help'
    COMPREPLY=()
    if [ "$current" = = ]; then # "--format=": the word breaks at '='
        current=
    elif [ "$previous" = = ]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "$commands --help --version" -- "$current"))
    elif [ "${COMP_WORDS[1]}" = help ]; then
        COMPREPLY=($(compgen -W 'triage run show add train' -- "$current"))
    elif [ "${COMP_WORDS[1]}" = triage ]; then
        _bantam_option_value "$previous" "$current" || _bantam_triage "$previous" "$current"
    elif [ "${COMP_WORDS[1]}" = run ]; then
        _bantam_run "$previous" "$current"
    elif [ "${COMP_WORDS[1]}" = add ]; then
        _bantam_add "$previous" "$current"
    elif [ "${COMP_WORDS[1]}" = train ]; then
        _bantam_train "$previous" "$current"
    else
        compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -f -- "$current"))
    fi
}

complete -F _bantam bantam
